using System.CommandLine;
using Mach.Access;
using Mach.Server.Hosting;

namespace Mach.Server.Commands;

/// <summary><c>mach account add NAME --role R</c>: the first administrator, and any account after; the password is asked for or read from standard input.</summary>
internal static class AccountCommand
{
    public static Command Build()
    {
        var (data, engine, connection) = (SharedOptions.Data(), SharedOptions.Engine(), SharedOptions.Connection());
        var name = new Argument<string>("NAME") { Description = "Sign-in name." };
        var roles = new Option<string[]>("--role") { Description = "registrar, doctor, administrator or data-officer; may be given several times.", Required = true };
        roles.AcceptOnlyFromAmong([.. Roles.All]);
        var display = new Option<string?>("--display") { Description = "Name shown on the pages." };
        var first = new Option<bool>("--must-change") { Description = "The password is for the first sign-in alone: its owner chooses another before anything opens." };
        var add = new Command("add", "Make an account.") { name, roles, display, first, data, engine, connection };
        add.SetAction((parsed, ct) => SharedOptions.Guard(async () =>
        {
            var options = SharedOptions.Read(parsed.GetValue(data)!, parsed.GetValue(engine)!, parsed.GetValue(connection), "http://127.0.0.1:0", demonstration: false);
            var store = await Hub.OpenStoreAsync(options, ct);
            await using var app = Hub.Build(options, store);
            var accounts = app.Services.GetRequiredService<Accounts>();
            await Console.Error.WriteAsync("Password (at least 15 characters): ");
            var password = await Console.In.ReadLineAsync(ct) ?? "";
            try
            {
                await accounts.CreateAsync(new NewAccount(parsed.GetValue(name)!, parsed.GetValue(display) ?? parsed.GetValue(name)!, password, parsed.GetValue(roles)!, null) { MustChange = parsed.GetValue(first) }, ct);
            }
            catch (ArgumentException e)
            {
                throw new HubException(e.Message);
            }

            await Console.Out.WriteLineAsync($"Account {parsed.GetValue(name)} was made.");
            return 0;
        }));
        return new Command("account", "Accounts of people.") { add };
    }
}
