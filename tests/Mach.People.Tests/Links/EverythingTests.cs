using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Mach.Data;
using Mach.People.Pairs;
using Mach.Store;
using Mach.Testing;

namespace Mach.People.Tests.Links;

/// <summary>$everything of a person who has several linked records.</summary>
public sealed class EverythingTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private static readonly string[] Whole =
    [
        "Observation/b0", "Observation/b1", "Observation/b2", "Observation/c0", "Observation/c1", "Observation/c2", "Observation/a0", "Observation/a1", "Observation/a2",
        "Observation/both", "Observation/cross", "Patient/a", "Patient/b", "Patient/c", "Practitioner/d", "Practitioner/e",
    ];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Everything_of_linked_records_comes_once_whatever_the_page_and_from_whichever_of_them(DbEngine engine)
    {
        await using var host = await LinkedAsync(engine);
        using var client = await host.FhirAsync();
        foreach (var from in new[] { "a", "b", "c" })
        {
            foreach (var count in new[] { 1, 2, 3, 5, 7, 1000 })
            {
                var found = await WalkAsync(client, $"/fhir/Patient/{from}/$everything?_count={count}");
                Assert.Equal(Whole.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
                Assert.True(count < 1000 || found[0] == "Patient/" + from, found[0]);
            }
        }

        Assert.Equal(["Observation/b0", "Observation/b1", "Observation/b2", "Observation/c0", "Observation/c1", "Observation/c2", "Observation/a0", "Observation/a1", "Observation/a2", "Observation/both", "Observation/cross"],
            (await WalkAsync(client, "/fhir/Patient/b/$everything?_type=Observation&_count=2")).OrderBy(n => Array.IndexOf(Whole, n)));
        // A search asks for the reference that stands in the resource; see docs/fhir.md.
        var search = await client.GetFromJsonAsync<JsonElement>("/fhir/Observation?patient=a&_count=100");
        Assert.DoesNotContain(Names(search), n => n is "Observation/b0" or "Observation/c0");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Taken_apart_each_has_its_own_again_and_a_page_of_both_is_refused(DbEngine engine)
    {
        await using var host = await LinkedAsync(engine);
        using var client = await host.FhirAsync();
        var first = await client.GetFromJsonAsync<JsonElement>("/fhir/Patient/a/$everything?_count=9");
        var middle = Next(first)!;
        var last = await client.GetFromJsonAsync<JsonElement>("/fhir/Patient/a/$everything?_count=2");
        Assert.Equal(VerdictOutcome.Done, await host.Get<Verdicts>().DecideAsync(new VerdictWanted("b", "c", PairRow.Undone, "an", "hai người"), default));
        using var refused = await client.GetAsync(middle);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("first page", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        // Whoever is still in the first record goes on, and gets what is linked now.
        var rest = await WalkAsync(client, Next(last)!);
        Assert.Contains("Patient/b", rest);
        Assert.DoesNotContain("Patient/c", rest);

        Assert.Equal(["Observation/c0", "Observation/c1", "Observation/c2", "Patient/c", "Practitioner/d"], (await WalkAsync(client, "/fhir/Patient/c/$everything")).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("Observation/c0", await WalkAsync(client, "/fhir/Patient/a/$everything"));
        using var odd = await client.GetAsync("/fhir/Patient/a/$everything?_cursor=zz~1");
        Assert.Equal(HttpStatusCode.BadRequest, odd.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_linked_record_that_was_deleted_is_passed_over(DbEngine engine)
    {
        await using var host = await LinkedAsync(engine);
        using var client = await host.FhirAsync();
        await host.Store.CommitAsync(new Commit { Writes = [new Write(WriteKind.Delete, "Patient", "c", default)], Actor = "test" }, default);
        var found = await WalkAsync(client, "/fhir/Patient/a/$everything?_count=4");
        Assert.Contains("Patient/b", found);
        Assert.DoesNotContain("Patient/c", found);
    }

    /// <summary>a is linked to b and b to c; one observation of b was made by a, one of somebody else by a and by b.</summary>
    private static async Task<PeopleHost> LinkedAsync(DbEngine engine)
    {
        var host = await PeopleHost.StartAsync(engine);
        foreach (var id in new[] { "a", "b", "c", "other" })
        {
            await host.PutPatientAsync(id, "Hán Thị Mùi", "1955-06-07", "female");
        }

        await PutAsync(host, "Practitioner", "d", "");
        await PutAsync(host, "Practitioner", "e", "");
        foreach (var id in new[] { "a", "b", "c" })
        {
            for (var i = 0; i < 3; i++)
            {
                await PutAsync(host, "Observation", $"{id}{i}", Seen(id, i == 2 && id == "b" ? "Practitioner/e" : "Practitioner/d"));
            }
        }

        await PutAsync(host, "Observation", "cross", Seen("b", "Patient/a"));
        await PutAsync(host, "Observation", "both", Seen("other", "Patient/a\"},{\"reference\":\"Patient/b\"},{\"reference\":\"Practitioner/d"));
        foreach (var (one, other) in new[] { ("a", "b"), ("b", "c") })
        {
            Assert.Equal(VerdictOutcome.Done, await host.Get<Verdicts>().DecideAsync(new VerdictWanted(one, other, PairRow.Same, "an", ""), default));
        }

        return host;
    }

    private static string Seen(string patient, string performer) =>
        $$$""","status":"final","code":{"text":"Huyết áp"},"subject":{"reference":"Patient/{{{patient}}}"},"performer":[{"reference":"{{{performer}}}"}]""";

    private static Task<CommitResult> PutAsync(PeopleHost host, string type, string id, string more) => host.Store.CommitAsync(
        new Commit { Writes = [new Write(WriteKind.Put, type, id, Encoding.UTF8.GetBytes($$"""{"resourceType":"{{type}}","id":"{{id}}"{{more}}}"""))], Actor = "test" }, default);

    private static async Task<List<string>> WalkAsync(HttpClient client, string path)
    {
        var found = new List<string>();
        for (var next = path; next is not null;)
        {
            using var answer = await client.GetAsync(next);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode, text);
            var bundle = JsonDocument.Parse(text).RootElement;
            found.AddRange(Names(bundle));
            next = Next(bundle);
        }

        return found;
    }

    private static IEnumerable<string> Names(JsonElement bundle) => bundle.TryGetProperty("entry", out var entries)
        ? entries.EnumerateArray().Select(e => e.GetProperty("resource")).Select(r => $"{r.GetProperty("resourceType").GetString()}/{r.GetProperty("id").GetString()}")
        : [];

    private static string? Next(JsonElement bundle) => bundle.GetProperty("link").EnumerateArray().Where(l => l.GetProperty("relation").GetString() == "next").Select(l => l.GetProperty("url").GetString()).FirstOrDefault();
}
