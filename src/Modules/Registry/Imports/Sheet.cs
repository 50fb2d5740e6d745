namespace Mach.Registry.Imports;

/// <summary>One line of a file.</summary>
/// <param name="Number">1-based line of the sheet, as a spreadsheet shows it.</param>
internal sealed record SheetRow(int Number, string[] Cells);

/// <summary>A file as lines of text cells; dates are ISO, numbers invariant.</summary>
internal sealed record Sheet(IReadOnlyList<SheetRow> Rows)
{
    /// <summary>Most lines of one file: the longest official list has 19,438.</summary>
    public const int MostRows = 100_000;
    public const int MostColumns = 200;
    /// <summary>Most bytes of one file.</summary>
    public const int MostBytes = 20 * 1024 * 1024;
}

/// <summary>The file cannot be read at all.</summary>
internal sealed class SheetException(string vi, string en) : Exception(en)
{
    public string Vi { get; } = vi;
}
