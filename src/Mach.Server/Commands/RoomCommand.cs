using System.CommandLine;
using Mach.Server.Hosting;

namespace Mach.Server.Commands;

/// <summary>A command that asks one service of a room to do something, and prints what it says.</summary>
internal static class RoomCommand
{
    public static Command Make<TService>(string name, string description, Func<TService, CancellationToken, Task<string>> run)
        where TService : notnull
    {
        var (data, engine, connection) = (SharedOptions.Data(), SharedOptions.Engine(), SharedOptions.Connection());
        var command = new Command(name, description) { data, engine, connection };
        command.SetAction((parsed, ct) => SharedOptions.Guard(async () =>
        {
            var options = SharedOptions.Read(parsed.GetValue(data)!, parsed.GetValue(engine)!, parsed.GetValue(connection), "http://127.0.0.1:0", demonstration: false);
            var store = await Hub.OpenStoreAsync(options, ct);
            await using var app = Hub.Build(options, store);
            try
            {
                Console.WriteLine(await run(app.Services.GetRequiredService<TService>(), ct));
            }
            catch (InvalidOperationException e)
            {
                throw new HubException(e.Message);
            }

            return 0;
        }));
        return command;
    }
}
