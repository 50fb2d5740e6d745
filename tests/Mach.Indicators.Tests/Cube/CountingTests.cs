using Mach.Data;
using Mach.Indicators.Asking;
using Mach.Indicators.Cube;
using Mach.Indicators.Definitions;
using Mach.Indicators.Pages;
using Mach.Kernel;
using Mach.Store;
using Mach.Testing;
using static Mach.Indicators.Tests.NumbersHost;

namespace Mach.Indicators.Tests.Cube;

/// <summary>
/// Whatever is written, changed, deleted, linked and taken apart, in whatever order: the cube is what the record says, a number is its list, and counting again changes nothing.
/// Source: docs/adr/0027.
/// </summary>
public class CountingTests
{
    private static readonly DateOnly From = new(2024, 1, 1), To = new(2026, 12, 31);
    private static readonly string[] Facilities = ["25001", "25012", "25101"], Communes = ["", "07894", "08230", "05089"], Forms = ["01", "03", "05"];

    private sealed record Seen(string Person, string Facility, DateOnly Day, string Form, int Days);

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task The_cube_is_what_the_record_says_after_random_edits(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        var random = new Random(7);
        var (visits, links) = (new Dictionary<string, Seen>(), new Dictionary<string, HashSet<string>>());
        T Pick<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];
        string Anybody() => "p" + random.Next(12);
        for (var round = 0; round < 60; round++)
        {
            var writes = new Dictionary<(string, string), Write>();
            for (var i = 0; i < 25; i++)
            {
                var id = "e" + random.Next(220);
                if (random.Next(8) == 0)
                {
                    if (visits.Remove(id))
                    {
                        writes[("Encounter", id)] = Delete("Encounter", id);
                    }
                }
                else
                {
                    var seen = new Seen(Anybody(), Pick(Facilities), From.AddDays(random.Next(1000)), Pick(Forms), random.Next(20));
                    visits[id] = seen;
                    writes[("Encounter", id)] = Visit(id, seen.Person, seen.Facility, seen.Day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), seen.Form, seen.Days);
                }

                var claim = "c" + random.Next(40);
                writes[("Claim", claim)] = random.Next(6) == 0 ? Delete("Claim", claim) : Claim(claim, Anybody(), Pick(Facilities), "2026-0" + (1 + random.Next(9)) + "-11", random.Next(100_000) + ".5" + random.Next(9));
            }

            var (one, other) = (Anybody(), Anybody());
            if (one != other)
            {
                // Linked, or taken apart: both sides say so.
                var apart = links.GetValueOrDefault(one)?.Contains(other) == true && random.Next(2) == 0;
                foreach (var (a, b) in new[] { (one, other), (other, one) })
                {
                    _ = apart ? links[a].Remove(b) : (links.TryGetValue(a, out var of) ? of : links[a] = []).Add(b);
                }
            }

            foreach (var id in new[] { one, other, Anybody() })
            {
                writes[("Patient", id)] = Person(id, Pick(["male", "female", "unknown"]), Pick(["1950", "1980-05-01", "2023-02-02"]), Pick(Communes), [.. links.GetValueOrDefault(id) ?? []]);
            }

            await host.WriteAsync([.. writes.Values]);
            if (round % 7 == 0)
            {
                await host.Counter.CatchUpAsync(default);
            }
        }

        var recount = await host.Get<Recount>().RunAsync(default);
        Assert.True(recount.Drift == 0, recount.Said);
        Assert.True(recount.Cells > 500);

        // By hand, from what was written.
        foreach (var (from, to) in new[] { (From, To), (new DateOnly(2025, 3, 1), new DateOnly(2025, 3, 31)), (new DateOnly(2024, 2, 10), new DateOnly(2024, 2, 20)), (new DateOnly(2024, 5, 17), new DateOnly(2025, 8, 3)) })
        {
            var there = visits.Values.Where(v => v.Day >= from && v.Day <= to).ToList();
            Assert.Equal(there.Count, (await host.AskAsync("visits", from, to)).Total.Above);
            Assert.Equal(there.Where(v => v.Form == "03").Sum(v => v.Days), (await host.AskAsync("bed-days", from, to)).Total.Above);
            Assert.Equal(there.Select(v => Root(v.Person)).Distinct().Count(), (await host.AskAsync("people-seen", from, to)).Total.Above);
            var share = await host.AskAsync("share-inpatient", from, to);
            Assert.Equal(there.Count == 0 ? null : there.Count(v => v.Form == "03") / (decimal)there.Count * 100, share.Total.Value(share.Question.Indicator));
            foreach (var by in Enum.GetValues<Grouping>().Except([Grouping.None]))
            {
                foreach (var code in new[] { "visits", "length-of-stay", "cost", "visits-residence" })
                {
                    var answer = await host.AskAsync(code, from, to, by);
                    Assert.Equal(decimal.Round(answer.Total.Above, 4), decimal.Round(answer.Lines.Sum(l => l.Parts.Above), 4));
                }
            }

            foreach (var facility in (await host.AskAsync("visits", from, to, Grouping.Facility)).Lines)
            {
                Assert.Equal(there.Count(v => v.Facility == facility.Key), facility.Parts.Above);
                Assert.Equal(there.Where(v => v.Facility == facility.Key).Select(v => Root(v.Person)).Distinct().Count(), (await host.AskAsync("people-seen", from, to, Grouping.Facility)).Lines.Single(l => l.Key == facility.Key).Parts.Above);
                // One facility alone, as its own people see it.
                Assert.Equal(facility.Parts.Above, (await host.AskAsync("visits", from, to, facilities: [facility.Key])).Total.Above);
            }
        }

        await EveryNumberIsItsListAsync(host);

        // Made anew, and counted twice: the same.
        await host.Counter.RebuildAsync(null, default);
        Assert.Equal(0, (await host.Get<Recount>().RunAsync(default)).Drift);

        string Root(string person)
        {
            var reached = new List<string> { person };
            for (var i = 0; i < reached.Count; i++)
            {
                reached.AddRange((links.GetValueOrDefault(reached[i]) ?? []).Where(l => !reached.Contains(l)));
            }

            return reached.Min(StringComparer.Ordinal)!;
        }
    }

    private static async Task EveryNumberIsItsListAsync(NumbersHost host)
    {
        var (drill, view) = (host.Get<Drill>(), host.Store.As(Sight.Everything));
        foreach (var code in new[] { "visits", "bed-days", "cost", "died" })
        {
            foreach (var by in new[] { Grouping.Facility, Grouping.Month, Grouping.Stratum, Grouping.Tier })
            {
                var answer = await host.AskAsync(code, From, To, by);
                foreach (var line in answer.Lines)
                {
                    var (rows, sum, place) = (0, 0m, ((DateOnly, string, string)?)null);
                    do
                    {
                        var page = await drill.PageAsync(answer.Question, line.Key, place, 37, view, default);
                        Assert.Equal(line.Parts.Rows, page.Count);
                        (rows, sum, place) = (rows + page.Lines.Count + page.Hidden, sum + page.Lines.Sum(l => l.Amount), page.Next);
                    }
                    while (place is not null);
                    Assert.Equal((line.Parts.Rows, line.Parts.Above), (rows, sum));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_correction_to_nothing_takes_the_cell_away(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        await host.WriteAsync(Person("a"), Visit("e1", "a", "25001", "2026-03-05"));
        Assert.Equal(1, (await host.AskAsync("visits", From, To)).Total.Above);
        await host.WriteAsync(Delete("Encounter", "e1"));
        Assert.Equal(0, (await host.AskAsync("visits", From, To)).Total.Above);
        await using var connection = await host.Db.OpenAsync(default);
        foreach (var table in new[] { "ind_cell", "ind_month", "ind_day", "ind_state", "ind_fact" })
        {
            Assert.Equal(0, await Dapper.SqlMapper.ExecuteScalarAsync<long>(connection, "SELECT COUNT(*) FROM " + table));
        }
    }

    /// <summary>Source: docs/glossary.md, "test person".</summary>
    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Nobody_real_is_counted_nowhere_until_they_are_real(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        var test = Put("Patient", "t", """
            "meta":{"tag":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"HTEST"}]},"gender":"female"
            """);
        await host.WriteAsync(test, Visit("e1", "t", "25001", "2026-03-05"), Visit("e2", "later", "25001", "2026-03-06"));
        Assert.Equal(1, (await host.AskAsync("visits", From, To)).Total.Above);
        await host.WriteAsync(Person("t"));
        Assert.Equal(2, (await host.AskAsync("visits", From, To)).Total.Above);
        Assert.Equal(2, (await host.AskAsync("people-seen", new(2026, 1, 1), To)).Total.Above);
        await host.WriteAsync(test);
        Assert.Equal(1, (await host.AskAsync("visits", From, To)).Total.Above);
        Assert.Equal(0, (await host.Get<Recount>().RunAsync(default)).Drift);
    }

    /// <summary>Who came first is told by the place in the log: the second finds it moved, and writes nothing.</summary>
    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Two_hubs_count_everything_once(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        for (var i = 0; i < 30; i++)
        {
            await host.WriteAsync([.. Enumerable.Range(0, 40).Select(n => Visit($"e{i}-{n}", "p" + n, "25001", "2026-03-05"))]);
        }

        using var second = new Counter(host.Store, host.Get<Mach.Indicators.Facts.FactTable>(), host.Get<DefinitionBook>(), host.Get<Contracts.People.IPersonLinks>(), new Ingredients(null, host.Clock), host.Clock);
        await host.Counter.StepAsync(default);
        await Task.WhenAll(Task.Run(() => host.Counter.CatchUpAsync(default)), Task.Run(() => second.CatchUpAsync(default)));
        Assert.Equal(1200, (await host.AskAsync("visits", From, To)).Total.Above);
        Assert.Equal(0, (await host.Get<Recount>().RunAsync(default)).Drift);
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_new_version_of_a_definition_counts_the_past_too(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        await host.WriteAsync([Person("a"), .. Enumerable.Range(0, 30).Select(n => Visit("e" + n, "a", "25001", $"2026-03-{n + 1:00}", n % 3 == 0 ? "03" : "01", n))]);
        Assert.Equal(10, (await host.AskAsync("visits-inpatient", From, To)).Total.Above);
        var book = host.Get<DefinitionBook>();
        var current = (await book.FindAsync("visits-inpatient", null, default))!;
        Assert.True(await book.AddAsync(current with { Version = 2, Of = current.Of with { Where = "form = '01'" } }, "an", "thử", default));
        Assert.False(await book.AddAsync(current with { Version = 2 }, "binh", "thử", default));
        // Nothing is answered from a measure that does not know the past yet.
        Assert.True((await host.Get<Asker>().AskAsync(new Question((await book.FindAsync("visits-inpatient", null, default))!, From, To), default)).IsFilling);
        Assert.Equal(20, (await host.AskAsync("visits-inpatient", From, To)).Total.Above);
        await host.WriteAsync(Visit("e99", "a", "25001", "2026-05-05"));
        Assert.Equal(21, (await host.AskAsync("visits-inpatient", From, To)).Total.Above);
        Assert.Equal(1, (await book.FindAsync("visits-inpatient", 1, default))!.Version);
        Assert.Equal(0, (await host.Get<Recount>().RunAsync(default)).Drift);
    }

    /// <summary>Discharge papers and summaries are typed in LOINC (Mach.Intake, PaperMap), the other papers by their table: each is one.</summary>
    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Papers_are_counted_however_they_are_typed(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        Write Paper(string id, string system, string code) => Put("Composition", id, $$"""
            "meta":{"source":"urn:mach:dossier:25001:{{id}}#XML7-1"},"status":"final","type":{"coding":[{"system":"{{system}}","code":"{{code}}"}]},"subject":{"reference":"Patient/a"},"date":"2026-03-06T10:00:00+07:00","author":[{"reference":"Organization/cskcb-25001"}],"title":"x"
            """);
        await host.WriteAsync(Person("a"), Visit("e1", "a", "25001", "2026-03-05", "03", 1), Visit("e2", "a", "25001", "2026-03-06", "03", 1),
            Paper("p1", "http://loinc.org", "18842-5"), Paper("p2", "http://loinc.org", "34133-9"), Paper("p3", "http://loinc.org", "11506-3"), Paper("p4", "https://mach.health.vn/fhir/CodeSystem/bhyt-table", "XML11"));
        Assert.Equal(3, (await host.AskAsync("papers", From, To)).Total.Above);
        Assert.Equal((1m, 2m), (await host.AskAsync("discharge-papers", From, To)).Total is var papers ? (papers.Above, papers.Below) : default);
        Assert.Equal(1, (await host.AskAsync("summary-papers", From, To)).Total.Above);
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_ghost_in_the_cube_is_an_alarm_and_is_not_mended_in_silence(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        await host.WriteAsync(Person("a"), Visit("e1", "a", "25001", "2026-03-05"));
        Assert.Equal(0, (await host.Get<Recount>().RunAsync(default)).Drift);
        await host.Db.WriteAsync((connection, transaction) => Dapper.SqlMapper.ExecuteAsync(connection, "UPDATE ind_month SET n=n+1, v=v+100 WHERE facility='25001'", transaction: transaction), default);
        host.Clock.Now = host.Clock.Now.AddMinutes(1);
        var result = await host.Get<Recount>().RunAsync(default);
        Assert.True(result.Drift > 0);
        host.Clock.Now = host.Clock.Now.AddMinutes(1);
        Assert.Equal(result.Drift, (await host.Get<Recount>().RunAsync(default)).Drift);
        Assert.Equal(result.Drift, (await host.Get<Recount>().LastAsync(default))!.Drift);
    }

    [Fact]
    public async Task What_is_kept_of_a_row_is_sealed()
    {
        await using var host = await StartAsync(DbEngine.Sqlite);
        await host.WriteAsync(Person("a"), Visit("e1", "a", "25001", "2026-03-05", "03"));
        await host.Counter.CatchUpAsync(default);
        await using var connection = await host.Db.OpenAsync(default);
        var kept = await Dapper.SqlMapper.QueryFirstAsync<byte[]>(connection, "SELECT cols FROM ind_fact");
        Assert.Equal(host.Db.Keys.Active > 0, !System.Text.Encoding.UTF8.GetString(kept).Contains("female", StringComparison.Ordinal));
    }
}
