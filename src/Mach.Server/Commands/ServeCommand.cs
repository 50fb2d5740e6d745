using System.CommandLine;
using Mach.Data;
using Mach.Server.Demonstration;
using Mach.Server.Hosting;

namespace Mach.Server.Commands;

/// <summary><c>mach serve</c>: a hub for real use. It has no demonstration sign-ins.</summary>
internal static class ServeCommand
{
    public static Command Build()
    {
        var (data, engine, connection, urls, origins) = (SharedOptions.Data(), SharedOptions.Engine(), SharedOptions.Connection(), SharedOptions.Urls(), SharedOptions.Origins());
        var wall = new Option<bool>("--second-wall") { Description = "PostgreSQL itself keeps facilities apart (row-level security); a read then costs several times as much." };
        var json = new Option<bool>("--json-log") { Description = "Messages to the console as JSON, one object a line, for a machine that collects them." };
        var (proxies, hosts) = (SharedOptions.Proxies(), SharedOptions.Hosts());
        var mutual = new Option<string?>("--mtls-urls") { Description = "Https addresses of their own that ask programs for certificates (RFC 8705), separated by ';', such as https://0.0.0.0:8443. Needs publicAddress in sign-in.json." };
        var address = new Option<string?>("--mtls-address") { Description = "That address as programs know it; by default the public address with the port of --mtls-urls." };
        var authorities = new Option<FileInfo?>("--mtls-ca") { Description = "PEM file of the authorities whose certificates programs may be known by; without it programs are known by their own certificates alone." };
        var certificate = new Option<FileInfo?>("--mtls-certificate") { Description = "PEM file of the server's certificate there, and of those above it; by default the one of ASP.NET Core's settings." };
        var key = new Option<FileInfo?>("--mtls-key") { Description = "PEM file of its key." };
        var command = new Command("serve", "Start the hub.") { data, engine, connection, urls, origins, proxies, hosts, wall, json, mutual, address, authorities, certificate, key };
        command.SetAction((parsed, ct) => SharedOptions.Guard(async () =>
        {
            var options = SharedOptions.Read(parsed.GetValue(data)!, parsed.GetValue(engine)!, parsed.GetValue(connection), parsed.GetValue(urls)!, demonstration: false) with
            {
                Origins = SharedOptions.ReadOrigins(parsed.GetValue(origins)!),
                Proxies = SharedOptions.ReadProxies(parsed.GetValue(proxies)!),
                Hosts = SharedOptions.ReadHosts(parsed.GetValue(hosts)!),
                SecondWall = parsed.GetValue(wall),
                JsonLog = parsed.GetValue(json),
            };
            if (parsed.GetValue(mutual) is { } asking)
            {
                options = options with { MutualTls = MutualTls.Read(asking, parsed.GetValue(address), parsed.GetValue(authorities), parsed.GetValue(certificate), parsed.GetValue(key)) };
            }

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

            var accounts = app.Services.GetRequiredService<Access.Accounts>();
            if (await DemoAccounts.CloseAsync(accounts, ct) is { Count: > 0 } closed)
            {
                await Console.Error.WriteLineAsync($"This data folder was used for a demonstration; its sign-ins, whose passwords are public, are closed now: {string.Join(", ", closed)}.");
            }

            await HubRunner.StartAsync(app, ct);
            app.Services.GetRequiredService<HubState>().Preparing = null;
            if (!await accounts.AnyAsync(ct))
            {
                await Console.Out.WriteLineAsync($"Nobody can sign in yet. Make the first administrator with:\n  mach account add NAME --role administrator --data {options.Data}");
            }

            await Console.Out.WriteLineAsync($"Mạch serves at {HubRunner.Address(app)}");
            await app.WaitForShutdownAsync(ct);
            return 0;
        }));
        return command;
    }
}
