using System.Net;
using System.Text.Json;
using Mach.Access;
using Mach.Access.Audit;
using Mach.Access.Tests;
using Mach.Data;
using Mach.Fhir.Validation;
using Mach.Testing;
using Microsoft.Extensions.DependencyInjection;
using Browser = Mach.Access.Tests.Browser;

namespace Mach.FhirApi.Tests.Interactions;

/// <summary>The trail as AuditEvents. Sources: http://hl7.org/fhir/R4/auditevent.html; https://profiles.ihe.net/ITI/BALP/1.1.4/content.html.</summary>
public sealed class AuditTrailSearchTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private static readonly AuditEntry[] Lines =
    [
        new() { AtUs = Us("2026-05-01T01:00:00Z"), Actor = "bs.lan", Kind = AuditActor.Person, Roles = ["doctor"], Facility = "25001", Session = "s1", Address = "10.1.1.1", Action = AuditAction.Read, What = "chart-open-record", Door = "GET /people/{id}", Persons = ["p1"], Resource = "p1", Purpose = "TREAT", Shown = 9 },
        new() { AtUs = Us("2026-05-01T02:00:00Z"), Actor = "may-1", Kind = AuditActor.Program, Address = "10.1.1.2", Action = AuditAction.Execute, What = "fhir-search", Door = "GET /fhir/{type}", Persons = ["p1", "p2"], Resource = "Observation", Query = "patient,code", QueryHash = "abcd", Shown = 2 },
        new() { AtUs = Us("2026-05-02T03:00:00Z"), Actor = "may-1", Kind = AuditActor.Program, Action = AuditAction.Update, What = "fhir-update", Door = "PUT /fhir/{type}/{id}", Persons = ["p2"], Resource = "Patient/p2" },
        new() { AtUs = Us("2026-05-02T04:00:00Z"), Actor = "bs.mai", Kind = AuditActor.Person, Roles = ["doctor"], Facility = "25002", Action = AuditAction.Read, What = "denied", Door = "GET /people/{id}", Persons = ["p1"], Outcome = AccessOutcome.Denied, Detail = "confidential" },
        new() { AtUs = Us("2026-05-03T05:00:00Z"), Actor = "?", Kind = AuditActor.Nobody, Address = "10.9.9.9", Action = AuditAction.Execute, What = "sign-in", Outcome = AccessOutcome.Failed },
        new() { AtUs = Us("2026-05-03T06:00:00Z"), Actor = "mach", Kind = AuditActor.House, Action = AuditAction.Execute, What = "policy-propose", Detail = "\"x\"\n<y>" },
        new() { AtUs = Us("2026-05-03T07:00:00Z"), Actor = "may-1", Kind = AuditActor.Program, Action = AuditAction.Delete, What = "fhir-delete", Door = "DELETE /fhir/{type}/{id}", Resource = "Basic/b" },
    ];

    [Theory, MemberData(nameof(Engines))]
    public async Task Each_line_is_a_valid_event_and_searches_find_what_they_say(DbEngine engine)
    {
        await using var host = await (await AccessHost.StartAsync(engine)).WithPeopleAsync();
        var trail = host.App.Services.GetRequiredService<AuditTrail>();
        foreach (var line in Lines)
        {
            trail.Append(line);
        }

        var officer = await host.SignedInBrowserAsync(Roles.DataOfficer);
        var all = await EventsAsync(officer, "date=ge2026-05-01&date=lt2026-06-01&_count=100");
        Assert.Equal(Lines.Length, all.Count);
        foreach (var e in all)
        {
            Assert.Empty(ResourceValidator.Validate(e).Where(i => i.Severity is IssueSeverity.Error or IssueSeverity.Fatal).Select(i => $"{i.Expression} {i.Diagnostics}"));
            Assert.Equal(AuditEvents.Source, e.GetProperty("meta").GetProperty("source").GetString());
            var one = await (await officer.GetAsync("/fhir/AuditEvent/" + e.GetProperty("id").GetString())).JsonAsync();
            Assert.Equal(e.GetRawText(), one.GetRawText());
        }

        (string Search, int[] Found)[] searches =
        [
            ("patient=p1", [3, 1, 0]), ("patient=Patient/p2", [2, 1]), ("entity=Patient/p1", [3, 1, 0]), ("patient=p1&entity=Patient/p2", []),
            ("agent=may-1", [6, 2, 1]), ("agent:identifier=urn:mach:account|bs.lan", [0]), ("outcome=8", [3]), ("outcome=4", [4]),
            ("type=110114", [4]), ("type=rest", [6, 5, 3, 2, 1, 0]), ("action=E&agent=may-1", [1]), ("subtype=urn:mach:door|fhir-update", [2]),
            ("date=2026-05-02", [3, 2]), ("date=gt2026-05-02", [6, 5, 4]), ("date=le2026-05-01", [1, 0]), ("address=10.1.1.2", [1]), ("_sort=date&agent=may-1", [1, 2, 6]), ("patient=nobody", []),
        ];
        foreach (var (search, found) in searches)
        {
            var events = await EventsAsync(officer, search + "&date=ge2026-05-01&date=lt2026-06-01");
            Assert.Equal((search, string.Join(',', found.Select(i => Lines[i].AtUs))), (search, string.Join(',', events.Select(e => Us(e.GetProperty("recorded").GetString()!)))));
        }

        var count = await (await officer.GetAsync("/fhir/AuditEvent?patient=p1&_summary=count&date=ge2026-05-01&date=lt2026-06-01")).JsonAsync();
        Assert.Equal(3, count.GetProperty("total").GetInt32());
        foreach (var wrong in new[] { "source=x", "type=abc", "date=hier", "_sort=agent", "entity=Observation/1", "patient=a b", "_count=x" })
        {
            Assert.Equal((wrong, HttpStatusCode.BadRequest), (wrong, (await officer.GetAsync("/fhir/AuditEvent?" + wrong)).StatusCode));
        }

        // The search itself stands in the trail, under the person who was asked for.
        Assert.Contains(await EventsAsync(officer, "patient=p1"), e => e.GetRawText() is var text && text.Contains("\"fhir-search\"", StringComparison.Ordinal) && text.Contains($"\"value\":\"{Roles.DataOfficer}\"", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Events_follow_the_patterns_of_BALP(DbEngine engine)
    {
        await using var host = await (await AccessHost.StartAsync(engine)).WithPeopleAsync();
        foreach (var line in Lines)
        {
            host.App.Services.GetRequiredService<AuditTrail>().Append(line);
        }

        var officer = await host.SignedInBrowserAsync(Roles.DataOfficer);
        var events = await EventsAsync(officer, "_sort=date&date=ge2026-05-01&date=lt2026-06-01");
        string?[] profiles = ["PatientRead", null, "PatientUpdate", null, null, null, "Delete"];
        for (var i = 0; i < profiles.Length; i++)
        {
            var profile = events[i].GetProperty("meta").TryGetProperty("profile", out var given) ? given[0].GetString()!.Split('.')[^1] : null;
            Assert.Equal((i, profiles[i]), (i, profile));
        }

        static string[] Types(JsonElement e) => [.. e.GetProperty("agent").EnumerateArray().Select(a => a.GetProperty("type").GetProperty("coding")[0].GetProperty("code").GetString()!)];
        Assert.Equal(["110152", "110153", "IRCP"], Types(events[0]));
        Assert.Equal(["110153", "110152"], Types(events[1]));
        Assert.Equal("TREAT", events[0].GetProperty("agent")[2].GetProperty("purposeOfUse")[0].GetProperty("coding")[0].GetProperty("code").GetString());
        var query = events[1].GetProperty("entity")[0];
        Assert.Equal("24", query.GetProperty("role").GetProperty("code").GetString());
        Assert.Equal("GET /fhir/{type}?patient=&code=", System.Text.Encoding.UTF8.GetString(query.GetProperty("query").GetBytesFromBase64()));
        Assert.Equal(["Patient/p1", "Patient/p2"], events[1].GetProperty("entity").EnumerateArray().Skip(1).Select(e => e.GetProperty("what").GetProperty("reference").GetString()!));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Pages_follow_each_other_and_what_programs_wrote_stays_a_resource(DbEngine engine)
    {
        await using var host = await (await AccessHost.StartAsync(engine)).WithPeopleAsync();
        await host.WithClientAsync("system/*.cruds");
        foreach (var line in Lines)
        {
            host.App.Services.GetRequiredService<AuditTrail>().Append(line);
        }

        var officer = await host.SignedInBrowserAsync(Roles.DataOfficer);
        var seen = new List<string>();
        for (var next = "/fhir/AuditEvent?date=ge2026-05-01&date=lt2026-06-01&_count=3&_total=accurate"; next is not null;)
        {
            var bundle = await (await officer.GetAsync(next)).JsonAsync();
            Assert.Equal(Lines.Length, bundle.GetProperty("total").GetInt32());
            seen.AddRange(bundle.GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("resource").GetProperty("id").GetString()!));
            next = bundle.GetProperty("link").EnumerateArray().Where(l => l.GetProperty("relation").GetString() == "next").Select(l => new Uri(l.GetProperty("url").GetString()!).PathAndQuery).SingleOrDefault();
        }

        Assert.Equal(Lines.Length, seen.Distinct().Count());
        var program = await host.SignedInProgramAsync();
        const string Own = """{"resourceType":"AuditEvent","id":"own","type":{"system":"http://terminology.hl7.org/CodeSystem/audit-event-type","code":"rest"},"recorded":"2026-05-01T00:00:00Z","agent":[{"requestor":true}],"source":{"observer":{"display":"app"}}}""";
        Assert.Equal(HttpStatusCode.Created, (await program.PutAsync("/fhir/AuditEvent/own", new StringContent(Own, System.Text.Encoding.UTF8, "application/fhir+json"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await officer.GetAsync("/fhir/AuditEvent/own")).StatusCode);
        Assert.Equal(["own"], (await EventsAsync(officer, "_source:not=urn:mach:audit-trail")).Select(e => e.GetProperty("id").GetString()));
        // Programs and doctors see what programs wrote, and nothing of the trail.
        var theirs = await (await program.GetAsync("/fhir/AuditEvent")).JsonAsync();
        Assert.Equal(["own"], theirs.GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("resource").GetProperty("id").GetString()));
        Assert.Equal(HttpStatusCode.NotFound, (await program.GetAsync("/fhir/AuditEvent/" + seen[0])).StatusCode);
        var doctor = await host.SignedInBrowserAsync(Roles.Doctor);
        Assert.Equal(HttpStatusCode.NotFound, (await doctor.GetAsync("/fhir/AuditEvent/" + seen[0])).StatusCode);
        Assert.DoesNotContain("audit-trail", await (await doctor.GetAsync("/fhir/AuditEvent")).Content.ReadAsStringAsync());
    }

    private static async Task<IReadOnlyList<JsonElement>> EventsAsync(Browser officer, string search)
    {
        var answer = await officer.GetAsync("/fhir/AuditEvent?" + search);
        Assert.True(answer.IsSuccessStatusCode, search + " " + await answer.Content.ReadAsStringAsync());
        var bundle = await answer.JsonAsync();
        return bundle.TryGetProperty("entry", out var entries) ? [.. entries.EnumerateArray().Select(e => e.GetProperty("resource"))] : [];
    }

    private static long Us(string instant) => (DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture).UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
