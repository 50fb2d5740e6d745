using System.CommandLine;
using System.Globalization;
using Mach.Indicators;
using Mach.Server.Hosting;

namespace Mach.Server.Commands;

/// <summary><c>mach indicators rebuild</c> makes the numbers anew from the record; <c>mach indicators recount</c> compares them with it.</summary>
internal static class IndicatorsCommand
{
    public static Command Build() => new("indicators", "The numbers of the province.")
    {
        Rebuild("rebuild"),
        RoomCommand.Make<IndicatorService>("recount", "Make all numbers anew from the record beside those that are there, and say what does not agree.", async (service, ct) =>
        {
            var (cells, drift, said) = await service.RecountAsync(ct);
            return drift == 0
                ? string.Create(CultureInfo.InvariantCulture, $"cells {cells:N0}, all agree")
                : throw new HubException(string.Create(CultureInfo.InvariantCulture, $"cells {cells:N0}, {drift:N0} do not agree: {said}. Run: mach indicators rebuild."));
        }),
    };

    private static Command Rebuild(string name) => RoomCommand.Make<IndicatorService>(name, "Make facts and cells anew from the record. Definitions stay.", async (service, ct) =>
    {
        var line = new ProgressLine(Console.Error);
        await service.RebuildAsync(new Progress<long>(done => line.Show("versions of the log", done, 0)), ct);
        line.End();
        return "counted";
    });

    /// <summary><c>mach rebuild people</c> and <c>mach rebuild indicators</c>: what is derived from the record, by its name.</summary>
    public static Command BuildRebuild()
    {
        var people = PeopleCommand.Build().Subcommands.Single(c => c.Name == "rebuild");
        return new Command("rebuild", "Make derived tables anew from the record.")
        {
            RoomCommand.Make<People.PeopleService>("people", people.Description!, async (service, ct) => "people " + (await service.RebuildAsync(null, ct)).ToString("N0", CultureInfo.InvariantCulture)),
            Rebuild("indicators"),
        };
    }
}
