using Mach.Data;
using Mach.Kernel;
using Mach.Testing;

namespace Mach.Store.Tests.Reading;

/// <summary>Who sees one record of a person sees all of them, and what the person decided in one holds for all, however many links lie between.</summary>
public class LinkedSightTests : StoreTests
{
    private static readonly Sight AtSon = new() { Facilities = ["25002"], Purpose = Purposes.Treatment, Now = new(2025, 8, 1, 0, 0, 0, TimeSpan.Zero), CountsConsents = true };

    private static Write Person(string id, params string[] links) => Sample.Put("Patient", id,
        $$"""{"resourceType":"Patient","id":"{{id}}"{{(links.Length == 0 ? "" : ",\"link\":[" + string.Join(',', links.Select(l => $$"""{"other":{"reference":"Patient/{{l}}"},"type":"seealso"}""")) + "]")}}}""");

    /// <summary>a – b – c – d, a visit here under a, a result under each.</summary>
    private static async Task<RecordStore> ChainAsync(TestDb test)
    {
        var store = await test.OpenStoreAsync();
        await store.CommitAsync(Sample.Commit(Person("a", "b"), Person("b", "a", "c"), Person("c", "b", "d"), Person("d", "c"), Person("e")), None);
        await store.CommitAsync(Sample.Commit([Sample.Encounter("here", "a", "cskcb-25002"), .. "abcde".Select(p => Sample.Observation("o" + p, p.ToString()))]), None);
        return store;
    }

    private static async Task<string> SeenAsync(RecordStore store, Sight sight)
    {
        var view = store.As(sight);
        var read = string.Concat((await view.ReadManyAsync([.. "abcde".Select(p => ("Observation", "o" + p))], None)).Select(r => r.Id[1]).Order());
        var found = string.Concat((await view.SearchAsync(Mach.Fhir.Search.SearchQuery.Parse("Observation", []), None)).Matches.Select(r => r.Id[1]).Order());
        Assert.Equal(read, found);
        return read;
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_visit_in_one_record_opens_the_whole_person(DbEngine engine)
    {
        await using var test = await TestDb.CreateAsync(engine);
        var store = await ChainAsync(test);
        Assert.Equal("abcd", await SeenAsync(store, AtSon));
        Assert.Equal("abcd", await SeenAsync(store, new Sight { Persons = ["d"] }));

        // Taken apart in the middle, and put together again.
        await store.CommitAsync(Sample.Commit(Person("b", "a"), Person("c", "d")), None);
        Assert.Equal("ab", await SeenAsync(store, AtSon));
        await store.CommitAsync(Sample.Commit(Person("c", "d", "b"), Person("b", "c", "a")), None);
        Assert.Equal("abcd", await SeenAsync(store, AtSon));
        await AssertCleanAsync(store);
    }

    /// <summary>Source: what a person decides holds for all of their records (docs/adr/0015).</summary>
    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_denial_in_one_record_closes_the_whole_person(DbEngine engine)
    {
        await using var test = await TestDb.CreateAsync(engine);
        var store = await ChainAsync(test);
        await store.CommitAsync(Sample.Commit(Sample.Put("Consent", "no", """
            {"resourceType":"Consent","id":"no","status":"active","scope":{"coding":[{"code":"patient-privacy"}]},"category":[{"coding":[{"code":"59284-0"}]}],"patient":{"reference":"Patient/d"},
            "policyRule":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"OPTOUT"}]}}
            """)), None);
        Assert.Equal("", await SeenAsync(store, AtSon));
        await store.CommitAsync(Sample.Commit(Person("c", "b"), Person("d")), None);
        Assert.Equal("abc", await SeenAsync(store, AtSon));
    }

    /// <summary>A facility can write what it likes into a Patient of its own.</summary>
    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_link_that_one_side_alone_carries_opens_nothing(DbEngine engine)
    {
        await using var test = await TestDb.CreateAsync(engine);
        var store = await ChainAsync(test);
        await store.CommitAsync(Sample.Commit(Person("a", "b", "e"), Person("d", "c", "e")), None);
        Assert.Equal("abcd", await SeenAsync(store, AtSon));
        await store.CommitAsync(Sample.Commit(Person("e", "d")), None);
        Assert.Equal("abcde", await SeenAsync(store, AtSon));
        // One link is said by both still.
        await store.CommitAsync(Sample.Commit(Person("d", "c"), Person("e", "a", "d")), None);
        Assert.Equal("abcde", await SeenAsync(store, AtSon));
        await store.CommitAsync(Sample.Commit(Sample.Delete("Patient", "e")), None);
        Assert.Equal("abcd", await SeenAsync(store, AtSon));
        await AssertCleanAsync(store);
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_store_of_an_earlier_program_is_brought_up_to_date_when_it_is_opened(DbEngine engine)
    {
        await using var test = await TestDb.CreateAsync(engine);
        var store = await ChainAsync(test);
        await ExecuteAsync(test.Db, "DELETE FROM person");
        await ExecuteAsync(test.Db, "DELETE FROM setting WHERE name='person.1'");
        Assert.Equal("a", await SeenAsync(store, AtSon));
        Assert.Equal(4, (await store.VerifyAsync(null, None)).Problems.Count(p => p.StartsWith("person:", StringComparison.Ordinal)));
        await store.DisposeAsync();
        await using var again = await RecordStore.OpenAsync(test.Db, test.Options, test.Clock, None);
        Assert.Equal("abcd", await SeenAsync(again, AtSon));
        await AssertCleanAsync(again);
    }

    /// <summary>What nobody does who is one person: it must still be written in good time, and cost no more rows than records.</summary>
    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_long_chain_is_one_person(DbEngine engine)
    {
        await using var test = await TestDb.CreateAsync(engine);
        var store = await test.OpenStoreAsync();
        const int Count = 300;
        await store.CommitAsync(Sample.Commit([.. Enumerable.Range(0, Count).Select(i => Person("p" + i, [.. new[] { i - 1, i + 1 }.Where(n => n is >= 0 and < Count).Select(n => "p" + n)]))]), None);
        await store.CommitAsync(Sample.Commit(Sample.Encounter("here", "p0", "cskcb-25002"), Sample.Observation("oa", $"p{Count - 1}")), None);
        Assert.Equal("a", await SeenAsync(store, AtSon));
        Assert.Equal(Count, await ScalarAsync<long>(test.Db, "SELECT COUNT(*) FROM person"));
        await store.CommitAsync(Sample.Commit(Person("p150", "p149")), None);
        Assert.Equal("", await SeenAsync(store, AtSon));
        await AssertCleanAsync(store);
    }
}
