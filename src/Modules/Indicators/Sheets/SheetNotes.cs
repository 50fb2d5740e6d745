using System.Globalization;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Mach.Indicators.Sheets;

/// <summary>Notes beside the heads of columns. The words are one part of the file, the boxes that they open in another.</summary>
/// <remarks>Source: ECMA-376 part 1, §18.7 (comments); part 4, §19.4 (the boxes).</remarks>
internal static partial class SheetFile
{
    private static void AddNotes(WorksheetPart table, SheetReport report)
    {
        var notes = report.Columns.Select((c, i) => (Column: i, Text: c.Note)).Where(n => n.Text is not null).ToList();
        if (notes.Count == 0)
        {
            return;
        }

        table.AddNewPart<WorksheetCommentsPart>("notes").Comments = new Comments(
            new Authors(new Author("Mạch")),
            new CommentList(notes.Select(n => new Comment(new CommentText(new Run(new Text(Clean(n.Text!)) { Space = SpaceProcessingModeValues.Preserve }))) { Reference = At(n.Column, HeadRow), AuthorId = 0 })));
        using (var boxes = new MemoryStream(Encoding.UTF8.GetBytes(Boxes(notes.Select(n => (n.Column, Lines: n.Text!.Split('\n').Sum(l => 1 + (l.Length / 50)))).ToList()))))
        {
            table.AddNewPart<VmlDrawingPart>("boxes").FeedData(boxes);
        }

        table.Worksheet!.Append(new LegacyDrawing { Id = "boxes" });
    }

    private static string Boxes(IReadOnlyList<(int Column, int Lines)> notes)
    {
        var xml = new StringBuilder("""
            <xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">
            <v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>
            """);
        foreach (var (column, lines) in notes)
        {
            xml.Append(CultureInfo.InvariantCulture, $"""

                <v:shape id="_x0000_s{1025 + column}" type="#_x0000_t202" style="position:absolute;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"/>
                <x:ClientData ObjectType="Note"><x:Anchor>{column + 1}, 10, {HeadRow - 1}, 4, {column + 4}, 40, {HeadRow + lines + 1}, 4</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{HeadRow - 1}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>
                """);
        }

        return xml.Append("\n</xml>").ToString();
    }
}
