using System.Net;
using Mach.Access;
using Mach.Data;
using Mach.Testing;

namespace Mach.Care.Tests;

/// <summary>Allergies stand in the banner, and "none known" is a statement with a day. Source: http://hl7.org/fhir/R4/allergyintolerance.html.</summary>
public sealed class AllergyTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task An_allergy_is_written_corrected_refuted_and_stands_in_the_banner_while_it_holds(DbEngine engine)
    {
        await using var host = await CareHost.StartAsync(engine);
        // A nurse sees who lies on the ward.
        await host.Workplaces.AddPostAsync("test", "nurse", "25001", "w1", [Roles.Nurse], byRota: false, host.Clock.Now, null, default);
        var nurse = await host.BrowserAsync("nurse");
        var token = CareHost.Token(await nurse.GetAsync("/people/p1/allergies/new"));
        var answer = await nurse.PostAsync("/people/p1/allergies", token, ("substance", "40.155"), ("substance-text", "40.155 Amoxicilin"), ("category", "medication"), ("reactions", "ban đỏ, khó thở"), ("severity", "severe"), ("certainty", "confirmed"), ("criticality", "high"), ("onset", "2019"));
        var id = answer.Location!.Split("of=")[1].Split('&')[0];
        var body = await host.ReadAsync("AllergyIntolerance", id);
        Assert.Equal(("40.155", "Amoxicilin", "high", "severe", "2019", "confirmed"), ((string)body["code"]!["coding"]![0]!["code"]!, (string)body["code"]!["text"]!, (string)body["criticality"]!, (string)body["reaction"]![0]!["severity"]!, (string)body["onsetDateTime"]!, (string)body["verificationStatus"]!["coding"]![0]!["code"]!));
        Assert.Equal(2, body["reaction"]![0]!["manifestation"]!.AsArray().Count);
        var record = await (await host.BrowserAsync("doctor-25001")).GetAsync("/people/p1");
        Assert.Contains("Amoxicilin (ban đỏ)", record.Between("class=\"allergy\"", "</div>"), StringComparison.Ordinal);

        var address = "/people/p1/allergies/" + id;
        (string, string)[] Form(string version, string what, string reason) => [token, ("version", version), ("substance-text", "Amoxicilin"), ("certainty", "unconfirmed"), ("do", what), ("reason", reason)];
        Assert.Contains("care=allergy-changed", (await nurse.PostAsync(address, Form("1", "save", ""))).Location, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await nurse.PostAsync(address, Form("1", "save", ""))).Status);
        Assert.Contains("care=allergy-refuted", (await nurse.PostAsync(address, Form("2", "refute", "Test lẩy da âm tính"))).Location, StringComparison.Ordinal);
        Assert.Equal("refuted", (string)(await host.ReadAsync("AllergyIntolerance", id))["verificationStatus"]!["coding"]![0]!["code"]!);
        Assert.DoesNotContain("Amoxicilin", (await nurse.GetAsync("/people/p1")).Html, StringComparison.Ordinal);
        // The way back from the toast.
        Assert.Equal("/people/p1?care=undone#care", (await nurse.PostAsync(address + "/undo", token, ("version", "3"))).Location);
        Assert.Contains("Amoxicilin", (await nurse.GetAsync("/people/p1")).Html, StringComparison.Ordinal);
        Assert.Contains("care=allergy-wrong", (await nurse.PostAsync(address, Form("4", "wrong", "Của người khác"))).Location, StringComparison.Ordinal);
        Assert.Null((await host.ReadAsync("AllergyIntolerance", id))["clinicalStatus"]);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task None_known_is_stated_renewed_and_ended_by_the_first_allergy(DbEngine engine)
    {
        await using var host = await CareHost.StartAsync(engine);
        var doctor = await host.BrowserAsync("doctor-25001");
        var token = CareHost.Token(await doctor.GetAsync("/people/p1/allergies/new"));
        Assert.Contains("Chưa ai ghi về dị ứng", (await doctor.GetAsync("/people/p1")).Html, StringComparison.Ordinal);
        Assert.Contains("care=allergy-none", (await doctor.PostAsync("/people/p1/allergies/none", token)).Location, StringComparison.Ordinal);
        Assert.Matches("Không có dị ứng đã biết</span>\\s*<span class=\"muted\">\\s*20/11/2026", (await doctor.GetAsync("/people/p1")).Html);
        host.Clock.Advance(TimeSpan.FromDays(1));
        doctor = await host.BrowserAsync("doctor-25001");
        token = CareHost.Token(await doctor.GetAsync("/people/p1/allergies/new"));
        await doctor.PostAsync("/people/p1/allergies/none", token);
        Assert.Single(await host.AllAsync("AllergyIntolerance", "p1"));
        await doctor.PostAsync("/people/p1/allergies", token, ("substance-text", "Tôm"), ("category", "food"));
        Assert.Equal(["active", "inactive"], (await host.AllAsync("AllergyIntolerance", "p1")).Select(a => (string)a["clinicalStatus"]!["coding"]![0]!["code"]!).Order());
        Assert.Equal("/people/p1?care=allergy-known#care", (await doctor.PostAsync("/people/p1/allergies/none", token)).Location);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task What_cannot_be_kept_stays_in_the_form_and_others_are_refused(DbEngine engine)
    {
        await using var host = await CareHost.StartAsync(engine);
        var doctor = await host.BrowserAsync("doctor-25001");
        var token = CareHost.Token(await doctor.GetAsync("/people/p1/allergies/new"));
        foreach (var (name, value, said) in new[] { ("substance-text", "", "Hãy ghi chất gây dị ứng"), ("onset", "31/2/2020", "Ngày không đọc được"), ("severity", "mild", "hãy ghi phản ứng") })
        {
            var form = new Dictionary<string, string> { ["substance-text"] = "Tôm", ["note"] = "chữ đã gõ", [name] = value };
            var refused = await doctor.PostAsync("/people/p1/allergies", [token, .. form.Select(f => (f.Key, f.Value))]);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
            Assert.Contains(said, refused.Html, StringComparison.Ordinal);
            Assert.Contains("chữ đã gõ", refused.Html, StringComparison.Ordinal);
        }

        foreach (var (account, status) in new[] { ("data-officer", 403), ("registrar", 403), ("person", 403), ("doctor-25012", 404) })
        {
            Assert.Equal(status, (int)(await (await host.BrowserAsync(account)).GetAsync("/people/p1/allergies/new")).Status);
        }
    }
}
