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

    [Fact]
    public void The_search_parameters_are_what_the_package_says()
    {
        var tool = System.IO.Path.Combine(package.Root, "tools", "search-parameters.mjs");
        var fresh = System.IO.Path.GetTempFileName();
        try
        {
            using var node = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("node", [tool, package.Folder, fresh]) { RedirectStandardError = true })!;
            var said = node.StandardError.ReadToEnd();
            node.WaitForExit();
            Assert.True(node.ExitCode == 0, said);
            Assert.True(File.ReadAllText(System.IO.Path.Combine(package.Root, "src/Mach.Fhir/Search/search-parameters.json")) == File.ReadAllText(fresh), "Run: node tools/search-parameters.mjs FOLDER_OF_THE_PACKAGE");
        }
        finally
        {
            File.Delete(fresh);
        }
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
            var files = Package.Fetch(Program.Cache(Root));
            Folder = System.IO.Path.GetFullPath(System.IO.Path.Combine(files, "../../.."));
            Files = new SpecificationFiles(files);
        }

        /// <summary>Where the package was unpacked.</summary>
        public string Folder { get; }

        public string Root { get; }

        internal SpecificationFiles Files { get; }

        public void Dispose() => Files.Dispose();
    }
}
