using Mach.Definitions;

namespace Mach.Fhir.Tests.Definitions;

/// <summary>What the tool wrote is what it makes of the published package today; without npm's registry this fails and says so.</summary>
public sealed class EmbeddedFileTests(EmbeddedFileTests.PublishedPackage package) : IClassFixture<EmbeddedFileTests.PublishedPackage>
{
    private const string Remedy = "Run: dotnet run --project tools/Mach.Definitions";

    [Fact]
    public void The_embedded_file_is_what_the_package_says()
    {
        var embedded = R4File.Unpack(File.ReadAllBytes(System.IO.Path.Combine(package.Root, Output.DefinitionsPath)));
        var fresh = R4File.Unpack(Output.Definitions(package.Files));
        Assert.Equal(2, embedded.Count);
        Assert.True(embedded.Zip(fresh).All(p => p.First.AsSpan().SequenceEqual(p.Second)), Remedy);
    }

    [Fact]
    public void The_typed_access_is_what_the_package_says()
    {
        var folder = System.IO.Path.Combine(package.Root, Output.TypesFolder);
        var written = Directory.EnumerateFiles(folder, "*.g.cs").ToDictionary(f => System.IO.Path.GetFileName(f), File.ReadAllText, StringComparer.Ordinal);
        var fresh = Output.Types(package.Files);
        Assert.True(written.Count == fresh.Count && fresh.All(f => written.TryGetValue(f.Name, out var text) && text == f.Text), Remedy);
    }

    /// <summary>The package's files, read once.</summary>
    public sealed class PublishedPackage : IDisposable
    {
        public PublishedPackage()
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(System.IO.Path.Combine(folder!.FullName, "Mach.slnx")))
            {
                folder = folder.Parent;
            }

            Root = folder.FullName;
            Files = new SpecificationFiles(Package.Fetch(Program.Cache(Root)));
        }

        public string Root { get; }

        internal SpecificationFiles Files { get; }

        public void Dispose() => Files.Dispose();
    }
}
