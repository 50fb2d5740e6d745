using System.Net;
using System.Text.RegularExpressions;
using Mach.Data;
using Mach.Testing;

namespace Mach.Chart.Tests;

/// <summary>A doctor of one facility at the pages: who was cared for there is open, the rest of the register is not there, until an emergency opens one record.</summary>
public sealed partial class EmergencyTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task What_the_facility_has_not_cared_for_is_not_there(DbEngine engine)
    {
        await using var host = await ChartHost.StartAsync(engine);
        await Lives.LongAsync(host.Store, "p-life", 6);
        await Lives.NeighboursAsync(host.Store);
        var doctor = await host.BrowserAsync("doctor-25001");
        Assert.Equal(HttpStatusCode.OK, (await doctor.GetAsync("/people/p-life")).Status);
        var found = await doctor.GetAsync("/people?q=nguyen+thi+dao");
        Assert.Contains("p-life", found.Html, StringComparison.Ordinal);

        // Somebody who exists and somebody who does not: one answer.
        var (hidden, nobody) = (await doctor.GetAsync("/people/p-an"), await doctor.GetAsync("/people/p-nobody"));
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (hidden.Status, nobody.Status));
        Assert.Equal(Token().Replace(nobody.Html, "").Replace("p-nobody", "", StringComparison.Ordinal), Token().Replace(hidden.Html, "").Replace("p-an", "", StringComparison.Ordinal));
        Assert.Contains("/emergency", hidden.Html, StringComparison.Ordinal);
        foreach (var words in new[] { "nguyen+van+an", "025065001234", "GD4252500001111", "0987654321" })
        {
            Assert.DoesNotContain("p-an", (await doctor.GetAsync("/people?q=" + words)).Html, StringComparison.Ordinal);
            Assert.DoesNotContain("p-an", (await doctor.FragmentAsync("/people?q=" + words)).Html, StringComparison.Ordinal);
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task An_emergency_opens_one_record_with_a_reason_and_waits_for_review(DbEngine engine)
    {
        await using var host = await ChartHost.StartAsync(engine);
        await Lives.NeighboursAsync(host.Store);
        var doctor = await host.BrowserAsync("doctor-25001");
        Assert.Contains("role=\"alert\"", (await PostAsync(doctor, "/emergency", ("number", "025065001234"), ("reason", "vội"))).Html, StringComparison.Ordinal);
        foreach (var number in new[] { "nguyen van an", "0987654321", "025065009999", "", "'; DROP TABLE res; --" })
        {
            var refused = await PostAsync(doctor, "/emergency", ("number", number), ("reason", "Bất tỉnh, đưa vào cấp cứu"));
            Assert.Equal((HttpStatusCode.OK, true), (refused.Status, refused.Html.Contains("role=\"alert\"", StringComparison.Ordinal)));
        }

        Assert.Equal(HttpStatusCode.NotFound, (await doctor.GetAsync("/people/p-an")).Status);
        var opened = await PostAsync(doctor, "/emergency", ("number", "025065001234"), ("reason", "Bất tỉnh, <script>đưa vào</script> cấp cứu"));
        Assert.Equal("/people/p-an", opened.Location);
        Assert.Contains("Nguyễn Văn An", (await doctor.GetAsync("/people/p-an")).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await doctor.GetAsync("/people/p-an2")).Status);
        // The first is the look that was refused before.
        Assert.Equal(["chart-open-record", "emergency-open", "record-open"], (await host.Log.ListAsync("p-an", 10, default)).Select(e => e.Event.Action).Order(StringComparer.Ordinal));

        var officer = await host.BrowserAsync("data-officer");
        var reviews = await officer.GetAsync("/emergency/reviews");
        Assert.Contains("doctor-25001", reviews.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>đưa", reviews.Html, StringComparison.Ordinal);
        var id = reviews.Between("action=\"/emergency/reviews/", "\"");
        Assert.Equal("/emergency/reviews", (await PostAsync(officer, "/emergency/reviews/" + id, ("verdict", "Justified"), ("note", "Đúng ca cấp cứu"))).Location);
        Assert.Contains("refused", (await PostAsync(officer, "/emergency/reviews/" + id, ("verdict", "NotJustified"))).Location, StringComparison.Ordinal);

        await PostAsync(doctor, "/emergency/close", ("person", "p-an"));
        Assert.Equal(HttpStatusCode.NotFound, (await doctor.GetAsync("/people/p-an")).Status);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Only_who_treats_opens_and_only_who_answers_for_data_reviews(DbEngine engine)
    {
        await using var host = await ChartHost.StartAsync(engine);
        foreach (var (role, ask, review) in new[] { ("registrar", false, false), ("administrator", false, false), ("doctor-25001", true, false), ("data-officer", false, true) })
        {
            var browser = await host.BrowserAsync(role);
            Assert.Equal((ask, review), ((await browser.GetAsync("/emergency")).Status == HttpStatusCode.OK, (await browser.GetAsync("/emergency/reviews")).Status == HttpStatusCode.OK));
        }

        Assert.NotEqual(HttpStatusCode.OK, (await (await host.BrowserAsync(null)).GetAsync("/emergency")).Status);
    }

    private static async Task<Answer> PostAsync(Browser browser, string path, params (string Name, string Value)[] form)
    {
        var page = await browser.GetAsync("/");
        return await browser.PostAsync(path, [.. form, ("__RequestVerificationToken", page.Between("name=\"__RequestVerificationToken\" value=\"", "\""))]);
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"[^\"]*\"")]
    private static partial Regex Token();
}
