namespace Mach.Care.Writing;

/// <summary>The module's own tables: a line a row, a tab between cells, remarks behind #; \n in a cell is a line break.</summary>
internal static class Table
{
    public static IEnumerable<string[]> Rows(string name)
    {
        using var reader = new StreamReader(typeof(Table).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException("There is no table " + name));
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                yield return [.. line.Split('\t').Select(c => c.Replace("\\n", "\n", StringComparison.Ordinal))];
            }
        }
    }
}
