using System.Globalization;
using System.Text.Json;
using Mach.Intake.Mapping.Tree;

namespace Mach.Intake.Mapping.Tables;

/// <summary>Who sent all this and in which document. Source of the elements: hl7.org/fhir/R4/provenance.html.</summary>
internal static class ProvenanceTemplate
{
    private static readonly JsonEncodedText s_target = JsonEncodedText.Encode("target");
    private static readonly JsonEncodedText s_recorded = JsonEncodedText.Encode("recorded");
    private static readonly JsonEncodedText s_recordedUnknown = JsonEncodedText.Encode("_recorded");
    private static readonly JsonEncodedText s_role = JsonEncodedText.Encode("role");
    private static readonly JsonEncodedText s_source = JsonEncodedText.Encode("source");
    private static readonly Node s_agent = Shape.Arr("agent", Shape.Item(FhirParts.Organization("who")));
    private static readonly Node s_entity = Shape.Arr("entity", Shape.Item(
        Shape.Made(static pen => pen.String(s_role, s_source)),
        Shape.Obj("what", Shape.Made(static pen => pen.String(FhirParts.Reference, "DocumentReference/" + pen.Scope.Id(DocumentTemplate.Kind))))));

    /// <summary>Its time is the dossier's, not the clock's: the same dossier gives the same bytes.</summary>
    /// <returns>Its id.</returns>
    public static string Write(Pen pen, IReadOnlyList<(string Type, string Id, int End)> targets)
    {
        var scope = pen.Scope;
        var summary = scope.Rows[0];
        pen.Turn(summary.Row, summary.Ordinal, summary);
        var id = scope.Id("prov");
        pen.BeginResource();
        FhirParts.WriteHead(pen, "Provenance", id);
        var array = pen.BeginArray(s_target);
        foreach (var (type, target, _) in targets)
        {
            FhirParts.WriteItem(pen, type, target);
        }

        pen.EndArray(array);
        var time = scope.FirstTime("NGAY_TTOAN", "NGAY_RA", "NGAY_VAO");
        if (time?.Length >= 10)
        {
            pen.String(s_recorded, time.Length == 10 ? string.Create(CultureInfo.InvariantCulture, $"{time}T00:00:00+07:00") : time);
        }
        else
        {
            DataAbsent.WritePrimitive(pen, s_recordedUnknown);
        }

        s_agent.Write(pen);
        s_entity.Write(pen);
        pen.EndResource();
        return id;
    }
}
