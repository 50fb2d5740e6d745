using System.Net;
using System.Text;
using Mach.Access;
using Mach.Contracts.People;
using Mach.Data;
using Mach.People.Pairs;
using Mach.Store;
using Mach.Testing;

namespace Mach.People.Tests.Http;

public sealed class PairPageTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task An_officer_sees_both_side_by_side_decides_and_takes_back(DbEngine engine)
    {
        await using var host = await AskedAsync(engine);
        var officer = await host.BrowserAsync(Roles.DataOfficer);
        var list = await officer.GetAsync("/questions/pairs");
        Assert.Contains("Hán Thị Mùi", list.Text, StringComparison.Ordinal);
        Assert.Contains("data-key=\"s\"", list.Text, StringComparison.Ordinal);
        Assert.Contains("Phường Âu Cơ", list.Text, StringComparison.Ordinal);
        (string, string)[] pair = [("one", "p1"), ("other", "p2"), ("why", "hỏi gia đình")];
        var decided = await officer.PostAsync("/questions/pairs", list, [.. pair, ("verdict", "different")]);
        var after = await officer.GetAsync(decided.Location!);
        Assert.Contains("Hai người khác nhau", after.Text, StringComparison.Ordinal);
        await officer.PostAsync("/questions/pairs", after, [.. pair, ("verdict", "undone")]);
        Assert.Contains("Hán Thị Mùi", (await officer.GetAsync("/questions/pairs")).Text, StringComparison.Ordinal);
        await officer.PostAsync("/questions/pairs", after, [.. pair, ("verdict", "later")]);
        Assert.Contains("Hán Thị Mùi", (await officer.GetAsync("/questions/pairs?state=later&lang=en")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await officer.PostAsync("/questions/pairs", after, [.. pair, ("verdict", "perhaps")])).Status);
        Assert.Equal(["different", "undone", "later"], (await host.Get<PairTable>().VerdictsAsync("p1", "p2", default)).Select(v => v.Verdict));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Taken_apart_both_charts_are_what_they_were_and_what_was_written_since_goes_where_the_officer_says(DbEngine engine)
    {
        await using var host = await AskedAsync(engine);
        await WriteAsync(host, "before", "p1");
        var (one, two, before) = (await host.BodyAsync("Patient", "p1"), await host.BodyAsync("Patient", "p2"), await host.BodyAsync("Observation", "before"));
        var officer = await host.BrowserAsync(Roles.DataOfficer);
        host.Database.Clock.Now += TimeSpan.FromMinutes(10);
        await officer.PostAsync("/questions/pairs", await officer.GetAsync("/questions/pairs"), ("one", "p2"), ("other", "p1"), ("verdict", "same"));
        Assert.Equal(["p1", "p2"], await host.Get<IPersonLinks>().LinkedAsync("p1", default));
        Assert.Contains("\"link\":[{\"other\":{\"reference\":\"Patient/p2\"},\"type\":\"seealso\"}]", await host.BodyAsync("Patient", "p1"), StringComparison.Ordinal);
        host.Database.Clock.Now += TimeSpan.FromMinutes(10);
        await WriteAsync(host, "mine", "p1");
        await WriteAsync(host, "hers", "p1");

        var page = await officer.GetAsync("/questions/pairs/p1/p2");
        Assert.Contains("Observation/hers", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Observation/before", page.Text, StringComparison.Ordinal);
        await officer.PostAsync("/questions/pairs/p1/p2", page, ("why", "hai chị em"), ("move", "Observation/before"));
        Assert.Equal(["p1", "p2"], await host.Get<IPersonLinks>().LinkedAsync("p1", default));

        var done = await officer.PostAsync("/questions/pairs/p1/p2", page, ("why", "hai chị em"), ("move", "Observation/hers"));
        Assert.Equal("/questions/pairs?state=undone", done.Location);
        Assert.Equal((one, two, before), (await host.BodyAsync("Patient", "p1"), await host.BodyAsync("Patient", "p2"), await host.BodyAsync("Observation", "before")));
        Assert.Contains("Patient/p1", await host.BodyAsync("Observation", "mine"), StringComparison.Ordinal);
        Assert.Equal((await host.BodyAsync("Observation", "mine")).Replace("mine", "hers", StringComparison.Ordinal).Replace("Patient/p1", "Patient/p2", StringComparison.Ordinal), await host.BodyAsync("Observation", "hers"));
        var provenance = Encoding.UTF8.GetString((await host.Store.ChangedAsync("Provenance", 0, 10, default))[0].Body.Span);
        Assert.Contains("Observation/hers", provenance, StringComparison.Ordinal);
        Assert.Contains("hai chị em", provenance, StringComparison.Ordinal);
        using var answer = await (await host.FhirAsync()).PostAsync("/fhir/Provenance/$validate", new StringContent(provenance, Encoding.UTF8, "application/fhir+json"));
        Assert.DoesNotContain("\"error\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty((await host.Store.VerifyAsync(null, default)).Problems);
    }

    private static Task<CommitResult> WriteAsync(PeopleHost host, string id, string patient) => host.Store.CommitAsync(
        new Commit { Writes = [new Write(WriteKind.Put, "Observation", id, Encoding.UTF8.GetBytes($$$"""{"resourceType":"Observation","id":"{{{id}}}","status":"final","code":{"text":"Huyết áp"},"subject":{"reference":"Patient/{{{patient}}}"}}"""))], Actor = "test" }, default);

    private static async Task<PeopleHost> AskedAsync(DbEngine engine)
    {
        var host = await PeopleHost.StartAsync(engine);
        await host.PutPatientAsync("p1", "Hán Thị Mùi", "1955-06-07", "female", ""","address":[{"text":"Phường Việt Trì"}]""");
        await host.PutPatientAsync("p2", "Hán Thị Mùi", "1955-06-07", "female", ""","address":[{"text":"Phường Âu Cơ"}]""");
        Assert.Equal(1, (await host.Get<Sweep>().StepAsync(default)).Asked);
        return host;
    }
}
