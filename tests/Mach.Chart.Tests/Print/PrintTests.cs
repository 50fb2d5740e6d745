using System.Net;
using Mach.Access;
using Mach.Data;
using Mach.Testing;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;

namespace Mach.Chart.Tests.Print;

/// <summary>The record and a visit on paper. Source: docs/adr/0020-printing.md.</summary>
public sealed class PrintTests
{
    private const string Long = "p-long-life", Summary = $"/people/{Long}/summary.pdf", Form = $"/people/{Stays.Person}/visits/{Stays.Visit}/record-summary.pdf";

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task The_summary_says_what_the_page_says_with_facility_and_day(DbEngine engine)
    {
        await using var host = await ChartHost.StartAsync(engine);
        await Lives.LongAsync(host.Store, Long, 60);
        var answer = await (await host.BrowserAsync("doctor")).GetAsync(Summary);
        Assert.Equal((HttpStatusCode.OK, "application/pdf"), (answer.Status, answer.Message.Content.Headers.ContentType?.ToString()));
        var text = Text(await BytesAsync(answer));
        foreach (var words in new[] { "TÓM TẮT HỒ SƠ SỨC KHOẺ", "Nguyễn Thị Đào", "08/03/1956 (70 tuổi)", "•••• 4271", "HT3252512345678", "Dị ứng: Penicillin", "Bệnh lý tăng huyết áp", "Amlodipin 5mg", "Ngày uống 1 viên, sáng", "Bệnh viện đa khoa tỉnh Phú Thọ", "Trạm y tế phường Việt Trì", "Mạch", "15/11/2026", "20/11/2026 08:00, tài khoản doctor", "Trang 1/" })
        {
            Assert.Contains(words, text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("025156004271", text, StringComparison.Ordinal);
        var kept = Assert.Single(await host.Log.ListAsync(Long, 10, default));
        Assert.Equal(("doctor", "record-open"), (kept.Event.Actor, kept.Event.Action));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task The_form_holds_what_the_facility_wrote_and_the_medicines_of_the_visit(DbEngine engine)
    {
        await using var host = await ChartHost.StartAsync(engine);
        await Stays.AddAsync(host.Store);
        var text = Text(await BytesAsync(await (await host.BrowserAsync("doctor")).GetAsync(Form + "?lang=en")));
        foreach (var words in new[]
        {
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "TÓM TẮT HỒ SƠ BỆNH ÁN", "NGUYỄN HOÀNG CÔNG TẰNG TÔN NỮ THỊ PHƯƠNG THẢO", "27/02/1951", "HT2252500009999", "2026/10/00412",
            "Tổng công ty Giấy Việt Nam", "03/10/2026 14:20", "theo dõi đợt cấp", "mức độ nặng", "khó thở tăng dần ba ngày", "13,2 G/L", "pCO₂", "Thở ôxy", "Đỡ", "Hẹn khám lại sau 7 ngày", "Ngày 08 tháng 10 năm 2026",
            "Thuốc thử số 1, 500mg", "Thuốc thử số 39, 500mg", "α-Fetoprotein", "Cao", "bóng tim to",
        })
        {
            Assert.Contains(words, text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("XML8", text, StringComparison.Ordinal);
        Assert.Single(await host.Log.ListAsync(Stays.Person, 10, default), kept => kept.Event is { Actor: "doctor", Action: "record-open" });
    }

    [Fact]
    public async Task Without_a_summary_from_the_facility_the_form_says_so_and_holds_the_visit()
    {
        await using var host = await ChartHost.StartAsync(DbEngine.Sqlite);
        await Stays.AddAsync(host.Store, withSummary: false);
        var text = Text(await BytesAsync(await (await host.BrowserAsync("doctor")).GetAsync(Form)));
        Assert.Contains("Cơ sở chưa gửi bản tóm tắt hồ sơ bệnh án (XML8)", text, StringComparison.Ordinal);
        Assert.Contains("Suy tim sung huyết (I50.0)", text, StringComparison.Ordinal);
        Assert.Contains("Ngày …… tháng …… năm", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_record_at_the_same_minute_gives_the_same_bytes()
    {
        await using var host = await ChartHost.StartAsync(DbEngine.Sqlite);
        await Lives.LongAsync(host.Store, Long, 30);
        await Stays.AddAsync(host.Store);
        var doctor = await host.BrowserAsync("doctor");
        foreach (var path in new[] { Summary, Form })
        {
            var first = await BytesAsync(await doctor.GetAsync(path));
            Assert.Equal(first, await BytesAsync(await doctor.GetAsync(path)));
            Assert.InRange(first.Length, 10_000, 120_000);
        }

        // Another language is another paper with another name.
        Assert.NotEqual(await BytesAsync(await doctor.GetAsync(Summary)), await BytesAsync(await doctor.GetAsync(Summary + "?lang=en")));
    }

    [Fact]
    public async Task Many_at_once_get_each_their_own()
    {
        await using var host = await ChartHost.StartAsync(DbEngine.Sqlite);
        await Lives.LongAsync(host.Store, Long, 12);
        await Stays.AddAsync(host.Store);
        var doctor = await host.BrowserAsync("doctor");
        byte[] summary = await BytesAsync(await doctor.GetAsync(Summary)), form = await BytesAsync(await doctor.GetAsync(Form));
        var all = await Task.WhenAll(Enumerable.Range(0, 16).Select(async i => await BytesAsync(await doctor.GetAsync(i % 2 == 0 ? Summary : Form))));
        Assert.All(all.Select((bytes, i) => (bytes, i)), one => Assert.Equal(one.i % 2 == 0 ? summary : form, one.bytes));
    }

    [Fact]
    public async Task Pages_look_as_agreed()
    {
        await using var host = await ChartHost.StartAsync(DbEngine.Sqlite);
        await Lives.LongAsync(host.Store, Long, 60);
        await Stays.AddAsync(host.Store);
        var doctor = await host.BrowserAsync("doctor");
        GoldenPages.Verify("summary", await BytesAsync(await doctor.GetAsync(Summary)));
        GoldenPages.Verify("record-summary", await BytesAsync(await doctor.GetAsync(Form)));
    }

    [Fact]
    public async Task Every_page_holds_content_and_its_number()
    {
        await using var host = await ChartHost.StartAsync(DbEngine.Sqlite);
        await Stays.AddAsync(host.Store);
        using var pdf = PdfDocument.Open(await BytesAsync(await (await host.BrowserAsync("doctor")).GetAsync(Form)));
        Assert.Equal(595, pdf.GetPage(1).Width, 1.0);
        Assert.True(pdf.NumberOfPages > 2);
        foreach (var page in pdf.GetPages())
        {
            Assert.Contains($"Trang {page.Number}/{pdf.NumberOfPages}", Words(page), StringComparison.Ordinal);
            Assert.True(page.GetWords().Count() > 40, $"page {page.Number}");
            Assert.All(page.Letters, letter => Assert.InRange(letter.StartBaseLine.X, 40, 560));
        }
    }

    [Fact]
    public async Task A_registrar_a_stranger_and_who_may_not_see_the_person_print_nothing()
    {
        await using var host = await ChartHost.StartAsync(DbEngine.Sqlite);
        await Lives.LongAsync(host.Store, "p-hidden", 2);
        await Lives.LongAsync(host.Store, Long, 2);
        await Stays.AddAsync(host.Store);
        var (doctor, registrar) = (await host.BrowserAsync("doctor"), await host.BrowserAsync("registrar"));
        Assert.All(new[] { await registrar.GetAsync(Summary), await registrar.GetAsync(Form), await (await host.BrowserAsync("administrator")).GetAsync(Summary) }, refused => Assert.Equal(HttpStatusCode.Forbidden, refused.Status));
        Assert.StartsWith("/sign-in", (await (await host.BrowserAsync(null)).GetAsync(Summary)).Location, StringComparison.Ordinal);
        foreach (var path in new[] { "/people/p-hidden/summary.pdf", "/people/p-hidden/visits/p-hidden-v0000/record-summary.pdf", "/people/nobody/summary.pdf", $"/people/{Long}/visits/{Stays.Visit}/record-summary.pdf", $"/people/{Long}/visits/nothing/record-summary.pdf" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await doctor.GetAsync(path)).Status);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await (await host.BrowserAsync("person")).GetAsync(Summary)).Status);
        Assert.All(await host.Log.ListAsync("p-hidden", 10, default), kept => Assert.Equal(AccessOutcome.Denied, kept.Event.Outcome));
        Assert.Equal(HttpStatusCode.OK, (await (await host.BrowserAsync("data-officer")).GetAsync("/people/p-hidden/summary.pdf")).Status);
    }

    [Fact]
    public async Task Empty_and_odd_records_print()
    {
        await using var host = await ChartHost.StartAsync(DbEngine.Sqlite);
        await Lives.NeighboursAsync(host.Store);
        var doctor = await host.BrowserAsync("doctor");
        foreach (var (id, words) in new[] { ("p-long", "Chưa có chẩn đoán nào"), ("p-dead", "Đã mất 03/02/2025"), ("p-an3", "1990 (khoảng 36 tuổi)") })
        {
            using var pdf = PdfDocument.Open(await BytesAsync(await doctor.GetAsync($"/people/{id}/summary.pdf")));
            Assert.Equal(1, pdf.NumberOfPages);
            Assert.Contains(words, Words(pdf.GetPage(1)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Pages_lead_to_their_paper_for_who_may_print_it()
    {
        await using var host = await ChartHost.StartAsync(DbEngine.Sqlite);
        await Lives.LongAsync(host.Store, Long, 2);
        var doctor = await host.BrowserAsync("doctor");
        Assert.Contains($"href=\"{Summary}\"", (await doctor.GetAsync("/people/" + Long)).Html, StringComparison.Ordinal);
        Assert.Contains($"href=\"/people/{Long}/visits/{Long}-v0000/record-summary.pdf\"", (await doctor.GetAsync($"/people/{Long}/visits/{Long}-v0000")).Html, StringComparison.Ordinal);
        Assert.Contains($"href=\"/people/{Long}/ips\"", (await doctor.GetAsync("/people/" + Long)).Html, StringComparison.Ordinal);
        Assert.DoesNotContain(".pdf", (await (await host.BrowserAsync("registrar")).GetAsync("/people/" + Long)).Html, StringComparison.Ordinal);
    }

    private static Task<byte[]> BytesAsync(Answer answer) => answer.Message.Content.ReadAsByteArrayAsync();

    private static string Text(byte[] file)
    {
        using var pdf = PdfDocument.Open(file);
        return string.Join(' ', pdf.GetPages().Select(Words));
    }

    private static string Words(Page page) => string.Join(' ', page.GetWords().Select(w => w.Text));
}
