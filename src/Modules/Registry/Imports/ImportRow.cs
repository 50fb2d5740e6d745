using System.Globalization;
using Mach.Registry.Units;

namespace Mach.Registry.Imports;

/// <summary>One line of a file by the names of its columns. Reading a bad value says so and answers nothing.</summary>
/// <param name="from">Day since when the file holds.</param>
internal sealed class ImportRow(SheetRow row, IReadOnlyDictionary<string, int> places, DateOnly from, List<Problem> problems)
{
    private static readonly string[] Dates = ["yyyy-MM-dd", "dd/MM/yyyy", "d/M/yyyy", "yyyyMMdd", "dd-MM-yyyy"];

    public int Number => row.Number;

    public DateOnly FileFrom => from;

    public IEnumerable<string> Columns => places.Keys;

    /// <summary>The text; empty when the column or the cell is not there.</summary>
    public string this[string column] => places.TryGetValue(column, out var place) && place < row.Cells.Length ? row.Cells[place] : "";

    public void Say(string column, string vi, string en) => problems.Add(new Problem($"{Number}:{Letter(column)} {column}".TrimEnd(), vi, en));

    public DateOnly? Date(string column)
    {
        var text = this[column];
        if (text.Length == 0)
        {
            return null;
        }

        if (DateOnly.TryParseExact(text.Length > 10 && text[10] is 'T' or ' ' ? text[..10] : text, Dates, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is > 1900 and < 2200)
        {
            return date;
        }

        Say(column, $"'{Short(text)}' không phải ngày dd/mm/yyyy.", $"'{Short(text)}' is no date such as 31/12/2026.");
        return null;
    }

    public int? Whole(string column, int most)
    {
        var text = this[column];
        if (text.Length == 0)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most)
        {
            return number;
        }

        Say(column, $"'{Short(text)}' không phải số nguyên từ 0 đến {most}.", $"'{Short(text)}' is no whole number from 0 to {most}.");
        return null;
    }

    public string? OneOf(string column, params ReadOnlySpan<(string Written, string Means)> values)
    {
        var text = Kernel.VietnameseText.Fold(this[column]);
        if (text.Length == 0)
        {
            return null;
        }

        foreach (var (written, means) in values)
        {
            if (text == written || text == means)
            {
                return means;
            }
        }

        Say(column, $"'{Short(this[column])}' không có trong danh sách giá trị.", $"'{Short(this[column])}' is none of the values of this column.");
        return null;
    }

    /// <summary>Parts between semicolons.</summary>
    public IReadOnlyList<string> Parts(string column) => this[column].Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public static string Short(string text) => text.Length > 60 ? text[..60] + "…" : text;

    /// <summary>The column as a spreadsheet names it.</summary>
    private string Letter(string column)
    {
        if (!places.TryGetValue(column, out var place))
        {
            return "";
        }

        var name = "";
        for (var i = place + 1; i > 0; i = (i - 1) / 26)
        {
            name = (char)('A' + ((i - 1) % 26)) + name;
        }

        return name;
    }
}
