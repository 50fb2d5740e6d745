namespace Mach.Definitions;

/// <summary>Writes the definitions of FHIR R4 into the product: <c>dotnet run --project tools/Mach.Definitions</c>.</summary>
internal static class Program
{
    public static int Main(string[] args)
    {
        var root = args.Length > 0 ? args[0] : FindRoot();
        using var files = new SpecificationFiles(Package.Fetch(Cache(root)));
        var definitions = Output.Definitions(files);
        File.WriteAllBytes(Path.Combine(root, Output.DefinitionsPath), definitions);
        Console.WriteLine($"{Output.DefinitionsPath}: {definitions.Length:N0} bytes");

        var folder = Path.Combine(root, Output.TypesFolder);
        Directory.CreateDirectory(folder);
        foreach (var old in Directory.EnumerateFiles(folder, "*.g.cs"))
        {
            File.Delete(old);
        }

        foreach (var (name, text) in Output.Types(files))
        {
            File.WriteAllText(Path.Combine(folder, name), text);
        }

        Console.WriteLine($"{Output.TypesFolder}: {Directory.EnumerateFiles(folder).Sum(f => new FileInfo(f).Length):N0} bytes");
        return 0;
    }

    /// <summary>Where the package is kept between runs: not under version control, and not fetched twice.</summary>
    public static string Cache(string root) => Path.Combine(root, "artifacts", "definitions");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(Environment.CurrentDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Mach.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Run this inside the checkout, or give its folder.");
    }
}
