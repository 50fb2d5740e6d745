using System.Globalization;
using System.Net;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using DocumentFormat.OpenXml.Validation;
using Mach.Contracts.Registry;
using Mach.Data;
using Mach.Indicators.Pages;
using Mach.Indicators.Plans;
using Mach.Indicators.Sheets;
using Mach.Testing;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.TestHost;
using static Mach.Indicators.Tests.NumbersHost;

namespace Mach.Indicators.Tests.Sheets;

public class XlsxTests
{
    /// <summary>A workbook as a program reads it.</summary>
    private sealed class Book
    {
        public required Dictionary<string, string> Cells { get; init; }
        public required List<string[]> Keys { get; init; }
        public required string Notes { get; init; }
        public required string Xml { get; init; }

        public string Fact(string name) => Keys.Single(k => k[0] == "fact" && k[2] == name)[3];

        /// <summary>The value of a line in a column, by the keys alone.</summary>
        public string Of(string column, string by, string key) =>
            Cells.GetValueOrDefault(Keys.Single(k => k[0] == "column" && k[2] == column)[1] + Keys.Single(k => k[0] == "row" && k[2] == by && k[3] == key)[1], "");
    }

    private static async Task<Book> OpenAsync(Browser browser, string address)
    {
        var answer = await browser.GetAsync(address);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(SheetFile.ContentType, answer.Message.Content.Headers.ContentType!.MediaType);
        return Read(await answer.Message.Content.ReadAsByteArrayAsync());
    }

    private static Book Read(byte[] bytes)
    {
        using var file = SpreadsheetDocument.Open(new MemoryStream(bytes), false);
        Assert.Empty(new OpenXmlValidator(DocumentFormat.OpenXml.FileFormatVersions.Microsoft365).Validate(file).Select(e => e.Path?.XPath + " " + e.Description));
        var book = file.WorkbookPart!;
        var sheets = book.Workbook!.Descendants<Sheet>().ToList();
        Assert.Equal([(SheetFile.TableName, null), (SheetFile.KeysName, SheetStateValues.VeryHidden)], sheets.Select(s => (s.Name!.Value!, s.State?.Value)));
        var (table, keys) = ((WorksheetPart)book.GetPartById(sheets[0].Id!), (WorksheetPart)book.GetPartById(sheets[1].Id!));
        Assert.All(book.WorksheetParts, p => Assert.Empty(p.Worksheet!.Descendants<CellFormula>()));
        // Numbers are numbers: what a program reads needs no comma to be understood.
        Assert.All(table.Worksheet!.Descendants<Cell>().Where(c => c.CellValue is not null), c => Assert.True(decimal.TryParse(c.CellValue!.Text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)));
        return new()
        {
            Cells = table.Worksheet!.Descendants<Cell>().ToDictionary(c => c.CellReference!.Value!, c => c.InnerText, StringComparer.Ordinal),
            Keys = [.. keys.Worksheet!.Descendants<Row>().Select(r => r.Elements<Cell>().Select(c => c.InnerText).ToArray())],
            Notes = table.WorksheetCommentsPart?.Comments?.InnerText ?? "",
            Xml = table.Worksheet!.OuterXml + book.Workbook.OuterXml,
        };
    }

    private static async Task<NumbersHost> FilledAsync(DbEngine engine)
    {
        var host = await StartAsync(engine);
        await host.MakeAccountsAsync();
        await host.Get<IFacilityDirectory>().PutAsync([new() { Code = "25012", Name = "=HYPERLINK(\"http://x\") & _x0041_\u0001", Status = FacilityStatus.Active, Tier = "basic", FormerProvince = "Vĩnh Phúc" }], default);
        await host.WriteAsync([Person("a", commune: "07894"), .. Enumerable.Range(1, 9).Select(n => Visit("e" + n, "a", n < 8 ? "25001" : "25012", $"2026-0{n}-03", n % 2 == 0 ? "03" : "01", n, n == 4 ? "5" : "1"))]);
        await host.Counter.CatchUpAsync(default);
        return host;
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_workbook_holds_what_the_csv_does_and_is_read_back_by_its_keys(DbEngine engine)
    {
        await using var host = await FilledAsync(engine);
        var officer = await host.BrowserAsync("data-officer");
        foreach (var code in new[] { "visits", "length-of-stay", "people-seen", "visits-residence" })
        {
            foreach (var (by, _) in IndicatorQuery.Ways)
            {
                var tail = "?period=2026-q1&by=" + by;
                var book = await OpenAsync(officer, $"/indicators/{code}.xlsx{tail}");
                Assert.Equal((code, "1", "2026-01-01", "2026-03-31", by, "*"), (book.Fact("indicator"), book.Fact("version"), book.Fact("from"), book.Fact("to"), book.Fact("by"), book.Fact("facility")));
                var csv = (await officer.GetAsync($"/indicators/{code}.csv{tail}")).Html.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => l.Split(',')).ToList();
                Assert.True(csv.Count > 1);
                Assert.Equal(csv.Select(l => (l[5], l[7], l[10])), csv.Select((l, i) => i == 0 ? "total" : by).Zip(csv, (b, l) => (l[5], book.Of("value", b, l[5]), book.Of("rows", b, l[5]))));
            }
        }
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task It_looks_as_reports_do_and_runs_nothing(DbEngine engine)
    {
        await using var host = await FilledAsync(engine);
        var officer = await host.BrowserAsync("data-officer");
        var book = await OpenAsync(officer, "/indicators/visits.xlsx?period=2026&by=facility");
        Assert.Equal(["ỦY BAN NHÂN DÂN TỈNH PHÚ THỌ", "SỞ Y TẾ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"], new[] { "A1", "A2", "C1", "C2" }.Select(c => book.Cells[c]));
        Assert.Equal("BÁO CÁO LƯỢT KHÁM, ĐIỀU TRỊ", book.Cells["A4"]);
        Assert.Equal("Kỳ báo cáo: từ ngày 01/01/2026 đến ngày 31/12/2026", book.Cells["A5"]);
        Assert.Equal(["TT", "Cơ sở", "Giá trị (lượt)", "Tỷ trọng", "Bản ghi", "1", "2", "3", "4", "5"], new[] { "A7", "B7", "C7", "D7", "E7", "A8", "B8", "C8", "D8", "E8" }.Select(c => book.Cells[c]));
        Assert.Equal(["", "Tổng", "9", "1", "9"], "ABCDE".Select(c => book.Cells[c + "9"]));
        Assert.Equal(["1", "Bệnh viện tỉnh", "7", "0.777778", "7"], "ABCDE".Select(c => book.Cells[c + "10"]));
        // Typed by somebody: words, whatever they look like, and without what XML cannot hold.
        Assert.Equal("=HYPERLINK(\"http://x\") & _x005F_x0041_", book.Cells["B11"]);
        foreach (var part in new[] { "state=\"frozen\"", "ySplit=\"8\"", "orientation=\"landscape\"", "paperSize=\"9\"", "fitToWidth=\"1\"", "fitToHeight=\"0\"", "'Biểu'!$7:$8" })
        {
            Assert.Contains(part, book.Xml, StringComparison.Ordinal);
        }

        Assert.Contains("Phú Thọ, ngày 20 tháng 11 năm 2026", book.Cells.Values);
        Assert.Contains("THỦ TRƯỞNG ĐƠN VỊ", book.Cells.Values);
        Assert.Contains("Phiên bản: 1", book.Notes, StringComparison.Ordinal);
        Assert.Contains("Nguồn: QĐ 824/QĐ-BYT 2023", book.Notes, StringComparison.Ordinal);
        // An official form has one language.
        Assert.Equal("Tổng", (await OpenAsync(officer, "/indicators/visits.xlsx?period=2026&lang=en")).Cells["B9"]);
        var empty = await OpenAsync(officer, "/indicators/visits.xlsx?period=1999");
        Assert.Equal(("0", "Không có số liệu trong kỳ"), (empty.Of("value", "total", ""), empty.Cells["B10"]));
        Assert.Equal("", (await OpenAsync(officer, "/indicators/length-of-stay.xlsx?period=1999")).Of("value", "total", ""));
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Small_numbers_and_other_places_stay_hidden(DbEngine engine)
    {
        await using var host = await FilledAsync(engine);
        var (director, officer, own) = (await host.BrowserAsync("director"), await host.BrowserAsync("data-officer"), await host.BrowserAsync("director-25001"));
        foreach (var code in new[] { "died", "died-rate" })
        {
            var small = await OpenAsync(director, $"/indicators/{code}.xlsx?period=2026");
            Assert.All(new[] { ("total", ""), ("facility", "25001") }, line => Assert.Equal(("<5", ""), (small.Of("value", line.Item1, line.Item2), small.Of("rows", line.Item1, line.Item2))));
            Assert.Equal("1", (await OpenAsync(officer, $"/indicators/{code}.xlsx?period=2026")).Of("rows", "total", ""));
        }

        var mine = await OpenAsync(own, "/indicators/visits.xlsx?period=2026");
        Assert.Equal(("SỞ Y TẾ TỈNH PHÚ THỌ", "BỆNH VIỆN TỈNH", "25001", "7"), (mine.Cells["A1"], mine.Cells["A2"], mine.Fact("facility"), mine.Of("value", "total", "")));
        Assert.DoesNotContain(mine.Keys, k => k[3] == "25012");
        foreach (var account in new[] { "registrar", "nurse", "intake", "administrator", "person" })
        {
            var browser = await host.BrowserAsync(account);
            Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/indicators/visits.xlsx")).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/indicators/visits/plan.xlsx")).Status);
        }

        var nobody = new Browser(((TestServer)host.Get<IServer>()).CreateClient());
        Assert.All(new[] { await nobody.GetAsync("/indicators/visits.xlsx"), await nobody.GetAsync("/indicators/visits/plan.xlsx") }, a => Assert.StartsWith("/sign-in", a.Location, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task The_half_year_table_is_a_workbook_too(DbEngine engine)
    {
        await using var host = await FilledAsync(engine);
        var none = PlanBook.Mark(new Dictionary<string, decimal>());
        await host.Get<PlanBook>().WriteAsync("visits", 2026, new Dictionary<string, decimal> { ["t:specialised"] = 12, ["f:25012"] = 4 }, none, "an", "giao kế hoạch", default);
        await host.Get<PlanBook>().WriteAsync("died", 2026, new Dictionary<string, decimal> { ["f:25001"] = 4 }, none, "an", "giao kế hoạch", default);
        var (director, officer) = (await host.BrowserAsync("director"), await host.BrowserAsync("data-officer"));
        var book = await OpenAsync(director, "/indicators/visits/plan.xlsx?until=2026-06-30");
        Assert.Equal("TÌNH HÌNH THỰC HIỆN KẾ HOẠCH NĂM 2026: LƯỢT KHÁM, ĐIỀU TRỊ", book.Cells["A4"]);
        Assert.Equal("Kỳ báo cáo: từ ngày 01/01/2026 đến ngày 30/06/2026", book.Cells["A5"]);
        Assert.Equal(("16", "6", "0.375"), (book.Of("plan", "total", ""), book.Of("actual", "total", ""), book.Of("attained", "total", "")));
        Assert.Equal(("12", "6", "0.5"), (book.Of("plan", "by-tier", "specialised"), book.Of("actual", "by-tier", "specialised"), book.Of("attained", "by-tier", "specialised")));
        Assert.Equal(("4", "0"), (book.Of("plan", "by-facility", "25012"), book.Of("actual", "by-former-province", "Vĩnh Phúc")));
        Assert.Equal(decimal.Round(6 / (16 * 181m / 365), 6).ToString(CultureInfo.InvariantCulture), book.Of("pace", "total", ""));
        Assert.Contains("Nhịp độ = thực hiện", book.Notes, StringComparison.Ordinal);
        Assert.Contains("/indicators/visits/plan.xlsx?until=2026-06-30", (await director.GetAsync("/indicators/visits/plan?until=2026-06-30")).Html, StringComparison.Ordinal);
        // One death is one whether it was planned or not.
        var small = await OpenAsync(director, "/indicators/died/plan.xlsx");
        Assert.All(new[] { ("total", ""), ("by-tier", "specialised"), ("by-facility", "25001") }, l => Assert.Equal(("<5", "", "", ""), (small.Of("actual", l.Item1, l.Item2), small.Of("attained", l.Item1, l.Item2), small.Of("pace", l.Item1, l.Item2), small.Of("year-end", l.Item1, l.Item2))));
        Assert.Equal("0.25", (await OpenAsync(officer, "/indicators/died/plan.xlsx")).Of("attained", "by-facility", "25001"));
        Assert.Equal("Không có số liệu trong kỳ", (await OpenAsync(director, "/indicators/visits/plan.xlsx?until=1999-12-31")).Cells["B10"]);
    }

    [Theory]
    [InlineData("/indicators/visits.xlsx?period=x", HttpStatusCode.BadRequest, "Không hiểu kỳ &#x27;x&#x27;")]
    [InlineData("/indicators/visits.xlsx?by=x", HttpStatusCode.BadRequest, "former-province")]
    [InlineData("/indicators/visits.xlsx?map=x", HttpStatusCode.BadRequest, "event")]
    [InlineData("/indicators/visits/plan.xlsx?until=x", HttpStatusCode.BadRequest, "Không hiểu ngày &#x27;x&#x27;")]
    [InlineData("/indicators/nothing.xlsx", HttpStatusCode.NotFound, "")]
    [InlineData("/indicators/nothing/plan.xlsx", HttpStatusCode.NotFound, "")]
    [InlineData("/indicators/length-of-stay/plan.xlsx", HttpStatusCode.NotFound, "")]
    public async Task What_is_asked_wrongly_is_said(string address, HttpStatusCode status, string words)
    {
        await using var host = await StartAsync(DbEngine.Sqlite);
        await host.MakeAccountsAsync();
        var answer = await (await host.BrowserAsync("director")).GetAsync(address);
        Assert.Equal(status, answer.Status);
        Assert.Contains(words, answer.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2026, 1, 5, "Phú Thọ, ngày 05 tháng 01 năm 2026")]
    [InlineData(2026, 3, 15, "Phú Thọ, ngày 15 tháng 3 năm 2026")]
    public void A_date_is_written_as_official_papers_do(int year, int month, int day, string expected) => Assert.Equal(expected, SheetForm.Shipped.PlaceAndDay(new(year, month, day)));
}
