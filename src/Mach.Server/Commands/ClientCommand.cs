using System.CommandLine;
using Mach.Access;
using Mach.Access.Programs;
using Mach.Server.Hosting;

namespace Mach.Server.Commands;

/// <summary><c>mach client add ID --scope S</c>: a program that acts for itself with a secret, made by who runs the machine; the secret is shown once.</summary>
internal static class ClientCommand
{
    public static Command Build()
    {
        var (data, engine, connection) = (SharedOptions.Data(), SharedOptions.Engine(), SharedOptions.Connection());
        var id = new Argument<string>("ID") { Description = "Client id." };
        var scopes = new Option<string[]>("--scope") { Description = "Such as system/*.rs or dossier.send; may be given several times.", Required = true };
        var facility = new Option<string?>("--facility") { Description = "Code of the facility for which it acts; needs a purpose." };
        var purpose = new Option<string?>("--purpose") { Description = "Why it looks: what people decided is held against it. Without one it is machinery of the house, which sees past their decisions." };
        purpose.AcceptOnlyFromAmong([.. ClientPurposes.All]);
        var add = new Command("add", "Make a program, or give one that is there a new secret and other rights.") { id, scopes, facility, purpose, data, engine, connection };
        add.SetAction((parsed, ct) => SharedOptions.Guard(async () =>
        {
            var options = SharedOptions.Read(parsed.GetValue(data)!, parsed.GetValue(engine)!, parsed.GetValue(connection), "http://127.0.0.1:0", demonstration: false);
            var store = await Hub.OpenStoreAsync(options, ct);
            await using var app = Hub.Build(options, store);
            var secret = Accounts.NewSecret();
            try
            {
                await app.Services.GetRequiredService<Accounts>().EnsureClientAsync(parsed.GetValue(id)!, secret, parsed.GetValue(scopes)!, ct, parsed.GetValue(facility), parsed.GetValue(purpose));
            }
            catch (AccountRuleException e)
            {
                throw new HubException(e.Message);
            }

            await Console.Error.WriteLineAsync($"Program {parsed.GetValue(id)} was made. Its secret, shown this once:");
            await Console.Out.WriteLineAsync(secret);
            return 0;
        }));
        return new Command("client", "Programs that act for themselves.") { add };
    }
}
