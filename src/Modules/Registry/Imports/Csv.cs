using System.Text;
using Mach.Kernel;

namespace Mach.Registry.Imports;

/// <summary>Separated values with quotes (RFC 4180); the separator is comma, semicolon or tab, whichever the first line has most of.</summary>
internal static class Csv
{
    public static List<SheetRow> Read(string text)
    {
        var separator = Separator(text);
        var rows = new List<SheetRow>();
        var cells = new List<string>();
        var cell = new StringBuilder();
        var (quoted, line, start) = (false, 1, 1);
        for (var i = 0; i <= text.Length; i++)
        {
            var c = i < text.Length ? text[i] : '\n';
            if (quoted && i < text.Length)
            {
                if (c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                {
                    cell.Append('"');
                    i++;
                }
                else if (c == '"')
                {
                    quoted = false;
                }
                else
                {
                    line += c == '\n' ? 1 : 0;
                    cell.Append(c);
                }
            }
            else if (c == '"' && cell.Length == 0 && !quoted)
            {
                quoted = true;
            }
            else if (c == separator)
            {
                Take(cells, cell);
            }
            else if (c == '\n')
            {
                Take(cells, cell);
                SheetReader.Limit(line, cells.Count);
                if (cells.Exists(x => x.Length > 0))
                {
                    rows.Add(new SheetRow(start, [.. cells]));
                }

                cells.Clear();
                start = ++line;
            }
            else if (c != '\r')
            {
                cell.Append(c);
            }
        }

        return quoted
            ? throw new SheetException($"Dấu ngoặc kép mở ở dòng {start} không đóng.", $"The quote opened in line {start} is never closed.")
            : rows;
    }

    private static void Take(List<string> cells, StringBuilder cell)
    {
        cells.Add(VietnameseText.Compose(cell.ToString()).Trim());
        cell.Clear();
    }

    private static char Separator(string text)
    {
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        var first = end < 0 ? text : text[..end];
        return ",;\t".MaxBy(s => first.Count(c => c == s));
    }
}
