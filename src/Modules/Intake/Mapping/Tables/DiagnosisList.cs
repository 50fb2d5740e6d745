using System.Text.Json;
using Mach.Intake.Mapping.Tree;
using Mach.Vietnam;
using static Mach.Intake.Mapping.Tree.Shape;

namespace Mach.Intake.Mapping.Tables;

/// <summary>The accompanying diagnoses of a visit (MA_BENH_KT): one Condition each, in the order of Encounter.diagnosis.</summary>
internal sealed class DiagnosisList
{
    public const string Field = "MA_BENH_KT";

    /// <summary>Kind of the main diagnosis' id.</summary>
    public const string MainKind = "dx";

    /// <summary>Kind of the accompanying ones.</summary>
    public const string OtherKind = "dk";

    /// <summary>Null when neither a code nor words were sent.</summary>
    public string? MainId { get; private init; }

    public IReadOnlyList<(string Id, string Code)> Others { get; private init; } = [];

    /// <summary>The field's bit when the codes joined by ';' are exactly what was sent.</summary>
    public UInt128 Exact { get; private init; }

    public static DiagnosisList Split(DossierScope scope)
    {
        var row = scope.Summary;
        var main = row.Get("MA_BENH_CHINH") is not null || row.Get("CHAN_DOAN_RV") is not null ? scope.Id(MainKind) : null;
        if (row[Field] is not { Length: > 0 } text)
        {
            return new DiagnosisList { MainId = main };
        }

        var others = new List<(string, string)>();
        var exact = true;
        foreach (var range in text.AsSpan().Split(';'))
        {
            var code = text.AsSpan(range).Trim();
            if (CodeForm.IsCode(code))
            {
                others.Add((scope.Id(OtherKind, scope.Keys.Next(OtherKind, code)), code.ToString()));
                exact &= code.Length == range.End.Value - range.Start.Value;
            }
            else
            {
                exact = false;
            }
        }

        return new DiagnosisList { MainId = main, Others = others, Exact = exact ? UInt128.One << row.Table.IndexOf(Field) : default };
    }

    /// <summary>The text again from the codes.</summary>
    public static string Join(IEnumerable<string> codes) => string.Join(';', codes);
}

/// <summary>Diagnoses as Conditions of category encounter-diagnosis.</summary>
internal static class DiagnosisTemplate
{
    private const string Clinical = "http://terminology.hl7.org/CodeSystem/condition-clinical";
    private const string Verification = "http://terminology.hl7.org/CodeSystem/condition-ver-status";

    private static readonly JsonEncodedText s_clinicalName = JsonEncodedText.Encode("clinicalStatus");
    private static readonly JsonEncodedText s_clinical = JsonEncodedText.Encode(Clinical);
    private static readonly JsonEncodedText s_active = JsonEncodedText.Encode("active");
    private static readonly JsonEncodedText s_resolved = JsonEncodedText.Encode("resolved");

    /// <summary>The main diagnosis.</summary>
    public static Fragment Build(Shape s) => new(DiagnosisList.MainKind, "Condition", Nodes(s,
        Required("code",
            Arr("coding",
                s.Coding(Systems.Icd10, "MA_BENH_CHINH"),
                s.Coding(Systems.BhytList("MA_BENH_YHCT"), "MA_BENH_YHCT")),
            s.Text("text", "CHAN_DOAN_RV")),
        Arr("note", s.Note("PP_DIEU_TRI"), s.Note("GHI_CHU"))), s.Native, default)
    {
        IsRestricted = static pen => SecurityLabels.IsHiv(pen.Row["MA_BENH_CHINH"]),
    };

    /// <summary>The elements that every diagnosis of the visit has, round those of its own.</summary>
    public static Node[] Nodes(Shape s, params Node[] own) =>
    [
        Made(WriteClinicalStatus),
        Concept("verificationStatus", Verification, "confirmed"),
        Concept("category", "http://terminology.hl7.org/CodeSystem/condition-category", "encounter-diagnosis", inArray: true),
        .. own,
        FhirParts.Patient("subject"),
        FhirParts.Encounter(),
        s.Copy("recordedDate", s.Table.IndexOf("NGAY_RA") >= 0 ? "NGAY_RA" : "NGAY_VAO", AsDateTime),
    ];

    private static void WriteClinicalStatus(Pen pen)
    {
        var mark = pen.BeginObject(s_clinicalName);
        FhirParts.WriteCoding(pen, s_clinical, pen.Row.Get("KET_QUA_DTRI") == "1" ? s_resolved : s_active);
        pen.EndObject(mark);
    }
}
