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

        ProjectFiles.Verify($"tests/Mach.Intake.Tests/Mapping/Golden/{name}.ndjson", text.ToString());
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

    [Theory]
    [InlineData("outpatient")]
    [InlineData("every-table")]
    public void From_XML_to_FHIR_to_XML_gives_the_same_bytes(string name)
    {
        var sent = Envelope(Sample(name));
        var scan = EnvelopeReader.Scan(new MemoryStream(sent), new EnvelopeLimits(), default);
        var (offset, length) = Assert.Single(scan.Dossiers);
        var read = EnvelopeReader.ReadDossier(sent.AsMemory((int)offset, length), 1, scan.FacilityCode);
        var back = DossierMapping.FromFhir([.. DossierMapping.ToFhir(read, s_context).Select(r => r.Body)]);
        Assert.Equal(Encoding.UTF8.GetString(sent), Encoding.UTF8.GetString(Envelope(back)));
    }

    private static byte[] Envelope(Dossier dossier)
    {
        using var output = new MemoryStream();
        EnvelopeWriter.Write(output, dossier.FacilityCode, new DateOnly(2025, 7, 2), [dossier]);
        return output.ToArray();
    }

    private static Dossier Sample(string name) => name switch
    {
        "outpatient" => SampleDossiers.Outpatient(),
        "check-in" => SampleDossiers.CheckIn(),
        _ => SampleDossiers.EveryTable(),
    };
}
