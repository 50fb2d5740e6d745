using System.Text.Json;
using Mach.Definitions;
using Mach.Fhir.Tests.Definitions;
using Mach.Fhir.Validation;

namespace Mach.Fhir.Tests.Validation;

/// <summary>Some four thousand resources that HL7 published with R4: none of them may be refused.</summary>
public sealed class PublishedResourcesTests(EmbeddedFileTests.PublishedPackage package) : IClassFixture<EmbeddedFileTests.PublishedPackage>
{
    [Theory]
    [InlineData("profiles-types.json", 60)]
    [InlineData("profiles-resources.json", 200)]
    [InlineData("profiles-others.json", 40)]
    [InlineData("extension-definitions.json", 300)]
    [InlineData("valuesets.json", 1100)]
    [InlineData("v3-codesystems.json", 300)]
    [InlineData("v2-tables.json", 800)]
    [InlineData("search-parameters.json", 1300)]
    [InlineData("conceptmaps.json", 15)]
    public void Resources_of_the_specification_are_valid(string file, int atLeast)
    {
        var path = System.IO.Path.Combine(Package.Fetch(Program.Cache(package.Root)), file);
        using var bundle = JsonDocument.Parse(File.ReadAllBytes(path));
        var number = 0;
        foreach (var entry in bundle.RootElement.GetProperty("entry").EnumerateArray())
        {
            var resource = entry.GetProperty("resource");
            if (resource.TryGetProperty("fhirVersion", out var version) && version.ValueEquals("4.3.0"))
            {
                continue;
            }

            number++;
            var issues = ResourceValidator.Validate(resource, new ValidationOptions { Warnings = false });
            Assert.True(issues.Count == 0, $"{resource.GetProperty("url").GetString()}\n" + string.Join('\n', issues));
        }

        Assert.True(number >= atLeast, number + " resources");
    }
}
