using System.Reflection;
using System.Text;

namespace Mach.Demo.Catalogue;

/// <summary>Rows of an embedded table: fields separated by tabs, lines that start with '#' are remarks, missing trailing fields are "".</summary>
internal static class Tsv
{
    public static List<T> Read<T>(string name, int columns, Func<string[], T> row)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name + ".tsv")
            ?? throw new InvalidOperationException($"{name}.tsv is not embedded.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var rows = new List<T>();
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

            rows.Add(row(fields));
        }

        return rows;
    }
}
