using System.CommandLine;
using Mach.Server.Hosting;

namespace Mach.Server.Commands;

/// <summary><c>mach serve</c>: a hub for real use. It has no demonstration sign-ins.</summary>
internal static class ServeCommand
{
    public static Command Build()
    {
        var (data, engine, connection, urls, origins) = (SharedOptions.Data(), SharedOptions.Engine(), SharedOptions.Connection(), SharedOptions.Urls(), SharedOptions.Origins());
        var command = new Command("serve", "Start the hub.") { data, engine, connection, urls, origins };
        command.SetAction((parsed, ct) => SharedOptions.Guard(async () =>
        {
            var options = SharedOptions.Read(parsed.GetValue(data)!, parsed.GetValue(engine)!, parsed.GetValue(connection), parsed.GetValue(urls)!, demonstration: false) with { Origins = SharedOptions.ReadOrigins(parsed.GetValue(origins)!) };
            var store = await Hub.OpenStoreAsync(options, ct);
            await using var app = Hub.Build(options, store);
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
