using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Mach.Data;
using Mach.Demo;
using Mach.Testing;
using Mach.Vietnam;
using Mach.Vietnam.Bhyt;

namespace Mach.Server.Tests;

/// <summary>The whole way, through the front: a dossier in by the portal contract, one person's record out.</summary>
public sealed class PortalTests
{
    private static readonly DateOnly Today = new(2026, 6, 30);

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_dossier_becomes_a_record_and_nothing_else_does(DbEngine engine)
    {
        await using var hub = await HubProcess.StartAsync(engine);
        var (intake, bearer) = (await hub.IntakeTokenAsync(), await hub.ClientTokenAsync());
        var dossier = Sample();
        var envelope = Envelope(dossier);

        using (var taken = await hub.SendAsync(intake, envelope))
        {
            Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
            var answer = await taken.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal(1, answer.GetProperty("trangThai").GetInt32());
            Assert.Equal(JsonValueKind.Null, answer.GetProperty("maLoi").ValueKind);
            Assert.NotEmpty(answer.GetProperty("maGiaoDich").GetString()!);
        }

        var encounter = await EncounterAsync(hub, bearer, dossier);
        Assert.Equal("1", encounter.GetProperty("meta").GetProperty("versionId").GetString());
        await TheOriginalIsKeptExactly(hub, intake, dossier, envelope);
        await TheSameAgainChangesNothing(hub, intake, bearer, dossier, envelope);
        await TheSameKeyFromAnotherFacilityIsAnotherVisit(hub, intake, bearer, dossier);
        await UnreadableEnvelopesChangeNothing(hub, intake, bearer);
        await hub.KillAsync();
        var (code, text) = await hub.CommandAsync("verify");
        Assert.True(code == 0, text);
        Assert.DoesNotContain(dossier.Summary["HO_TEN"]!, hub.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(dossier.Summary["SO_CCCD"]!, hub.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Two_clients_with_the_same_envelope_make_one_visit(DbEngine engine)
    {
        await using var hub = await HubProcess.StartAsync(engine);
        var (intake, bearer) = (await hub.IntakeTokenAsync(), await hub.ClientTokenAsync());
        var dossier = Sample();
        var envelope = Envelope(dossier);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => hub.SendAsync(intake, envelope)));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        var encounter = await EncounterAsync(hub, bearer, dossier);
        Assert.Equal("1", encounter.GetProperty("meta").GetProperty("versionId").GetString());
        using var people = await hub.GetAsync("/fhir/Patient?identifier=" + dossier.Summary["SO_CCCD"] + "&_summary=count", bearer);
        Assert.Equal(1, (await people.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Nothing_answers_without_sign_in()
    {
        await using var hub = await HubProcess.StartAsync(DbEngine.Sqlite);
        foreach (var path in new[] { "/", "/people?q=an", "/people/x", "/intake", "/facilities", "/questions", "/accounts", "/intake/dossiers/25001/X", "/fhir/Patient", "/fhir/Patient/x", "/fhir/Observation/_history" })
        {
            using var answer = await hub.GetAsync(path, accept: path.StartsWith("/fhir", StringComparison.Ordinal) ? "application/fhir+json" : "text/html");
            Assert.True(answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Redirect or HttpStatusCode.Found, $"{path} answered {answer.StatusCode}");
            Assert.True(answer.Headers.Location is null || answer.Headers.Location.ToString().Contains("/sign-in", StringComparison.Ordinal), path);
        }

        using var checkIn = await hub.SendAsync("not-a-token", Envelope(Sample()));
        Assert.Equal(HttpStatusCode.Unauthorized, checkIn.StatusCode);
    }

    internal static Dossier Sample() => new Province(1_000, today: Today).Dossiers()
        .First(d => !d.IsCheckIn && d["XML4"] is { Rows.Count: > 0 } && d["XML2"] is { Rows.Count: > 0 } && d.Summary.Get("SO_CCCD") is { Length: 12 });

    internal static byte[] Envelope(params Dossier[] dossiers)
    {
        using var bytes = new MemoryStream();
        EnvelopeWriter.Write(bytes, dossiers[0].FacilityCode, Today, dossiers);
        return bytes.ToArray();
    }

    private static async Task<JsonElement> EncounterAsync(HubProcess hub, string bearer, Dossier dossier)
    {
        using var found = await hub.GetAsync("/fhir/Encounter?identifier=" + Uri.EscapeDataString(Systems.EpisodeNumber(dossier.FacilityCode) + "|" + dossier.MaLk), bearer);
        var bundle = await found.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
        return Assert.Single(bundle.GetProperty("entry").EnumerateArray()).GetProperty("resource");
    }

    private static async Task TheOriginalIsKeptExactly(HubProcess hub, string intake, Dossier dossier, byte[] envelope)
    {
        using var kept = await hub.GetAsync($"/intake/dossiers/{dossier.FacilityCode}/{Uri.EscapeDataString(dossier.MaLk)}", intake, "application/xml");
        Assert.Equal(envelope, await kept.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync());
    }

    private static async Task TheSameAgainChangesNothing(HubProcess hub, string intake, string bearer, Dossier dossier, byte[] envelope)
    {
        using var again = await hub.SendAsync(intake, envelope);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal("1", (await EncounterAsync(hub, bearer, dossier)).GetProperty("meta").GetProperty("versionId").GetString());

        dossier.Summary["CHAN_DOAN_RV"] = "Chẩn đoán đã sửa lại";
        using var corrected = await hub.SendAsync(intake, Envelope(dossier));
        Assert.Equal(HttpStatusCode.OK, corrected.StatusCode);
        using var conditions = await hub.GetAsync($"/fhir/Condition?encounter=Encounter/{(await EncounterAsync(hub, bearer, dossier)).GetProperty("id").GetString()}", bearer);
        Assert.Contains("đã sửa lại", await conditions.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task TheSameKeyFromAnotherFacilityIsAnotherVisit(HubProcess hub, string intake, string bearer, Dossier dossier)
    {
        var other = new Dossier { FacilityCode = "25998", MaLk = dossier.MaLk };
        other.Tables.AddRange(dossier.Tables);
        other.Summary["MA_CSKCB"] = "25998";
        using var taken = await hub.SendAsync(intake, Envelope(other));
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        Assert.Equal("1", (await EncounterAsync(hub, bearer, other)).GetProperty("meta").GetProperty("versionId").GetString());
        using var organization = await hub.GetAsync("/fhir/Organization/cskcb-25998", bearer);
        Assert.Equal(HttpStatusCode.OK, organization.StatusCode);
    }

    private static async Task UnreadableEnvelopesChangeNothing(HubProcess hub, string intake, string bearer)
    {
        var good = Encoding.UTF8.GetString(Envelope(Sample()));
        var before = await CountAsync(hub, bearer);
        string[] bad =
        [
            "",
            "   ",
            "not xml",
            good[..^30],
            good.Replace("<SOLUONGHOSO>1<", "<SOLUONGHOSO>2<", StringComparison.Ordinal),
            "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><GIAMDINHHS>&b;</GIAMDINHHS>",
            "<!DOCTYPE x [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><GIAMDINHHS>&f;</GIAMDINHHS>",
            "<GIAMDINHHS/>",
        ];
        foreach (var text in bad)
        {
            using var answer = await hub.SendAsync(intake, Encoding.UTF8.GetBytes(text));
            Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{text[..Math.Min(40, text.Length)]} → {answer.StatusCode}");
            Assert.NotEmpty((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("maLoi").GetString()!);
        }

        Assert.Equal(before, await CountAsync(hub, bearer));
    }

    private static async Task<int> CountAsync(HubProcess hub, string bearer)
    {
        using var found = await hub.GetAsync("/fhir/Encounter?_summary=count", bearer);
        return (await found.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("total").GetInt32();
    }
}
