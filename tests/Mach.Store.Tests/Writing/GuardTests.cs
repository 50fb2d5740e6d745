using Mach.Data;
using Mach.Fhir.Search;
using Mach.Testing;

namespace Mach.Store.Tests.Writing;

/// <summary>Writes decided by a search: http://hl7.org/fhir/R4/http.html#ccreate.</summary>
public class GuardTests : StoreTests
{
    private static SearchQuery ByIdentity(string cccd) => SearchQuery.Parse("Patient", [new("identifier", $"{Sample.Identity}|{cccd}")]);

    private static SearchQuery ByName(string name) => SearchQuery.Parse("Patient", [new("name", name)]);

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_guard_holds_while_nothing_answers_the_search(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        foreach (var query in new[] { ByIdentity("001065000001"), ByName("huong") })
        {
            var match = await store.MatchAsync(query, None);
            await store.CommitAsync(Sample.Commit(Sample.Put("Patient", "other" + query.Clauses[0].Parameter.Code, $$"""{"resourceType":"Patient","id":"other{{query.Clauses[0].Parameter.Code}}","name":[{"text":"Trần Văn Nam"}]}""")), None);
            Assert.Empty(match.Found);
            await store.CommitAsync(Sample.Commit(Sample.Put("Patient", "p" + query.Clauses[0].Parameter.Code, $$"""{"resourceType":"Patient","id":"p{{query.Clauses[0].Parameter.Code}}"}""")) with { Guards = [match.Guard] }, None);
        }

        await AssertCleanAsync(store);
    }

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_guard_fails_when_somebody_else_wrote_an_answer(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        foreach (var (query, id) in new[] { (ByIdentity("001065000002"), "a"), (ByName("nguyen huong"), "b") })
        {
            var match = await store.MatchAsync(query, None);
            await store.CommitAsync(Sample.Commit(Sample.Patient(id, cccd: "001065000002")), None);
            await Assert.ThrowsAsync<GuardFailedException>(() => store.CommitAsync(Sample.Commit(Sample.Patient(id + "2")) with { Guards = [match.Guard] }, None));
            Assert.Null(await store.ReadAsync("Patient", id + "2", None));
            var again = await store.MatchAsync(query, None);
            Assert.Contains(again.Found, found => found.Id == id);
        }

        await AssertCleanAsync(store);
    }

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Many_clients_creating_the_same_person_make_one(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        foreach (var query in new[] { ByIdentity("001065000003"), ByName("hoang") })
        {
            var made = await Task.WhenAll(Enumerable.Range(0, 32).Select(client => Task.Run(() => CreateAsync(store, query, $"{query.Clauses[0].Parameter.Code}-{client}"))));
            Assert.Single(made.Distinct());
            Assert.Single((await store.SearchAsync(query, None)).Matches);
        }

        await AssertCleanAsync(store);
    }

    private static async Task<string> CreateAsync(RecordStore store, SearchQuery query, string id)
    {
        while (true)
        {
            var match = await store.MatchAsync(query, None);
            if (match.Found.Count > 0)
            {
                return match.Found[0].Id;
            }

            try
            {
                await store.CommitAsync(Sample.Commit(Sample.Patient(id, query.Clauses[0].Parameter.Code == "name" ? "Hoàng" : "Vũ", "001065000003")) with { Guards = [match.Guard] }, None);
                return id;
            }
            catch (GuardFailedException)
            {
                // Somebody was quicker: look again.
            }
        }
    }
}
