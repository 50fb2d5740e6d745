using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mach.Intake.Mapping;
using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Tests.Mapping;

/// <summary>Bodies of hand-written dossiers, to be read by people when the mapping changes.</summary>
public class GoldenTests
{
    private static readonly MappingContext s_context = new("nguoi-1", "cskcb-25001", DateTimeOffset.UnixEpoch);
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("outpatient")]
    [InlineData("every-table")]
    [InlineData("check-in")]
    public void Bodies_are_as_agreed(string name)
    {
        var dossier = Sample(name);
        var text = new StringBuilder();
        foreach (var resource in DossierMapping.ToFhir(dossier, s_context))
        {
            using var json = JsonDocument.Parse(resource.Body);
            text.Append(JsonSerializer.Serialize(json.RootElement, s_indented)).Append('\n');
        }

        ProjectFiles.Verify($"test/Mach.Intake.Tests/Mapping/Golden/{name}.ndjson", text.ToString());
    }

    [Theory]
    [InlineData("outpatient")]
    [InlineData("every-table")]
    [InlineData("check-in")]
    public void Hand_written_dossiers_come_back(string name)
    {
        var dossier = Sample(name);
        var bodies = DossierMapping.ToFhir(dossier, s_context).Select(r => r.Body).ToList();
        Assert.Equal(DossierText.Of(dossier), DossierText.Of(DossierMapping.FromFhir(bodies)));
    }

    private static Dossier Sample(string name) => name switch
    {
        "outpatient" => SampleDossiers.Outpatient(),
        "check-in" => SampleDossiers.CheckIn(),
        _ => SampleDossiers.EveryTable(),
    };
}
