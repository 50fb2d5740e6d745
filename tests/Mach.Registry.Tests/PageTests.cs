using System.Net;
using System.Text;
using Mach.Registry.Practitioners;

namespace Mach.Registry.Tests;

/// <summary>What an officer does with the pages, and who may.</summary>
public sealed class PageTests
{
    private static readonly (string, string)[] Merge =
    [
        ("kind", "merge"), ("date", "2026-12-01"), ("legal", "NQ 99/2026"), ("code1", "05999"), ("name1", "Phường Sông Đà"), ("type1", "ward"), ("from1", "04795"), ("to1", "1"), ("from2", "04792"), ("to2", "1"),
    ];

    [Fact]
    public async Task A_succession_is_previewed_with_equal_totals_entered_and_undone()
    {
        await using var host = await PageHost.StartAsync();
        var officer = await host.BrowserAsync("data-officer");
        var preview = await officer.PostAsync("/successions/new", "/successions", [.. Merge, ("action", "preview")]);
        Assert.Equal(HttpStatusCode.OK, preview.Status);
        var total = preview.Html[preview.Html.IndexOf("<tr class=\"strong\">", StringComparison.Ordinal)..];
        // Before and after by unit; the old total, the new unit and the new total by boundary.
        Assert.Equal(6, total.Split("92.921").Length);
        Assert.Contains("id=\"by-boundary\"", preview.Html, StringComparison.Ordinal);
        Assert.Equal(2, (await host.Books.CurrentAsync(default)).Number);

        var entered = await officer.PostAsync("/successions/new", "/successions", [.. Merge, ("action", "apply")]);
        Assert.Equal("/units/xa-05999?date=2026-12-01", entered.Location);
        var map = await host.Units.AsKnownAsync(null, default);
        var day = new DateOnly(2026, 12, 1);
        Assert.Equal((147, 148), (map.All(day).Count(u => u.Level == Contracts.Registry.UnitLevel.Commune), map.All(day.AddDays(-1)).Count(u => u.Level == Contracts.Registry.UnitLevel.Commune)));
        Assert.Equal("tinh-phu-tho", map.Ancestors("xa-05999", Contracts.Registry.Hierarchies.Administrative, day)[0].Id);
        var again = await officer.PostAsync("/successions/new", "/successions", [.. Merge, ("action", "apply")]);
        Assert.Contains("role=\"alert\"", again.Html, StringComparison.Ordinal);

        Assert.Contains("/registry/changes/3/undo", (await officer.GetAsync("/units/xa-05999?date=2026-12-01")).Html, StringComparison.Ordinal);
        Assert.Equal("/units/xa-04795", (await officer.PostAsync("/units/xa-04795", "/registry/changes/3/undo", ("why", "nhầm"), ("back", "/units/xa-04795"))).Location);
        Assert.Equal(148, (await host.Units.AsKnownAsync(null, default)).All(day).Count(u => u.Level == Contracts.Registry.UnitLevel.Commune));
    }

    [Fact]
    public async Task An_event_of_many_units_gets_the_rows_it_needs()
    {
        await using var host = await PageHost.StartAsync();
        var officer = await host.BrowserAsync("data-officer");
        var longer = await officer.PostAsync("/successions/new", "/successions", [.. Merge, ("action", "more")]);
        Assert.Contains("name=\"from12\"", longer.Html, StringComparison.Ordinal);
        Assert.Contains("name=\"name6\"", longer.Html, StringComparison.Ordinal);
        Assert.Contains("value=\"NQ 99/2026\"", longer.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("role=\"alert\"", longer.Html, StringComparison.Ordinal);

        string[] parts = ["04828", "04831", "04846", "04849", "04873", "04876", "04891"];
        var many = Merge.Concat(parts.SelectMany((code, i) => new[] { ($"from{i + 3}", code), ($"to{i + 3}", "1") })).ToArray();
        Assert.Equal("/units/xa-05999?date=2026-12-01", (await officer.PostAsync("/successions/new", "/successions", [.. many, ("action", "apply")])).Location);
        var map = await host.Units.AsKnownAsync(null, default);
        Assert.Equal(140, map.All(new DateOnly(2026, 12, 1)).Count(u => u.Level == Contracts.Registry.UnitLevel.Commune));
    }

    [Theory]
    [InlineData("legal", "", "văn bản")]
    [InlineData("kind", "melt", "không có")]
    [InlineData("type1", "moon", "không có")]
    [InlineData("pop1", "0.5", "cộng lại")]
    [InlineData("pop1", "nhiều", "không phải tỷ lệ")]
    [InlineData("from1", "99999", "không tồn tại")]
    [InlineData("code1", "04828", "đang là của")]
    [InlineData("to2", "7", "phải là đơn vị")]
    [InlineData("date", "", "Cần ngày")]
    public async Task A_plan_that_cannot_be_is_refused_and_says_why(string field, string value, string says)
    {
        await using var host = await PageHost.StartAsync();
        var officer = await host.BrowserAsync("administrator");
        var answer = await officer.PostAsync("/successions/new", "/successions", [.. Merge.Where(f => f.Item1 != field), (field, value), ("action", "apply")]);
        Assert.Contains(says, answer.Html, StringComparison.Ordinal);
        var beside = answer.Html[(answer.Html.IndexOf($"id=\"{field}-error\">", StringComparison.Ordinal) + field.Length)..];
        Assert.Contains(says, beside[..beside.IndexOf("</span>", StringComparison.Ordinal)], StringComparison.Ordinal);
        Assert.Equal(2, (await host.Books.CurrentAsync(default)).Number);
    }

    [Fact]
    public async Task A_file_is_uploaded_looked_at_applied_and_its_people_are_shown_with_their_licences()
    {
        await using var host = await PageHost.StartAsync();
        var officer = await host.BrowserAsync("data-officer");
        var people = Encoding.UTF8.GetBytes("personal_id,name,licence,scope,issued,expiry,facility,post_from\n025080000001,Nguyễn Thị Thử,000123/PT-GPHN,02,2024-01-01,2027-01-15,25001,2024-02-01\n");
        var upload = await officer.UploadAsync("practitioners", "nhan-luc.csv", people);
        Assert.Contains("Nguyễn Thị Thử", (await officer.GetAsync(upload.Location!)).Html, StringComparison.Ordinal);
        Assert.Equal(upload.Location, (await officer.PostAsync(upload.Location!, upload.Location + "/apply")).Location);
        var list = await officer.GetAsync("/practitioners?q=thu&state=expiring");
        Assert.Contains("000123/PT-GPHN", list.Html, StringComparison.Ordinal);
        var id = PractitionerBodies.Id("025080000001");
        await officer.PostAsync("/practitioners/" + id, $"/practitioners/{id}/licence", ("licence", "000123/PT-GPHN"), ("state", "suspended"), ("from", "2026-11-01"), ("to", ""), ("why", "QĐ 5"));
        Assert.Contains("Đình chỉ", (await officer.GetAsync("/practitioners?state=suspended")).Html.Split("</main>")[0].Split("</form>")[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("025080000001", (await (await host.BrowserAsync("doctor")).GetAsync("/practitioners/" + id)).Html, StringComparison.Ordinal);
        var bad = await officer.UploadAsync("facilities", "x.csv", "code,name\n1,A\n"u8.ToArray());
        Assert.Contains("2:A code", (await officer.GetAsync(bad.Location!)).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_correction_needs_a_day_of_life_and_a_reason_and_keeps_history()
    {
        await using var host = await PageHost.StartAsync();
        var officer = await host.BrowserAsync("data-officer");
        await officer.PostAsync("/units/xa-04828", "/units/xa-04828", ("aspect", "name"), ("value", "Phường Thống Nhất Mới"), ("from", "2026-01-01"), ("why", "đính chính"));
        var page = await officer.GetAsync("/units/xa-04828");
        Assert.Contains("<h1>Phường Thống Nhất Mới</h1>", page.Html, StringComparison.Ordinal);
        Assert.Contains("đính chính", page.Html, StringComparison.Ordinal);
        Assert.Contains("<h1>Phường Thống Nhất</h1>", (await officer.GetAsync("/units/xa-04828?known=2026-11-24")).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await officer.GetAsync("/units/nowhere")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await officer.PostAsync("/units/xa-04828", "/units/nowhere", ("aspect", "name"), ("value", "X"), ("from", "2026-01-01"), ("why", "thử"))).Status);
    }

    [Theory]
    [InlineData("name", "", "2026-01-01", "thử", "value", "1 đến 255")]
    [InlineData("name", "Phường X", "2026-01-01", " ", "why", "lý do")]
    [InlineData("name", "Phường X", "khi nào", "thử", "from", "Cần ngày")]
    [InlineData("name", "Phường X", "2019-01-01", "thử", "from", "không tồn tại")]
    [InlineData("population", "-5", "2026-01-01", "thử", "value", "số người")]
    [InlineData("population", "12,5", "2026-01-01", "thử", "value", "số người")]
    [InlineData("area", "rộng", "2026-01-01", "thử", "value", "km²")]
    [InlineData("code", "04831", "2026-01-01", "thử", "value", "Xã Đà Bắc")]
    [InlineData("code", "mã dài quá đi", "2026-01-01", "thử", "value", "1 đến 10")]
    [InlineData("moon", "X", "2026-01-01", "thử", "aspect", "Không sửa được")]
    public async Task A_correction_that_cannot_be_says_why_beside_the_field_and_keeps_what_was_typed(string aspect, string value, string from, string why, string field, string says)
    {
        await using var host = await PageHost.StartAsync();
        var officer = await host.BrowserAsync("data-officer");
        var before = (await host.Books.CurrentAsync(default)).Number;
        var refused = await officer.PostAsync("/units/xa-04828", "/units/xa-04828", ("aspect", aspect), ("value", value), ("from", from), ("why", why));
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        var beside = refused.Html[refused.Html.IndexOf($"id=\"{field}-error\">", StringComparison.Ordinal)..];
        Assert.Contains(says, beside[..beside.IndexOf("</span>", StringComparison.Ordinal)], StringComparison.Ordinal);
        Assert.Contains(WebUtility.HtmlEncode(value), WebUtility.HtmlEncode(WebUtility.HtmlDecode(refused.Html)), StringComparison.Ordinal);
        Assert.Equal(before, (await host.Books.CurrentAsync(default)).Number);
    }

    [Fact]
    public async Task An_area_is_taken_with_a_decimal_comma()
    {
        await using var host = await PageHost.StartAsync();
        var officer = await host.BrowserAsync("data-officer");
        await officer.PostAsync("/units/xa-04828", "/units/xa-04828", ("aspect", "area"), ("value", "1234,5"), ("from", "2026-01-01"), ("why", "đo lại"));
        Assert.Contains("1.234,5", (await officer.GetAsync("/units")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_corrected_population_is_the_one_that_is_shown()
    {
        await using var host = await PageHost.StartAsync();
        var officer = await host.BrowserAsync("data-officer");
        Assert.DoesNotContain("33.333", (await officer.GetAsync("/units")).Html, StringComparison.Ordinal);
        await officer.PostAsync("/units/xa-04828", "/units/xa-04828", ("aspect", "population"), ("value", "33333"), ("from", "2026-01-01"), ("why", "điều tra dân số"));
        Assert.Contains("33.333", (await officer.GetAsync("/units")).Html, StringComparison.Ordinal);
        Assert.DoesNotContain("33.333", (await officer.GetAsync("/units?date=2025-12-31")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everybody_reads_and_only_officers_and_administrators_change()
    {
        await using var host = await PageHost.StartAsync();
        foreach (var role in new[] { "registrar", "doctor" })
        {
            var browser = await host.BrowserAsync(role);
            foreach (var path in new[] { "/units?month=17", "/units/xa-04828", "/practitioners", "/catalogues/icd10?q=viem", "/catalogues/drugs/entry?code=A02BC01-20-mg-vien-nang", "/registry/changes", "/facilities" })
            {
                Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(path)).Status);
            }

            Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/imports")).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/successions/new")).Status);
            foreach (var path in new[] { "/registry/changes/1/undo", "/units/xa-04828", "/successions", "/imports", "/practitioners/x/licence" })
            {
                Assert.Equal(HttpStatusCode.Forbidden, (await browser.PostAsync("/", path)).Status);
            }
        }

        Assert.Equal(HttpStatusCode.OK, (await (await host.BrowserAsync("administrator")).GetAsync("/imports")).Status);
        Assert.Equal(2, (await host.Books.CurrentAsync(default)).Number);
    }
}
