using PdfSharp.Drawing;
using PdfSharp.Fonts;
using PdfSharp.Pdf;

namespace Mach.Ui.Print;

/// <summary>Draws pages into a PDF with embedded fonts. The only place that knows the PDF library.</summary>
public static class PdfWriting
{
    // The library's caches of fonts are shared by all documents; one document takes milliseconds.
    private static readonly Lock Gate = new();
    private static readonly XPdfFontOptions Embedded = new(PdfFontEncoding.Unicode, PdfFontEmbedding.TryComputeSubset);

    static PdfWriting() => GlobalFontSettings.FontResolver = new OwnFonts();

    /// <summary>The same pages of the same paper give the same bytes.</summary>
    public static byte[] Write(Paper paper, Column content)
    {
        var pages = paper.Pages(content);
        lock (Gate)
        {
            using var document = new PdfDocument();
            document.Info.Title = paper.Title;
            document.Info.Creator = "Mạch";
            document.Info.CreationDate = document.Info.ModificationDate = paper.At.UtcDateTime;
            document.Language = paper.Language;
            document.PageLayout = PdfPageLayout.SinglePage;
            var fonts = new Dictionary<(string, double), XFont>();
            foreach (var marks in pages)
            {
                var page = document.AddPage();
                (page.Width, page.Height) = (XUnit.FromPoint(Paper.Width), XUnit.FromPoint(Paper.Height));
                using var drawing = XGraphics.FromPdfPage(page);
                // Fields lie below words, whatever block they belong to.
                foreach (var mark in marks.OrderBy(m => m is FieldMark ? 0 : 1))
                {
                    Draw(drawing, mark, fonts);
                }
            }

            using var file = new MemoryStream();
            document.Save(file);
            return StablePdf.Of(file.ToArray());
        }
    }

    private static void Draw(XGraphics drawing, Mark mark, Dictionary<(string, double), XFont> fonts)
    {
        switch (mark)
        {
            case FieldMark field:
                drawing.DrawRectangle(new XSolidBrush(XColor.FromArgb(0xEE, 0xF1, 0xF3)), field.X, field.Y, field.Width, field.Height);
                break;
            case LineMark line:
                drawing.DrawLine(new XPen(line.Tone == Tone.Grey ? XColor.FromArgb(0xBB, 0xC1, 0xC6) : XColors.Black, line.Tone == Tone.Grey ? 0.4 : 0.8), line.X, line.Y, line.X + line.Length, line.Y);
                break;
            case WordsMark words:
                var x = words.X;
                foreach (var (font, text) in words.Look.Runs(words.Text))
                {
                    if (!fonts.TryGetValue((font.Name, words.Look.Size), out var face))
                    {
                        fonts[(font.Name, words.Look.Size)] = face = new XFont(font.Name, words.Look.Size, XFontStyleEx.Regular, Embedded);
                    }

                    drawing.DrawString(text, face, Brush(words.Look.Tone), x, words.Y);
                    x += words.Look.Width(text);
                }

                break;
        }
    }

    private static XSolidBrush Brush(Tone tone) => tone switch
    {
        Tone.Grey => new(XColor.FromArgb(0x55, 0x5B, 0x61)),
        Tone.Red => new(XColor.FromArgb(0xB0, 0x1E, 0x1E)),
        _ => XBrushes.Black,
    };

    private sealed class OwnFonts : IFontResolver
    {
        private static readonly FontFile[] All = [FontFile.Regular, FontFile.Bold, FontFile.Signs];

        public FontResolverInfo? ResolveTypeface(string familyName, bool isBold, bool isItalic) =>
            Array.Exists(All, f => f.Name == familyName) ? new(familyName) : null;

        public byte[]? GetFont(string faceName) => Array.Find(All, f => f.Name == faceName)?.Bytes;
    }
}
