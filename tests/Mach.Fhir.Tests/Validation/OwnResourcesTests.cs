using System.Text.Json;
using Mach.Fhir.Validation;

namespace Mach.Fhir.Tests.Validation;

/// <summary>What the house itself writes from envelopes is FHIR.</summary>
public sealed class OwnResourcesTests
{
    public static TheoryData<string> Files => new(Directory.EnumerateFiles(Folder(), "*.ndjson").Select(f => System.IO.Path.GetFileName(f)));

    [Theory]
    [MemberData(nameof(Files))]
    public void Resources_mapped_from_envelopes_are_valid(string file)
    {
        var number = 0;
        foreach (var document in Read(File.ReadAllBytes(System.IO.Path.Combine(Folder(), file))))
        {
            number++;
            var issues = ResourceValidator.Validate(document.RootElement).Where(i => i.Severity == IssueSeverity.Error).ToList();
            Assert.True(issues.Count == 0, $"resource {number}\n" + string.Join('\n', issues));
        }

        Assert.True(number > 0);
    }

    /// <summary>The files hold one resource after the other, each over several lines.</summary>
    private static List<JsonDocument> Read(byte[] file)
    {
        var documents = new List<JsonDocument>();
        var reader = new Utf8JsonReader(file, new JsonReaderOptions { AllowMultipleValues = true });
        while (reader.Read())
        {
            documents.Add(JsonDocument.ParseValue(ref reader));
        }

        return documents;
    }

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder!.FullName, "Mach.slnx")))
        {
            folder = folder.Parent;
        }

        return System.IO.Path.Combine(folder.FullName, "tests", "Mach.Intake.Tests", "Mapping", "Golden");
    }
}
