namespace Mach.Indicators.Sheets;

/// <summary>What a cell holds.</summary>
internal enum CellKind
{
    Words,
    /// <summary>Number of the line.</summary>
    Order,
    Number,
    /// <summary>A part of one.</summary>
    Percent,
    /// <summary>Words in place of a number.</summary>
    Said,
}

/// <param name="Text">A number with a point and nothing else; empty = nothing is known.</param>
/// <param name="Digits">Behind the decimal point, as it is shown.</param>
internal readonly record struct SheetCell(string Text, CellKind Kind = CellKind.Words, int Digits = 0);

/// <param name="Key">For programs.</param>
/// <param name="Width">In letters.</param>
/// <param name="Note">Said beside the head of the column; null = nothing.</param>
internal sealed record SheetColumn(string Key, string Title, double Width, string? Note = null);

/// <param name="By">What it is a line of: total, facility, tier, …; empty for the title of a part.</param>
/// <param name="Key">Of the place or month.</param>
internal sealed record SheetRow(string By, string Key, IReadOnlyList<SheetCell> Cells, bool IsStrong = false);

/// <summary>A table as a health report has it.</summary>
/// <param name="Body">Who issues it, below whom it is.</param>
/// <param name="Number">Of the statutory form; empty = none.</param>
/// <param name="Notes">What is said below the table.</param>
/// <param name="Facts">For programs: what the table is of.</param>
/// <param name="Day">On which it is dated.</param>
/// <param name="At">When it was written.</param>
internal sealed record SheetReport(
    string Title, string Period, IReadOnlyList<string> Body, string Number, IReadOnlyList<SheetColumn> Columns, IReadOnlyList<SheetRow> Rows, IReadOnlyList<string> Notes, IReadOnlyList<(string Name, string Value)> Facts,
    DateOnly Day, DateTimeOffset At);
