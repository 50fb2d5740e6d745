using System.Globalization;
using System.Text.Json;
using Mach.Intake.Mapping.Tree;
using Mach.Vietnam;
using static Mach.Intake.Mapping.Tree.Shape;

namespace Mach.Intake.Mapping.Tables;

/// <summary>
/// The dossier itself: where the original is, the person exactly as sent (the shared Patient is a view over many dossiers),
/// and which tables with how many rows there were. Source of the elements: hl7.org/fhir/R4/documentreference.html.
/// </summary>
internal static class DocumentTemplate
{
    public const string Kind = "doc";

    /// <summary>Extension: the list of tables as received.</summary>
    public const string ManifestUrl = Systems.Own + "/StructureDefinition/bhyt-dossier";

    private const string PersonId = "nguoi-benh";

    private static readonly JsonEncodedText s_url = JsonEncodedText.Encode("url");
    private static readonly JsonEncodedText s_extension = JsonEncodedText.Encode("extension");
    private static readonly JsonEncodedText s_valueString = JsonEncodedText.Encode("valueString");
    private static readonly JsonEncodedText s_manifest = JsonEncodedText.Encode(ManifestUrl);
    private static readonly JsonEncodedText s_table = JsonEncodedText.Encode("table");
    private static readonly JsonEncodedText s_raw = JsonEncodedText.Encode("raw");
    private static readonly JsonEncodedText s_name = JsonEncodedText.Encode("name");
    private static readonly JsonEncodedText s_content = JsonEncodedText.Encode("content");
    private static readonly JsonEncodedText s_contentType = JsonEncodedText.Encode("contentType");
    private static readonly JsonEncodedText s_xml = JsonEncodedText.Encode("application/xml");
    private static readonly JsonEncodedText s_attachment = JsonEncodedText.Encode("attachment");
    private static readonly JsonEncodedText s_date = JsonEncodedText.Encode("date");

    public static Fragment Build(Shape s)
    {
        Node[] nodes =
        [
            Arr("contained", Item(Person(s))),
            Fixed("status", "current"),
            Concept("type", Systems.Own + "/CodeSystem/bhyt-table", s.Table.Name),
            FhirParts.Patient("subject"),
            Made(WriteDate),
            FhirParts.InArray("author", scope => scope.Organization),
            FhirParts.Organization("custodian"),
            Made(WriteContent),
            Obj("context",
                FhirParts.InArray("encounter", scope => scope.Encounter),
                Obj("period", s.Copy("start", "NGAY_VAO", AsDateTime)),
                Obj("sourcePatientInfo", Made(pen => pen.String(FhirParts.Reference, "#" + PersonId)))),
        ];
        return new Fragment(Kind, "DocumentReference", nodes, s.Native, s.Kept) { Extensions = [Made(WriteManifest)] };
    }

    private static Node[] Person(Shape s) =>
    [
        Made(pen => pen.String(JsonEncodedText.Encode("resourceType"), "Patient")),
        Made(pen => pen.String(JsonEncodedText.Encode("id"), PersonId)),
        Arr("identifier",
            ItemBy("system", Systems.Own + "/sid/bhyt-so-cccd", s.Code("value", "SO_CCCD")),
            ItemBy("system", Systems.Own + "/sid/bhyt-ma-bn", s.Code("value", "MA_BN"))),
        Arr("name", Item(s.Text("text", "HO_TEN"))),
        Arr("telecom", Item(Fixed("system", "phone"), s.Text("value", "DIEN_THOAI"))),
        s.Field("gender", "GIOI_TINH", AsGender),
        s.Field("birthDate", "NGAY_SINH", AsBirth),
        Arr("address", Item(
            s.Text("text", "DIA_CHI"),
            s.Text("city", "MAXA_CU_TRU"),
            s.Text("district", "MAHUYEN_CU_TRU"),
            s.Text("state", "MATINH_CU_TRU"))),
        s.Own("MA_QUOCTICH", "MA_DANTOC", "MA_NGHE_NGHIEP"),
    ];

    private static void WriteDate(Pen pen)
    {
        if (pen.Scope.FirstTime("NGAY_TTOAN", "NGAY_RA", "NGAY_VAO") is { Length: DateDigits.MaxLength } time)
        {
            pen.String(s_date, time);
        }
    }

    private static void WriteContent(Pen pen)
    {
        var array = pen.BeginArray(s_content);
        var item = pen.BeginObject(null);
        var attachment = pen.BeginObject(s_attachment);
        pen.String(s_contentType, s_xml);
        pen.String(s_url, new DossierUri(pen.Scope.Dossier.FacilityCode, pen.Scope.Dossier.MaLk).Path);
        pen.EndObject(attachment);
        pen.EndObject(item);
        pen.EndArray(array);
    }

    /// <summary>One part per table: <c>XML4|2025-01-01|12</c> (table, day from which its shape is valid, rows), or name and text of an undefined one.</summary>
    private static void WriteManifest(Pen pen)
    {
        var extension = pen.BeginObject(null);
        pen.String(s_url, s_manifest);
        var array = pen.BeginArray(s_extension);
        foreach (var table in pen.Scope.Dossier.Tables)
        {
            var item = pen.BeginObject(null);
            if (table.Definition is { } shape)
            {
                pen.String(s_url, s_table);
                pen.String(s_valueString, string.Create(CultureInfo.InvariantCulture, $"{shape.Name}|{shape.EffectiveFrom:yyyy-MM-dd}|{table.Rows.Count}"));
            }
            else
            {
                WriteRaw(pen, table.Name, table.Raw);
            }

            pen.EndObject(item);
        }

        pen.EndArray(array);
        pen.EndObject(extension);
    }

    private static void WriteRaw(Pen pen, string name, string? content)
    {
        pen.String(s_url, s_raw);
        var array = pen.BeginArray(s_extension);
        WritePart(pen, s_name, name);
        WritePart(pen, s_content, content);
        pen.EndArray(array);
    }

    private static void WritePart(Pen pen, JsonEncodedText url, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            var item = pen.BeginObject(null);
            pen.String(s_url, url);
            pen.String(s_valueString, value);
            pen.EndObject(item);
        }
    }
}
