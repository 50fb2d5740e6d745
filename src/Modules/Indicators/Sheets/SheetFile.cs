using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Mach.Indicators.Sheets;

/// <summary>
/// Writes a report as a workbook: the table on a sheet that prints on A4, and a hidden sheet of keys by which programs read it back. Words are always words: no cell is a formula.
/// Only this folder knows the library.
/// </summary>
/// <remarks>Source: ECMA-376 part 1, SpreadsheetML; notes as in part 4, §19.</remarks>
internal static partial class SheetFile
{
    public const string ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    public const string TableName = "Biểu", KeysName = "keys";

    private const int HeadRow = 7, NumberingRow = HeadRow + 1, MostLetters = 32_000;
    private const double LineHeight = 16, LeftLetters = 36, RightWidth = 54;

    public static byte[] Write(SheetReport report, SheetForm form)
    {
        using var buffer = new MemoryStream();
        using (var file = SpreadsheetDocument.Create(buffer, SpreadsheetDocumentType.Workbook))
        {
            var book = file.AddWorkbookPart();
            book.AddNewPart<WorkbookStylesPart>("looks").Stylesheet = SheetLooks.Write();
            var table = book.AddNewPart<WorksheetPart>("table");
            table.Worksheet = Table(report, form);
            AddNotes(table, report);
            var keys = book.AddNewPart<WorksheetPart>("keys");
            keys.Worksheet = new Worksheet(new SheetData(Keys(report).Select((line, i) => Row(i + 1, null, [.. line.Select((text, c) => Words(c, i + 1, text, SheetLooks.Plain))]))));
            book.Workbook = new Workbook(
                new BookViews(new WorkbookView { ActiveTab = 0 }),
                new DocumentFormat.OpenXml.Spreadsheet.Sheets(
                    new Sheet { Name = TableName, SheetId = 1, Id = "table" },
                    new Sheet { Name = KeysName, SheetId = 2, Id = "keys", State = SheetStateValues.VeryHidden }),
                new DefinedNames(new DefinedName($"'{TableName}'!${HeadRow}:${NumberingRow}") { Name = "_xlnm.Print_Titles", LocalSheetId = 0 }));
            file.PackageProperties.Title = Clean(report.Title);
            file.PackageProperties.Creator = "Mạch";
            file.PackageProperties.Created = file.PackageProperties.Modified = report.At.UtcDateTime;
        }

        return buffer.ToArray();
    }

    private static Worksheet Table(SheetReport report, SheetForm form)
    {
        var last = report.Columns.Count - 1;
        var (rows, merges) = (new List<Row>(), new List<string>());
        // The body that issues stands above the first two columns, the state above the others, which are wide enough for its name.
        var wider = Math.Max(0, RightWidth - report.Columns.Skip(2).Sum(c => c.Width)) / (last - 1);
        List<double> widths = [.. report.Columns.Select((c, i) => c.Width + (i < 2 ? 0 : wider))];
        var width = widths.Sum();
        void Pair(int row, (string Text, uint Look) left, (string Text, uint Look) right)
        {
            rows.Add(Row(row, Math.Ceiling(Math.Max(1, left.Text.Length) / LeftLetters) * LineHeight, [Words(0, row, left.Text, left.Look), Words(2, row, right.Text, right.Look)]));
            merges.Add($"{At(0, row)}:{At(1, row)}");
            merges.Add($"{At(2, row)}:{At(last, row)}");
        }

        void Line(int row, string text, uint look, double lettersInLine)
        {
            rows.Add(Row(row, Math.Ceiling(Math.Max(1, text.Length) / lettersInLine) * (look == SheetLooks.Title ? 20 : LineHeight), [Words(0, row, text, look)]));
            merges.Add($"{At(0, row)}:{At(last, row)}");
        }

        Pair(1, (report.Body[0], SheetLooks.Body), (form.State[0], SheetLooks.BodyStrong));
        Pair(2, (report.Body[1], SheetLooks.BodyStrong), (form.State[1], SheetLooks.BodyStrong));
        Pair(3, (report.Number.Length == 0 ? "" : SheetForm.Fill(form.Form, report.Number), SheetLooks.Aside), ("", SheetLooks.Plain));
        Line(4, report.Title, SheetLooks.Title, width * 0.7);
        Line(5, report.Period, SheetLooks.Aside, width);
        rows.Add(Row(HeadRow, null, [.. report.Columns.Select((c, i) => Words(i, HeadRow, c.Title, SheetLooks.Head))]));
        rows.Add(Row(NumberingRow, null, [.. report.Columns.Select((_, i) => Number(i, NumberingRow, (i + 1).ToString(CultureInfo.InvariantCulture), SheetLooks.Numbering))]));
        var at = NumberingRow;
        foreach (var row in report.Rows)
        {
            at++;
            rows.Add(Row(at, null, [.. row.Cells.Select((c, i) => CellOf(c, i, at, row))]));
        }

        foreach (var note in report.Notes)
        {
            Line(at += at == NumberingRow + report.Rows.Count ? 2 : 1, note, SheetLooks.Note, width);
        }

        at += 2;
        Pair(at, ("", SheetLooks.Plain), (form.PlaceAndDay(report.Day), SheetLooks.Aside));
        for (var line = 0; line < form.Signers[0].Count; line++)
        {
            at++;
            Pair(at, (form.Signers[0][line], line == 0 ? SheetLooks.BodyStrong : SheetLooks.Aside), (form.Signers[1][line], line == 0 ? SheetLooks.BodyStrong : SheetLooks.Aside));
        }

        return new Worksheet(
            new SheetProperties(new PageSetupProperties { FitToPage = true }),
            new SheetViews(new SheetView(new Pane { VerticalSplit = NumberingRow, TopLeftCell = At(0, NumberingRow + 1), ActivePane = PaneValues.BottomLeft, State = PaneStateValues.Frozen }) { WorkbookViewId = 0, TabSelected = true }),
            new SheetFormatProperties { DefaultRowHeight = LineHeight },
            new Columns(widths.Select((w, i) => new Column { Min = (uint)i + 1, Max = (uint)i + 1, Width = w, CustomWidth = true })),
            new SheetData(rows),
            new MergeCells(merges.Select(m => new MergeCell { Reference = m })) { Count = (uint)merges.Count },
            new PrintOptions { HorizontalCentered = true },
            new PageMargins { Left = 0.6, Right = 0.4, Top = 0.6, Bottom = 0.6, Header = 0.3, Footer = 0.3 },
            new PageSetup { PaperSize = 9, Orientation = OrientationValues.Landscape, FitToWidth = 1, FitToHeight = 0 },
            new HeaderFooter(new OddFooter("&R&P/&N")));
    }

    /// <summary>kind, at, name, key: what the table is of; the columns by their letters; the lines by their rows.</summary>
    private static IEnumerable<string[]> Keys(SheetReport report) =>
        report.Facts.Select(f => new[] { "fact", "", f.Name, f.Value })
            .Concat(report.Columns.Select((c, i) => new[] { "column", At(i, 0)[..^1], c.Key, "" }))
            .Concat(report.Rows.Select((r, i) => new[] { "row", (NumberingRow + 1 + i).ToString(CultureInfo.InvariantCulture), r.By, r.Key }).Where(r => r[2].Length > 0))
            .Prepend(["kind", "at", "name", "key"]);

    private static Cell CellOf(SheetCell cell, int column, int row, SheetRow of)
    {
        var look = of.By.Length == 0 ? SheetLooks.Part : SheetLooks.Of(cell, of.IsStrong);
        return cell.Text.Length > 0 && cell.Kind is CellKind.Number or CellKind.Percent or CellKind.Order ? Number(column, row, cell.Text, look) : Words(column, row, cell.Text, look);
    }

    private static Row Row(int at, double? height, IReadOnlyList<Cell> cells)
    {
        var row = new Row(cells) { RowIndex = (uint)at };
        if (height is { } points)
        {
            (row.Height, row.CustomHeight) = (points, true);
        }

        return row;
    }

    private static Cell Number(int column, int row, string plain, uint look) => new(new CellValue(plain)) { CellReference = At(column, row), StyleIndex = look };

    private static Cell Words(int column, int row, string text, uint look) => text.Length == 0
        ? new() { CellReference = At(column, row), StyleIndex = look }
        : new(new InlineString(new Text(Clean(text)) { Space = SpaceProcessingModeValues.Preserve })) { CellReference = At(column, row), StyleIndex = look, DataType = CellValues.InlineString };

    private static string At(int column, int row) => string.Create(CultureInfo.InvariantCulture, $"{(char)('A' + column)}{row}");

    /// <summary>Without what XML cannot hold, and so that nothing reads as an escape of the format: _x0041_ would be shown as A.</summary>
    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes().Where(r => r.Value > 0xFFFF || XmlConvert.IsXmlChar((char)r.Value)).TakeWhile(_ => clean.Length < MostLetters))
        {
            clean.Append(rune);
        }

        return Escape().Replace(clean.ToString(), "_x005F_$1");
    }

    [GeneratedRegex("_(x[0-9A-Fa-f]{4}_)")]
    private static partial Regex Escape();
}
