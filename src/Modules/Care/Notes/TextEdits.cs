namespace Mach.Care.Notes;

/// <summary>What was changed in a list of pieces: those from <paramref name="Start"/> to before <paramref name="End"/> became <paramref name="Now"/>.</summary>
internal readonly record struct Edit(int Start, int End, IReadOnlyList<string> Now);

/// <summary>The edits that make one list of pieces another, by their longest common subsequence.</summary>
internal static class TextEdits
{
    /// <summary>More cells than this are not compared: what lies between the common beginning and end then counts as one edit.</summary>
    private const int MostCells = 4_000_000;

    /// <summary>In their order, none touching the next.</summary>
    public static IReadOnlyList<Edit> Of(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        var head = 0;
        while (head < before.Count && head < after.Count && before[head] == after[head])
        {
            head++;
        }

        var tail = 0;
        while (tail < before.Count - head && tail < after.Count - head && before[before.Count - 1 - tail] == after[after.Count - 1 - tail])
        {
            tail++;
        }

        var (rows, columns) = (before.Count - head - tail, after.Count - head - tail);
        if (rows == 0 && columns == 0)
        {
            return [];
        }

        return rows == 0 || columns == 0 || (long)rows * columns > MostCells
            ? [new(head, head + rows, Range(after, head, head + columns))]
            : Between(before, after, head, rows, columns);
    }

    private static List<Edit> Between(IReadOnlyList<string> before, IReadOnlyList<string> after, int head, int rows, int columns)
    {
        // common[i, j]: length of the longest common subsequence of what follows i and j.
        var common = new int[rows + 1, columns + 1];
        for (var i = rows - 1; i >= 0; i--)
        {
            for (var j = columns - 1; j >= 0; j--)
            {
                common[i, j] = before[head + i] == after[head + j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        var edits = new List<Edit>();
        var (row, column) = (0, 0);
        while (row < rows || column < columns)
        {
            var (startRow, startColumn) = (row, column);
            while ((row < rows || column < columns) && !(row < rows && column < columns && before[head + row] == after[head + column]))
            {
                if (column == columns || (row < rows && common[row + 1, column] >= common[row, column + 1]))
                {
                    row++;
                }
                else
                {
                    column++;
                }
            }

            if (row > startRow || column > startColumn)
            {
                edits.Add(new(head + startRow, head + row, Range(after, head + startColumn, head + column)));
            }

            while (row < rows && column < columns && before[head + row] == after[head + column])
            {
                row++;
                column++;
            }
        }

        return edits;
    }

    private static List<string> Range(IReadOnlyList<string> pieces, int start, int end)
    {
        var range = new List<string>(end - start);
        for (var i = start; i < end; i++)
        {
            range.Add(pieces[i]);
        }

        return range;
    }
}
