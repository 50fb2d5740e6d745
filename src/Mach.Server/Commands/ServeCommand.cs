using System.CommandLine;
using Mach.Data;
using Mach.Server.Hosting;

namespace Mach.Server.Commands;

/// <summary><c>mach serve</c>: a hub for real use. It has no demonstration sign-ins.</summary>
internal static class ServeCommand
{
    public static Command Build()
    {
        var (data, engine, connection, urls, origins) = (SharedOptions.Data(), SharedOptions.Engine(), SharedOptions.Connection(), SharedOptions.Urls(), SharedOptions.Origins());
        var wall = new Option<bool>("--second-wall") { Description = "PostgreSQL itself keeps facilities apart (row-level security); a read then costs several times as much." };
        var (proxies, hosts) = (SharedOptions.Proxies(), SharedOptions.Hosts());
        var command = new Command("serve", "Start the hub.") { data, engine, connection, urls, origins, proxies, hosts, wall };
        command.SetAction((parsed, ct) => SharedOptions.Guard(async () =>
        {
            var options = SharedOptions.Read(parsed.GetValue(data)!, parsed.GetValue(engine)!, parsed.GetValue(connection), parsed.GetValue(urls)!, demonstration: false) with
            {
                Origins = SharedOptions.ReadOrigins(parsed.GetValue(origins)!),
                Proxies = SharedOptions.ReadProxies(parsed.GetValue(proxies)!),
                Hosts = SharedOptions.ReadHosts(parsed.GetValue(hosts)!),
                SecondWall = parsed.GetValue(wall),
            };
            var store = await Hub.OpenStoreAsync(options, ct);
            if (options.SecondWall && !store.HasSecondWall)
            {
                await Console.Error.WriteLineAsync("The second wall does not stand: it needs PostgreSQL, and an account that may make or take the role mach_seer. See docs/operations, \"The second wall\".");
            }

            await using var app = Hub.Build(options, store);
            if (Doorway.IsNameless(options, app.Services.GetRequiredService<Access.AccessOptions>()))
            {
                await Console.Error.WriteLineAsync("The hub answers to any host name. Name those that it has with --host, or publicAddress in sign-in.json.");
            }

            if (options.Connection is { } line && PostgresLine.IsOpen(line))
            {
                await Console.Error.WriteLineAsync("The certificate of PostgreSQL is not checked: whoever stands between the machines reads along. Add SSL Mode=VerifyFull and Root Certificate to the connection string; see docs/operations.");
            }

            await HubRunner.StartAsync(app, ct);
            app.Services.GetRequiredService<HubState>().Preparing = null;
            if (!await app.Services.GetRequiredService<Access.Accounts>().AnyAsync(ct))
            {
                await Console.Out.WriteLineAsync($"No account exists yet. Make the first administrator with:\n  mach account add NAME --role administrator --data {options.Data}");
            }

            await Console.Out.WriteLineAsync($"Mạch serves at {HubRunner.Address(app)}");
            await app.WaitForShutdownAsync(ct);
            return 0;
        }));
        return command;
    }
}
