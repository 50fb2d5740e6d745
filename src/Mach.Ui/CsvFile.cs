using System.Globalization;
using System.Text;

namespace Mach.Ui;

/// <summary>Comma-separated values as spreadsheets open them: UTF-8 with a byte order mark, CRLF. Source: RFC 4180.</summary>
public static class CsvFile
{
    public const string ContentType = "text/csv; charset=utf-8";

    public static byte[] Write(IEnumerable<IReadOnlyList<string?>> lines)
    {
        var text = new StringBuilder("\uFEFF");
        foreach (var line in lines)
        {
            text.AppendJoin(',', line.Select(Cell)).Append("\r\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>One cell, quoted where it must be. What a spreadsheet would run as a formula is made text by an apostrophe; a number with a sign stays a number.</summary>
    public static string Cell(string? text)
    {
        var plain = text ?? "";
        var safe = plain is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] && !double.TryParse(plain, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _) ? "'" + plain : plain;
        return safe.AsSpan().ContainsAny(",\"\r\n") ? "\"" + safe.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"" : safe;
    }
}
