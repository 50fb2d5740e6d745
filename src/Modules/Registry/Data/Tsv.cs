using System.Text;

namespace Mach.Registry.Data;

/// <summary>Rows of an embedded table (Data/*.tsv): fields separated by tabs; lines that start with '#' say what it is and where it is from; missing trailing fields are empty.</summary>
internal static class Tsv
{
    public static IEnumerable<string[]> Read(string name, int columns)
    {
        using var stream = typeof(Tsv).Assembly.GetManifestResourceStream($"Mach.Registry.Data.{name}.tsv")
            ?? throw new InvalidOperationException($"{name}.tsv is missing from the assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var fields = line.Split('\t');
            if (fields.Length < columns)
            {
                var given = fields.Length;
                Array.Resize(ref fields, columns);
                Array.Fill(fields, "", given, columns - given);
            }

            yield return fields;
        }
    }
}
