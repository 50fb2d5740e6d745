using Mach.Chart.Print;
using Mach.Kernel;
using Mach.Ui.Print;

namespace Mach.Chart.Tests.Print;

public sealed class LayoutTests
{
    private const string LongName = "Nguyễn Hoàng Công Tằng Tôn Nữ Thị Phương Thảo Nguyên Khánh Ngọc Bích Vân Anh";
    private static readonly Look Plain = new(10);

    [Fact]
    public void The_typeface_has_every_letter_of_Vietnamese_and_the_signs_of_results()
    {
        const string Letters = "aăâbcdđeêghiklmnoôơpqrstuưvxyfjwz0123456789.,;:()/%+-=°²³…–•“”₫±≤≥";
        const string Toned = "àáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ";
        Assert.All(Letters + Toned + (Letters + Toned).ToUpperInvariant(), letter =>
        {
            Assert.True(FontFile.Regular.Has(letter), $"{letter} {(int)letter:x4}");
            Assert.InRange(FontFile.Regular.Width(letter), 0.1, 1.5);
            Assert.True(FontFile.Bold.Has(letter), $"{letter} {(int)letter:x4}");
        });
        Assert.All("µαβγμΩ↑↓→☐✓♂♀∞≠\uFFFD", sign => Assert.True(FontFile.Regular.Has(sign) || FontFile.Signs.Has(sign), $"{sign} {(int)sign:x4}"));
    }

    [Fact]
    public void What_cannot_be_set_is_shown_as_a_sign_and_tones_are_composed()
    {
        Assert.Equal("Nguyễn\uFFFD x", Look.Clean("Nguye\u0302\u0303n\U0001F600\u00A0\u0007x"));
        Assert.Equal(["a", "b"], new Look(9).Runs("ab").SelectMany(r => r.Text).Select(c => c.ToString()));
        Assert.Equal([("BeVietnamPro-Regular", "5 "), ("DejaVuSans-Signs", "α"), ("BeVietnamPro-Regular", " x")], new Look(9).Runs("5 α x").Select(r => (r.Font.Name, r.Text)));
    }

    [Theory]
    [InlineData(LongName, 150)]
    [InlineData("Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", 60)]
    [InlineData("dòng một\ndòng hai   có   khoảng trắng\n\n\ndòng ba", 90)]
    [InlineData("i", 1)]
    public void Lines_fit_their_width_and_lose_nothing(string text, double width)
    {
        var lines = Wrapping.Lines(text, Plain, width);
        Assert.All(lines, line => Assert.True(Plain.Width(line) <= width || line.Length == 1, line));
        Assert.Equal(string.Concat(text.Where(c => !char.IsWhiteSpace(c))), string.Concat(string.Concat(lines).Where(c => !char.IsWhiteSpace(c))));
    }

    [Fact]
    public void A_word_that_has_no_room_beside_its_label_goes_below()
    {
        Assert.Equal(["", "Metformin"], Wrapping.Lines("Metformin", Plain, 60, indent: 50));
        Assert.Equal([], Wrapping.Lines(" \n ", Plain, 60));
    }

    [Fact]
    public void What_belongs_together_moves_together_and_no_page_is_empty()
    {
        static Strip Of(double height, bool withNext = false) => new(height, [new WordsMark(0, 0, "x", Plain)]) { WithNext = withNext };

        Assert.Equal([1], Pagination.Pages([Of(100)], 100).Select(p => p.Count));
        Assert.Equal([2, 2], Pagination.Pages([Of(40), Of(30), Of(20, withNext: true), Of(20)], 100).Select(p => p.Count));
        // What no page could hold is broken rather than lost.
        Assert.Equal([2, 2], Pagination.Pages([Of(50, true), Of(50, true), Of(50, true), Of(50)], 100).Select(p => p.Count));
        Assert.Equal([1, 1], Pagination.Pages([Of(10), Of(500)], 100).Select(p => p.Count));
        Assert.Single(Pagination.Pages([], 100));
    }

    [Fact]
    public void A_table_says_its_head_again_on_each_page()
    {
        var column = new Column(400);
        column.Table([new("Thuốc", 70), new("Số lượng", 30)], Enumerable.Range(1, 90).Select(i => (IReadOnlyList<Phrase[]>)[[new($"Thuốc {i}", Plain)], [new("30 viên", Plain)]]));
        var pages = Pagination.Pages(column.Strips, 500).ConvertAll(p => p.OfType<WordsMark>().Select(w => w.Text).ToList());
        Assert.True(pages.Count >= 3);
        Assert.All(pages, page => Assert.Equal(["Thuốc", "Số lượng"], page.Take(2)));
        Assert.Equal(Enumerable.Range(1, 90).Select(i => $"Thuốc {i}"), pages.SelectMany(p => p.Where(t => t.StartsWith("Thuốc ", StringComparison.Ordinal))));
    }

    /// <summary>A page that holds signatures alone is one that can be signed and put below another paper.</summary>
    [Fact]
    public void The_end_of_a_paper_is_never_alone_on_its_page()
    {
        for (var lines = 1; lines < 120; lines++)
        {
            var column = new Column(400);
            for (var i = 0; i < lines; i++)
            {
                column.Paragraph(new($"dòng {i}", Plain));
            }

            column.End([new(200, 200, [new("Ký tên", Plain)])], before: 10, after: 60);
            var last = Pagination.Pages(column.Strips, 500)[^1].OfType<WordsMark>().Select(w => w.Text).ToList();
            Assert.Equal("Ký tên", last[^1]);
            Assert.True(last.Count > 1, $"{lines} lines");
        }
    }

    [Fact]
    public void A_very_long_text_goes_on_over_pages()
    {
        var column = new Column(400);
        column.Paragraph(new(string.Join(' ', Enumerable.Range(0, 4000).Select(i => "chữ" + i)), Plain, "Quá trình bệnh lý:"));
        var pages = Pagination.Pages(column.Strips, 500);
        Assert.True(pages.Count > 3);
        Assert.All(pages, page => Assert.All(page, mark => Assert.InRange(mark.Y, 0, 500)));
    }

    [Fact]
    public void Each_wording_of_the_form_is_filled_by_names_that_are_known()
    {
        string[] known = ["name", "birth", "sex", "card", "record", "address", "care", "department", "in", "out", "outcome", "DON_VI", "HO_TEN_CHA", "HO_TEN_ME", "NGUOI_GIAM_HO", "MA_THE_TAM", "CHAN_DOAN_VAO", "CHAN_DOAN_RV", "QT_BENHLY", "TOMTAT_KQ", "PP_DIEUTRI", "NGAY_SINHCON", "NGAY_CONCHET", "SO_CONCHET", "GHI_CHU"];
        Assert.All(PaperForm.AllRecordSummaries, form =>
        {
            Assert.Empty(form.Parts.SelectMany(p => p.Items).Select(i => i.Value).Except(known));
            Assert.Equal(2, form.State.Count);
            Assert.NotEqual("", form.Basis);
        });
        Assert.Equal(PaperForm.AllRecordSummaries[0], PaperForm.RecordSummary(new DateOnly(1999, 1, 1)));
    }

    [Fact]
    public void Composed_and_decomposed_names_print_alike() =>
        Assert.Equal(Look.Clean(LongName), Look.Clean(string.Concat(LongName.Select(c => VietnameseText.Compose(c.ToString())))));
}
