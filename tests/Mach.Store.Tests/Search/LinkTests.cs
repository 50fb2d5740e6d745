using Mach.Data;
using Mach.Fhir.Search;
using Mach.Testing;

namespace Mach.Store.Tests.Search;

/// <summary>Searches that cross a reference: chains, _has, includes, long stays.</summary>
public class LinkTests : StoreTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_chain_a_reverse_chain_and_includes_follow_references(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit(
            Sample.Patient("a", "Nguyễn Văn An", "025065000001"),
            Sample.Patient("b", "Trần Thị Bình", "025065000002"),
            Sample.Put("Organization", "cskcb-25001", """{"resourceType":"Organization","id":"cskcb-25001","name":"Bệnh viện Thanh Sơn"}"""),
            Sample.Encounter("e1", "a"), Sample.Encounter("e2", "b", "cskcb-25002"),
            Sample.Observation("o1", "a", encounter: "e1"), Sample.Observation("o2", "b", "9.1", encounter: "e2")), None);

        Assert.Equal("o1", await FindAsync(store, "Observation", ("patient.identifier", Sample.Identity + "|025065000001")));
        Assert.Equal("o2", await FindAsync(store, "Observation", ("subject:Patient.name", "binh")));
        Assert.Equal("", await FindAsync(store, "Observation", ("patient.name", "nobody")));
        Assert.Equal("e1", await FindAsync(store, "Encounter", ("service-provider.name", "thanh son")));
        Assert.Equal("b", await FindAsync(store, "Patient", ("_has:Observation:patient:value-quantity", "gt6")));
        Assert.Equal("a b", await FindAsync(store, "Patient", ("_has:Observation:patient:code", "15074-8")));
        Assert.Equal("a", await FindAsync(store, "Patient", ("_has:Encounter:patient:service-provider", "cskcb-25001")));

        var page = await store.SearchAsync(Parse("Encounter", ("patient", "a"), ("_include", "Encounter:service-provider"), ("_include", "Encounter:patient"), ("_revinclude", "Observation:encounter")), None);
        Assert.Equal("e1", Assert.Single(page.Matches).Id);
        Assert.Equal(["a", "cskcb-25001", "o1"], page.Included.Select(r => r.Id).Order(StringComparer.Ordinal));
        page = await store.SearchAsync(Parse("Patient", ("_id", "b"), ("_revinclude", "Observation:patient"), ("_revinclude", "Encounter:subject")), None);
        Assert.Equal(["e2", "o2"], page.Included.Select(r => r.Id).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_stay_of_weeks_is_found_by_a_day_in_it(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        static Write Stay(string id, string patient, string start, string? end) => Sample.Put("Encounter", id,
            $$"""{"resourceType":"Encounter","id":"{{id}}","status":"finished","subject":{"reference":"Patient/{{patient}}"},"serviceProvider":{"reference":"Organization/x"},"period":{{Period(start, end)}} }""");
        static string Period(string start, string? end) => end is null ? $$"""{"start":"{{start}}"}""" : $$"""{"start":"{{start}}","end":"{{end}}"}""";
        await store.CommitAsync(Sample.Commit(
            Stay("day", "a", "2025-07-10T08:00:00+07:00", "2025-07-10T09:00:00+07:00"),
            Stay("week", "b", "2025-07-05", "2025-07-12"),
            Stay("year", "c", "2024-07-05", "2025-07-12"),
            Stay("open", "d", "2020-01-01", null),
            Stay("over", "e", "2025-07-01", "2025-07-09")), None);

        Assert.Equal("day open week year", await FindAsync(store, "Encounter", ("service-provider", "x"), ("date", "ge2025-07-10"), ("date", "le2025-07-10")));
        Assert.Equal("day open week year", await FindAsync(store, "Encounter", ("date", "ge2025-07-10"), ("date", "lt2025-07-11")));
        Assert.Equal("open", await FindAsync(store, "Encounter", ("service-provider", "x"), ("date", "gt2025-08")));
        Assert.Equal("day", await FindAsync(store, "Encounter", ("service-provider", "x"), ("date", "2025-07-10")));
        Assert.Equal("week", await FindAsync(store, "Encounter", ("patient", "b"), ("date", "ge2025-07-11")));
    }

    private static async Task<string> FindAsync(RecordStore store, string type, params (string, string)[] pairs) =>
        string.Join(' ', (await store.SearchAsync(Parse(type, pairs), None)).Matches.Select(m => m.Id).Order(StringComparer.Ordinal));

    private static SearchQuery Parse(string type, params (string Name, string Value)[] pairs) =>
        SearchQuery.Parse(type, pairs.Select(p => new KeyValuePair<string, string>(p.Name, p.Value)));
}
