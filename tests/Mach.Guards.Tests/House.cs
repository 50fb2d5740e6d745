using System.Xml.Linq;

namespace Mach.Guards.Tests;

/// <summary>One source file of the house: path below the root with '/', and its text.</summary>
internal sealed record SourceFile(string Path, string Text);

/// <summary>One project: name, folder below the root, the projects and packages it references.</summary>
internal sealed record ProjectFile(string Name, string Folder, IReadOnlyList<string> Projects, IReadOnlyList<string> Packages);

/// <summary>The checkout as the guards see it.</summary>
internal static class House
{
    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<SourceFile> Sources { get; } = Read("*.cs").Concat(Read("*.razor")).ToList();

    public static IReadOnlyList<ProjectFile> Projects { get; } = [.. Directory.EnumerateFiles(Root, "*.csproj", SearchOption.AllDirectories).Where(Ours).Select(Parse)];

    private static ProjectFile Parse(string file)
    {
        var xml = XDocument.Load(file);
        return new ProjectFile(
            Path.GetFileNameWithoutExtension(file),
            Relative(Path.GetDirectoryName(file)!),
            [.. xml.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(((string)r.Attribute("Include")!).Replace('\\', '/')))],
            [.. xml.Descendants("PackageReference").Select(r => (string)r.Attribute("Include")!)]);
    }

    private static IEnumerable<SourceFile> Read(string pattern) =>
        Directory.EnumerateFiles(Root, pattern, SearchOption.AllDirectories).Where(Ours).Select(f => new SourceFile(Relative(f), File.ReadAllText(f)));

    private static bool Ours(string file) =>
        Relative(file) is var path && !path.StartsWith("artifacts/", StringComparison.Ordinal) && !path.Contains("node_modules/", StringComparison.Ordinal)
        && !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal) && !path.StartsWith("data/", StringComparison.Ordinal);

    private static string Relative(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Mach.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Mach.slnx was not found above the test assembly.");
    }
}
