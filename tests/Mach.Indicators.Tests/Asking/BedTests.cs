using System.Globalization;
using Mach.Contracts.Registry;
using Mach.Data;
using Mach.Indicators.Asking;
using Mach.Testing;
using static Mach.Indicators.Tests.NumbersHost;

namespace Mach.Indicators.Tests.Asking;

/// <summary>Occupancy: inpatient days ÷ (beds × days).</summary>
public class BedTests
{
    private static readonly DateOnly s_from = new(2026, 10, 1), s_to = new(2026, 10, 31);

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Days_in_hospital_are_held_against_beds(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        await host.Get<IFacilityMeans>().PutAsync([new FacilityMeans("25001", 10, 8, []), new FacilityMeans("25012", 20, null, [])], default);
        await host.WriteAsync(Person("a"), Visit("e1", "a", "25001", "2026-10-05", "03", 31), Visit("e2", "a", "25001", "2026-10-09", "03", 31), Visit("e3", "a", "25012", "2026-10-09", "03", 31), Visit("e4", "a", "25001", "2026-11-09", "03", 40), Visit("out", "a", "25001", "2026-10-09", "01", 9));
        async Task<string> AskAsync(string code, Grouping by, IReadOnlyList<string>? of = null, DateOnly? to = null)
        {
            var answer = await host.AskAsync(code, s_from, to ?? s_to, by, null, of);
            string Said(Parts p) => string.Create(CultureInfo.InvariantCulture, $"{p.Above:0}/{p.Below:0}");
            return Said(answer.Total) + ": " + string.Join(' ', answer.Lines.Select(l => l.Key + "=" + Said(l.Parts)).Order(StringComparer.Ordinal));
        }

        Assert.Equal("93/930: 25001=62/310 25012=31/620", await AskAsync("occupancy-planned", Grouping.Facility));
        Assert.Equal("93/248: 25001=62/248 25012=31/", await AskAsync("occupancy-real", Grouping.Facility));
        Assert.Equal("93/930: basic=31/620 specialised=62/310", await AskAsync("occupancy-planned", Grouping.Tier));
        Assert.Equal("93/930: Phú Thọ=62/310 Vĩnh Phúc=31/620", await AskAsync("occupancy-planned", Grouping.FormerProvince));
        Assert.Equal("62/310: 25001=62/310", await AskAsync("occupancy-planned", Grouping.Facility, ["25001"]));
        // The running month has twenty days so far: nobody has lain in the others.
        Assert.Equal("133/1530: 202610=93/930 202611=40/600", await AskAsync("occupancy-planned", Grouping.Month, null, new(2026, 11, 30)));
        Assert.Equal(20m, (await host.AskAsync("occupancy-planned", s_from, s_to, Grouping.Facility)).Lines.Single(l => l.Key == "25001").Parts.Value(Definitions.DefinitionBook.Shipped.Single(i => i.Code == "occupancy-planned")));
        // The overview and the scorecard say the same.
        Assert.Equal(930m, (await host.Get<Overview>().AskAsync(s_from, s_to, null, default)).Single(g => g.Indicator.Code == "occupancy-planned").Now.Below);
        Assert.Equal(310m, (await host.Get<Overview>().AskAsync(s_from, s_to, "25001", default)).Single(g => g.Indicator.Code == "occupancy-planned").Now.Below);
        Assert.Equal((310m, 620m), (await host.Get<Scorecard>().AskAsync("25001", "25012", s_from, s_to, default)).Single(l => l.Indicator.Code == "occupancy-planned") is var line ? (line.Own.Below, line.Beside!.Value.Below) : default);
    }
}
