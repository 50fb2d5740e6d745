using System.CommandLine;
using System.Globalization;
using Mach.People;
using Mach.Server.Hosting;

namespace Mach.Server.Commands;

/// <summary><c>mach people rebuild</c> makes what matching compares anew from the record; <c>mach people learn</c> learns new weights from the people here.</summary>
internal static class PeopleCommand
{
    public static Command Build() => new("people", "The person index.")
    {
        Sub("rebuild", "Make the profiles and keys that people are found by anew from the record. Decisions stay.", async (service, ct) =>
        {
            var line = new ProgressLine(Console.Error);
            var people = await service.RebuildAsync(new Progress<long>(done => line.Show("people", done, 0)), ct);
            line.End();
            return string.Create(CultureInfo.InvariantCulture, $"people {people:N0}");
        }),
        Sub("learn", "Learn from the people here how much each agreement says, and use that from now on.", async (service, ct) =>
        {
            var (version, pairs) = await service.LearnAsync("mach people learn", ct);
            return string.Create(CultureInfo.InvariantCulture, $"weights {version}, learned from {pairs:N0} pairs");
        }),
    };

    /// <summary><c>mach rebuild people</c>: the same as <c>mach people rebuild</c>.</summary>
    public static Command BuildRebuild()
    {
        var people = Build().Subcommands.Single(c => c.Name == "rebuild");
        var rebuild = new Command("rebuild", "Make derived tables anew from the record.");
        var again = Sub("people", people.Description!, async (service, ct) =>
        {
            var count = await service.RebuildAsync(null, ct);
            return string.Create(CultureInfo.InvariantCulture, $"people {count:N0}");
        });
        rebuild.Subcommands.Add(again);
        return rebuild;
    }

    private static Command Sub(string name, string description, Func<PeopleService, CancellationToken, Task<string>> run)
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
                Console.WriteLine(await run(app.Services.GetRequiredService<PeopleService>(), ct));
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
