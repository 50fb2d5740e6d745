using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Mach.Data;
using Mach.Testing;

namespace Mach.Chart.Tests;

public sealed partial class RecordTests
{
    private const string Long = "p-long-life";

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_doctor_sees_the_life_over_all_facilities_with_the_source_of_each_line(DbEngine engine)
    {
        await using var host = await ChartHost.StartAsync(engine);
        await Lives.LongAsync(host.Store, Long, 60);
        var page = await (await host.BrowserAsync("doctor")).GetAsync("/people/" + Long);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        foreach (var words in new[] { "Nguyễn Thị Đào", "70 tuổi", "•••• 4271", "HT3252512345678", "Penicillin", "3 cơ sở", "Amlodipin 5mg", "Glucose máu", "Bệnh viện đa khoa tỉnh Phú Thọ", "Gan nhiễm mỡ" })
        {
            Assert.Contains(words, page.Html, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("025156004271", page.Html, StringComparison.Ordinal);
        Assert.Contains("href=\"/intake/dossiers/25001/p-long-life-v0000#XML2-1\"", page.Html, StringComparison.Ordinal);
        Assert.Equal(20, Visit().Count(page.Html));
        // Each line of the time line names its dossier, and has the way to it inside.
        Assert.Equal(20, DossierOfVisit().Matches(page.Html).Select(m => m.Groups[1].Value).Distinct().Count());
        var kept = Assert.Single(await host.Log.ListAsync(Long, 10, default));
        Assert.Equal(("doctor", "record-open"), (kept.Event.Actor, kept.Event.Action));
    }

    /// <summary>A chronically ill person comes to three thousand visits; a map that leaves out the oldest without a word would be wrong.</summary>
    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Every_visit_of_a_very_long_life_counts(DbEngine engine)
    {
        const int Visits = 3_050;
        await using var host = await ChartHost.StartAsync(engine);
        await Lives.LongAsync(host.Store, Long, 1);
        var last = new DateTimeOffset(2026, 6, 1, 8, 0, 0, TimeSpan.FromHours(7));
        foreach (var some in Enumerable.Range(0, Visits - 1).Chunk(500))
        {
            await host.Store.CommitAsync(new Store.Commit { Writes = [.. some.Select(n => Bodies.Put(Bodies.Encounter($"{Long}-n{n}", Long, "25001", last.AddDays(-2 * n))))], Actor = "test" }, default);
        }

        var page = await (await host.BrowserAsync("doctor")).GetAsync("/people/" + Long);
        Assert.Contains($"({Visits})", page.Html.Replace(".", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Older_visits_follow_to_the_end_each_once_with_and_without_script(DbEngine engine)
    {
        await using var host = await ChartHost.StartAsync(engine);
        await Lives.LongAsync(host.Store, Long, 65);
        var browser = await host.BrowserAsync("doctor");
        foreach (var script in new[] { true, false })
        {
            var seen = new List<string>();
            string? next = "/people/" + Long;
            while (next is not null)
            {
                var page = script && seen.Count > 0 ? await browser.FragmentAsync(next) : await browser.GetAsync(next);
                seen.AddRange(Visit().Matches(page.Html).Select(m => m.Groups[1].Value));
                next = Older().Match(page.Html) is { Success: true } match ? WebUtility.HtmlDecode(match.Groups[1].Value) : null;
            }

            Assert.Equal(Enumerable.Range(0, 65).Select(i => $"{Long}-v{i:0000}"), seen);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Filters_stand_in_the_address(DbEngine engine)
    {
        await using var host = await ChartHost.StartAsync(engine);
        await Lives.LongAsync(host.Store, Long, 60);
        var browser = await host.BrowserAsync("doctor");
        Assert.Equal(3, Visit().Count((await browser.GetAsync($"/people/{Long}?kind=IMP")).Html));
        var one = await browser.GetAsync($"/people/{Long}?facility=25148&kind=AMB");
        Assert.All(Visit().Matches(one.Html).Select(m => int.Parse(m.Groups[1].Value[^4..], System.Globalization.CultureInfo.InvariantCulture)), i => Assert.Equal(3, i % 11));
        Assert.Contains("Không có lượt khám nào khớp", (await browser.GetAsync($"/people/{Long}?facility=99999")).Html, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_visit_unfolds_with_all_that_belongs_to_it(DbEngine engine)
    {
        await using var host = await ChartHost.StartAsync(engine);
        await Lives.LongAsync(host.Store, Long, 12);
        var browser = await host.BrowserAsync("doctor");
        var inside = await browser.FragmentAsync($"/people/{Long}/visits/{Long}-v0000");
        Assert.DoesNotContain("<html", inside.Html, StringComparison.Ordinal);
        foreach (var words in new[] { "Bệnh lý tăng huyết áp", "Paracetamol 500mg", "60 viên", "HbA1c", "Mở hồ sơ gốc" })
        {
            Assert.Contains(words, inside.Html, StringComparison.Ordinal);
        }

        Assert.Contains("<html", (await browser.GetAsync($"/people/{Long}/visits/{Long}-v0000")).Html, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_registrar_sees_banner_and_visits_and_nothing_clinical(DbEngine engine)
    {
        await using var host = await ChartHost.StartAsync(engine);
        await Lives.LongAsync(host.Store, Long, 30);
        var browser = await host.BrowserAsync("registrar");
        var page = await browser.GetAsync("/people/" + Long);
        Assert.Equal(20, Visit().Count(page.Html));
        foreach (var words in new[] { "Penicillin", "Amlodipin", "Glucose", "tăng huyết áp", "Đau đầu, mệt", "id=\"problems\"", "/intake/dossiers/" })
        {
            Assert.DoesNotContain(words, page.Html, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync($"/people/{Long}/visits/{Long}-v0000")).Status);
        Assert.DoesNotContain("Amlodipin", (await browser.FragmentAsync($"/people/{Long}?after={Long}-v0019")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Odd_and_empty_records_open()
    {
        await using var host = await ChartHost.StartAsync(DbEngine.Sqlite);
        await Lives.NeighboursAsync(host.Store);
        var browser = await host.BrowserAsync("doctor");
        Assert.Contains("Chưa có lượt khám nào", (await browser.GetAsync("/people/p-long")).Html, StringComparison.Ordinal);
        var dead = (await browser.GetAsync("/people/p-dead")).Html;
        Assert.Contains("Đã mất", dead, StringComparison.Ordinal);
        Assert.Contains("03/02/2025", dead, StringComparison.Ordinal);
        Assert.Contains("12 ngày tuổi", (await browser.GetAsync("/people/p-baby")).Html, StringComparison.Ordinal);
        Assert.Contains("Gộp từ 1 hồ sơ khác", (await browser.GetAsync("/people/p-lan")).Html, StringComparison.Ordinal);
        Assert.Contains("khoảng 36 tuổi", (await browser.GetAsync("/people/p-an3")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_person_a_foreign_visit_and_a_stranger_see_nothing()
    {
        await using var host = await ChartHost.StartAsync(DbEngine.Sqlite);
        await Lives.LongAsync(host.Store, Long, 2);
        await Lives.NeighboursAsync(host.Store);
        var doctor = await host.BrowserAsync("doctor");
        var unknown = await doctor.GetAsync("/people/nobody");
        Assert.Equal(HttpStatusCode.NotFound, unknown.Status);
        Assert.Contains("Không mở được hồ sơ này", unknown.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await doctor.GetAsync($"/people/p-an/visits/{Long}-v0000")).Status);
        Assert.StartsWith("/sign-in", (await (await host.BrowserAsync(null)).GetAsync("/people/" + Long)).Location, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await host.BrowserAsync("administrator")).GetAsync("/people/" + Long)).Status);
    }

    [Fact]
    public async Task The_first_payload_of_a_very_long_life_stays_below_60_KB()
    {
        await using var host = await ChartHost.StartAsync(DbEngine.Sqlite);
        await Lives.LongAsync(host.Store, Long, 200);
        var page = await (await host.BrowserAsync("doctor")).GetAsync("/people/" + Long);
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            brotli.Write(Encoding.UTF8.GetBytes(page.Html));
        }

        Assert.InRange(packed.Length, 1, 60 * 1024);
    }

    [GeneratedRegex("<li class=\"visit\" id=\"visit-([^\"]+)\"")]
    private static partial Regex Visit();

    [GeneratedRegex("<summary>(?:(?!</summary>).)*(p-long-life-v[0-9]{4})</span></span>(?:(?!</li>).)*<a class=\"origin\" href=\"/intake/dossiers/25[0-9]{3}/\\1[\"#]", RegexOptions.Singleline)]
    private static partial Regex DossierOfVisit();

    [GeneratedRegex("<a class=\"button\" href=\"[^\"]+\" hx-get=\"([^\"]+)\"")]
    private static partial Regex Older();
}
