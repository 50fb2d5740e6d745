using System.CommandLine;
using System.Globalization;
using Mach.Server.Hosting;
using Mach.Store;
using Mach.Store.Sealing;

namespace Mach.Server.Commands;

/// <summary>The commands of <c>mach keys</c> about the keys that the record is sealed with. All of it works beside a hub that serves.</summary>
internal static class RecordKeys
{
    public static IReadOnlyList<Command> Commands() =>
    [
        Sub("list-data", "Name the data keys and the keys of the vault that wrap them.", static async (store, vault, ct) =>
        {
            var keys = await store.DataKeysAsync(ct);
            Console.WriteLine($"vault {vault.Name}");
            foreach (var key in keys)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"data key {key.Number}  made {key.Made:yyyy-MM-dd HH:mm} UTC  wrapped by {key.VaultKey}{(key.Seals ? "  seals" : "")}"));
            }

            return keys.Count > 0 ? "" : "no data keys: what is stored is not sealed. mach keys rotate-data begins.";
        }),
        Sub("rotate-data", "Make a new data key and bring everything that is stored under it. May be interrupted: the hub, or `mach keys resume-data`, goes on.", static async (store, vault, ct) =>
        {
            var number = await store.RotateDataKeyAsync(ct);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"data key {number} seals whatever is written from now on"));
            return await MoveAsync(store, ct);
        }),
        Sub("resume-data", "Go on with an interrupted rotation.", static (store, vault, ct) => MoveAsync(store, ct)),
        Sub("rotate-vault", "Make a new key in the vault and wrap the data keys with it. Nothing that is stored changes.", static async (store, vault, ct) =>
        {
            var key = vault.MakeKey();
            var count = await store.RewrapDataKeysAsync(ct);
            return string.Create(CultureInfo.InvariantCulture, $"{count} data keys wrapped by {key}. Earlier keys of the vault are needed by older backups alone.");
        }),
    ];

    private static async Task<string> MoveAsync(RecordStore store, CancellationToken ct)
    {
        var line = new ProgressLine(Console.Error);
        while (await store.SealStepAsync(SealingService.Tables, ct) is var (name, done, total))
        {
            line.Show(name, done, total);
        }

        line.End();
        return "everything stored lies under the newest data key";
    }

    private static Command Sub(string name, string description, Func<RecordStore, IKeyVault, CancellationToken, Task<string>> run)
    {
        var (data, engine, connection) = (SharedOptions.Data(), SharedOptions.Engine(), SharedOptions.Connection());
        var command = new Command(name, description) { data, engine, connection };
        command.SetAction((parsed, ct) => SharedOptions.Guard(async () =>
        {
            var options = SharedOptions.Read(parsed.GetValue(data)!, parsed.GetValue(engine)!, parsed.GetValue(connection), "", demonstration: false);
            await using var store = await Hub.OpenStoreAsync(options, ct);
            try
            {
                Console.WriteLine(await run(store, VaultSettings.Open(options), ct));
            }
            catch (KeyVaultException e)
            {
                throw new HubException(e.Message);
            }

            return 0;
        }));
        return command;
    }
}
