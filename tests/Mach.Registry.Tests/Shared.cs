using Mach.Testing;

namespace Mach.Registry.Tests;

/// <summary>The published data beside the project: what the embedded facts are held against.</summary>
internal static class Shared
{
    public static string File(string name) => Repository.Published(name);

    /// <summary>Rows of a simple CSV file (fields without line ends) by their header.</summary>
    public static IEnumerable<Dictionary<string, string>> Csv(string name)
    {
        using var reader = System.IO.File.OpenText(File(name));
        var header = reader.ReadLine()!.Split(',');
        while (reader.ReadLine() is { } line)
        {
            var fields = line.Split(',');
            yield return header.Zip(fields).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal);
        }
    }
}
