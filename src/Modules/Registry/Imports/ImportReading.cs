using System.Text;
using Mach.Kernel;
using Mach.Registry.Ledgers;
using Mach.Registry.Units;

namespace Mach.Registry.Imports;

/// <summary>Turns a file into statements. Pure: the same file on the same state says the same.</summary>
internal static class ImportReading
{
    private const int HeadingWithin = 15;
    private const int MostProblems = 200;

    /// <summary>States all lines in the draft.</summary>
    /// <param name="whole">The file is the whole list: what it lacks ends on <paramref name="from"/>.</param>
    /// <returns>What is wrong, by row and column, and how many lines there were. With any problem the draft is not to be used.</returns>
    public static (IReadOnlyList<Problem> Problems, int Lines) State(RegistryDraft draft, ImportKind kind, byte[] bytes, DateOnly from, bool whole = false)
    {
        var problems = new List<Problem>();
        try
        {
            if (kind.Name == Shapes.Kind)
            {
                if (whole)
                {
                    EndOthers(draft, kind, [], from, problems);
                    return (problems, 0);
                }

                return (problems, Shapes.State(draft, bytes, from, problems));
            }

            var sheet = SheetReader.Read(bytes);
            var (heading, places) = Heading(sheet, kind, problems);
            if (problems.Count > 0)
            {
                return (problems, 0);
            }

            var lines = sheet.Rows.Where(r => r.Number > heading).ToList();
            if (lines.Count == 0)
            {
                problems.Add(new Problem("", "Không có dòng dữ liệu nào dưới dòng tiêu đề.", "There is no line below the headings."));
            }

            foreach (var line in lines.TakeWhile(_ => problems.Count < MostProblems))
            {
                Take(draft, kind, new ImportRow(line, places, from, problems));
            }

            if (whole && problems.Count == 0)
            {
                EndOthers(draft, kind, lines.Select(l => new ImportRow(l, places, from, problems)), from, problems);
            }

            return (problems, lines.Count);
        }
        catch (SheetException e)
        {
            problems.Add(new Problem("", e.Vi, e.Message));
            return (problems, 0);
        }
    }

    private static void EndOthers(RegistryDraft draft, ImportKind kind, IEnumerable<ImportRow> rows, DateOnly from, List<Problem> problems)
    {
        if (kind.Key is not { } key || kind.EndOthers is not { } end)
        {
            problems.Add(new Problem("", "Tệp loại này không thể là danh mục đầy đủ.", "A file of this kind cannot be the whole list."));
            return;
        }

        end(draft, rows.Select(r => r[key]).ToHashSet(StringComparer.OrdinalIgnoreCase), from);
    }

    private static void Take(RegistryDraft draft, ImportKind kind, ImportRow row)
    {
        var complete = true;
        foreach (var column in kind.Columns.Where(c => c.Required && row[c.Key].Length == 0))
        {
            row.Say(column.Key, "Ô này không được để trống.", "This cell must not be empty.");
            complete = false;
        }

        if (complete)
        {
            kind.Take(draft, row);
        }
    }

    /// <summary>The line of headings: the first that has all required columns; official lists have titles above it.</summary>
    private static (int Row, Dictionary<string, int> Places) Heading(Sheet sheet, ImportKind kind, List<Problem> problems)
    {
        var best = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in sheet.Rows.Take(HeadingWithin))
        {
            var places = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var i = 0; i < row.Cells.Length; i++)
            {
                var name = Fold(row.Cells[i]);
                var column = kind.Columns.FirstOrDefault(c => c.Key == name || c.Aliases.Contains(name));
                if (name.Length > 0 && (column is not null || kind.Open) && !places.TryAdd(column?.Key ?? name, i))
                {
                    problems.Add(new Problem($"{row.Number}", $"Cột '{row.Cells[i]}' có hai lần.", $"The column '{row.Cells[i]}' is there twice."));
                    return (row.Number, places);
                }
            }

            if (kind.Columns.All(c => !c.Required || places.ContainsKey(c.Key)))
            {
                return (row.Number, places);
            }

            best = places.Count > best.Count ? places : best;
        }

        var missing = string.Join(", ", kind.Columns.Where(c => c.Required && !best.ContainsKey(c.Key)).Select(c => c.Key));
        problems.Add(new Problem("1", $"Không thấy dòng tiêu đề có đủ cột bắt buộc; thiếu: {missing}.", $"No line of headings has all required columns; missing: {missing}."));
        return (0, best);
    }

    private static string Fold(string heading)
    {
        var folded = VietnameseText.Fold(heading);
        var name = new StringBuilder(folded.Length);
        foreach (var c in folded)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                name.Append(c);
            }
            else if (name.Length > 0 && name[^1] != '_')
            {
                name.Append('_');
            }
        }

        return name.ToString().TrimEnd('_');
    }
}
