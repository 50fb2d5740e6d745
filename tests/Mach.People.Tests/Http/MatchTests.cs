using System.Net;
using System.Text;
using System.Text.Json;
using Mach.Data;
using Mach.People.Profiles;
using Mach.Testing;

namespace Mach.People.Tests.Http;

public sealed class MatchTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private const string Phone = ""","telecom":[{"system":"phone","value":"0912 345 678"}],"address":[{"text":"Khu 3, Phường Việt Trì, Tỉnh Phú Thọ"}]""";

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Patients_written_through_any_door_are_found_at_once_by_what_was_typed_badly(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        await host.PutPatientAsync("hoa", "Nguyễn Thị Hòa Bình", "1984-03-12", "female", Phone);
        await host.PutPatientAsync("nam", "Trần Văn Nam", "1984-03-12", "male");
        var fhir = await host.FhirAsync();
        var bundle = await MatchAsync(fhir, """{"resourceType":"Patient","name":[{"text":"nguyeenx thij hoaf binhf"}],"gender":"female","birthDate":"1984-12-03","telecom":[{"value":"+84 912 345 678"}],"address":[{"text":"Khu 3, Phường Việt Trì"}]}""");
        var entry = Assert.Single(bundle.GetProperty("entry").EnumerateArray().ToArray());
        Assert.Equal("hoa", entry.GetProperty("resource").GetProperty("id").GetString());
        Assert.Equal("certain", Grade(entry));
        Assert.InRange(entry.GetProperty("search").GetProperty("score").GetDouble(), 0.99, 1);
        Assert.Equal("searchset", bundle.GetProperty("type").GetString());
        Assert.Contains("swapped", entry.GetProperty("search").GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_deleted_patient_is_found_no_more_and_a_changed_one_by_its_new_name(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        await host.PutPatientAsync("a", "Lê Thị Khuê", "1990-05-20", "female", Phone);
        var fhir = await host.FhirAsync();
        const string Sought = """{"resourceType":"Patient","name":[{"text":"Lê Thị Khuê"}],"gender":"female","birthDate":"1990-05-20"}""";
        Assert.Equal(1, (await MatchAsync(fhir, Sought)).GetProperty("total").GetInt32());
        await host.PutPatientAsync("a", "Khuất Thị Nhàn", "1971-11-02", "female");
        Assert.Equal(0, (await MatchAsync(fhir, Sought)).GetProperty("total").GetInt32());
        Assert.Equal(1, (await MatchAsync(fhir, """{"resourceType":"Patient","name":[{"text":"Khuat Thi Nhan"}],"birthDate":"1971-11-02"}""")).GetProperty("total").GetInt32());
        using var deleted = await fhir.DeleteAsync("/fhir/Patient/a");
        Assert.Equal(0, (await MatchAsync(fhir, """{"resourceType":"Patient","name":[{"text":"Khuat Thi Nhan"}],"birthDate":"1971-11-02"}""")).GetProperty("total").GetInt32());
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Only_certain_matches_are_one_or_none(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        await host.PutPatientAsync("a", "Lê Thị Khuê", "1990-05-20", "female", Phone);
        await host.PutPatientAsync("b", "Lê Thị Khuê", "1990-05-20", "female", Phone);
        var fhir = await host.FhirAsync();
        var sought = $$"""{"resourceType":"Patient","name":[{"text":"Lê Thị Khuê"}],"gender":"female","birthDate":"1990-05-20"{{Phone}}}""";
        Assert.Equal(2, (await MatchAsync(fhir, sought)).GetProperty("total").GetInt32());
        Assert.Equal(1, (await MatchAsync(fhir, sought, """,{"name":"count","valueInteger":1}""")).GetProperty("total").GetInt32());
        Assert.Equal(0, (await MatchAsync(fhir, sought, """,{"name":"onlyCertainMatches","valueBoolean":true}""")).GetProperty("total").GetInt32());
        await host.PutPatientAsync("b", "Trần Văn Nam", "1960-01-02", "male");
        Assert.Equal(1, (await MatchAsync(fhir, sought, """,{"name":"onlyCertainMatches","valueBoolean":true}""")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task What_is_no_patient_is_refused_with_what_to_do()
    {
        await using var host = await PeopleHost.StartAsync(DbEngine.Sqlite);
        var fhir = await host.FhirAsync();
        foreach (var (body, expected) in new[]
        {
            ("""{"resourceType":"Parameters"}""", "'resource'"),
            ("""{"resourceType":"Observation"}""", "Patient"),
            ("""{"resourceType":"Parameters","parameter":[{"name":"resource","resource":{"resourceType":"Patient"}},{"name":"onlyCertainMatches","valueString":"perhaps"}]}""", "true or false"),
        })
        {
            using var answer = await fhir.PostAsync("/fhir/Patient/$match", Json(body));
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains(expected, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_rebuild_gives_the_same_profiles(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        for (var i = 0; i < 30; i++)
        {
            await host.PutPatientAsync($"p{i}", $"Nguyễn Văn An {(char)('a' + i)}", $"19{60 + i}-05-20", "male", Phone);
        }

        var follower = host.Get<Follower>();
        Assert.True(await follower.CatchUpAsync(default));
        var before = await ProfilesAsync(host);
        Assert.Equal(30, before.Count);
        Assert.Equal(30, await follower.RebuildAsync(null, default));
        Assert.Equal(before, await ProfilesAsync(host));
        Assert.True(await follower.CatchUpAsync(default));
        Assert.Equal(before, await ProfilesAsync(host));
    }

    private static async Task<List<(string, int, string)>> ProfilesAsync(PeopleHost host) =>
        [.. (await host.Get<ProfileTable>().SampleAsync(long.MinValue, 1000, default)).Select(r => (r.Patient, r.Version, Convert.ToHexString(r.Facts)))];

    private static async Task<JsonElement> MatchAsync(HttpClient fhir, string patient, string more = "")
    {
        using var answer = await fhir.PostAsync("/fhir/Patient/$match", Json($$"""{"resourceType":"Parameters","parameter":[{"name":"resource","resource":{{patient}}}{{more}}]}"""));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement.Clone();
    }

    private static string? Grade(JsonElement entry) =>
        entry.GetProperty("search").GetProperty("extension")[0].GetProperty("valueCode").GetString();

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/fhir+json");
}
