using System.CommandLine;
using System.Globalization;
using Mach.People;

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

    private static Command Sub(string name, string description, Func<PeopleService, CancellationToken, Task<string>> run) => RoomCommand.Make(name, description, run);
}
