using System.CommandLine;
using System.Globalization;
using Mach.Access.Keys;

namespace Mach.Server.Commands;

/// <summary><c>mach keys list</c> and <c>mach keys rotate</c>: the keys with which the hub signs. A running hub sees the change at its next signature.</summary>
internal static class KeysCommand
{
    public static Command Build()
    {
        var data = SharedOptions.Data();
        var list = new Command("list", "Say which signing keys there are.") { data };
        list.SetAction((parsed, _) => SharedOptions.Guard(async () =>
        {
            using var keys = Open(parsed.GetValue(data)!);
            foreach (var key in keys.List())
            {
                await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{key.Id}  {key.State,-9}  since {key.Since:yyyy-MM-dd HH:mm}Z  made {key.Made:yyyy-MM-dd HH:mm}Z"));
            }

            return 0;
        }));

        var withdraw = new Option<bool>("--withdraw") { Description = "The key that signed until now counts no more, nor what it signed: when somebody else may have it." };
        var rotate = new Command("rotate", "Sign with the next key from now on.") { data, withdraw };
        rotate.SetAction((parsed, _) => SharedOptions.Guard(async () =>
        {
            using var keys = Open(parsed.GetValue(data)!);
            await Console.Out.WriteLineAsync($"The key that signs now is {keys.Rotate(parsed.GetValue(withdraw)).Id}.");
            return 0;
        }));
        var keys = new Command("keys", "Keys of the hub: list and rotate are about those that it signs with, the others about those that the record is sealed with.") { list, rotate };
        foreach (var command in RecordKeys.Commands())
        {
            keys.Subcommands.Add(command);
        }

        return keys;
    }

    private static SigningKeys Open(DirectoryInfo data) => new(Path.Combine(data.FullName, "keys"), TimeProvider.System);
}
