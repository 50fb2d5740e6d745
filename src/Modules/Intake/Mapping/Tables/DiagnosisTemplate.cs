using System.Runtime.CompilerServices;
using System.Text.Json;
using Mach.Intake.Mapping.Tree;
using Mach.Kernel;
using Mach.Vietnam;
using Mach.Vietnam.Bhyt;
using static Mach.Intake.Mapping.Tree.Shape;

namespace Mach.Intake.Mapping.Tables;

/// <summary>Diagnoses as Conditions of category encounter-diagnosis.</summary>
internal static class DiagnosisTemplate
{
    private static readonly JsonEncodedText s_clinicalName = JsonEncodedText.Encode("clinicalStatus");
    private static readonly JsonEncodedText s_clinical = JsonEncodedText.Encode("http://terminology.hl7.org/CodeSystem/condition-clinical");
    private static readonly JsonEncodedText s_active = JsonEncodedText.Encode("active");
    private static readonly JsonEncodedText s_resolved = JsonEncodedText.Encode("resolved");
    private static readonly JsonEncodedText s_icd = JsonEncodedText.Encode(Systems.Icd10);
    private static readonly ConditionalWeakTable<BhytTable, Node[]> s_others = [];

    /// <summary>The main diagnosis.</summary>
    public static Fragment Build(Shape s) => new(DiagnosisList.MainKind, "Condition",
    [
        // Cured is said of the main diagnosis; what came with it may go on.
        Made(static pen => WriteClinicalStatus(pen, pen.Row.Get("KET_QUA_DTRI") == "1")),
        .. Shared(s),
        Required("code",
            Arr("coding",
                s.Coding(Systems.Icd10, "MA_BENH_CHINH"),
                s.Coding(Systems.BhytList("MA_BENH_YHCT"), "MA_BENH_YHCT")),
            s.Carry(new WordsNode(s.Table.IndexOf(DiagnosisList.Words)), DiagnosisList.Words)),
        Arr("note", s.Note("PP_DIEU_TRI"), s.Note("GHI_CHU")),
    ], s.Native, default)
    {
        IsRestricted = static pen => SecurityLabels.IsHiv(pen.Row["MA_BENH_CHINH"]),
    };

    /// <summary>An accompanying diagnosis; the pen is turned to the summary row.</summary>
    public static void WriteOther(Pen pen, Diagnosis diagnosis)
    {
        pen.BeginResource();
        FhirParts.WriteHead(pen, "Condition", diagnosis.Id, SecurityLabels.IsHiv(diagnosis.Code) ? DataLabels.Hiv : DataLabels.None);
        WriteClinicalStatus(pen, isCured: false);
        foreach (var node in s_others.GetValue(pen.Row.Table, static table => Shared(new Shape(table))))
        {
            node.Write(pen);
        }

        var concept = pen.BeginObject(FhirParts.CodeName);
        var array = pen.BeginArray(FhirParts.CodingName);
        var item = pen.BeginObject(null);
        pen.String(FhirParts.System, s_icd);
        pen.String(FhirParts.CodeName, diagnosis.Code);
        pen.EndObject(item);
        pen.EndArray(array);
        if (diagnosis.Words is { } words)
        {
            pen.String(FhirParts.TextName, words);
        }

        pen.EndObject(concept);
        pen.EndResource();
    }

    /// <summary>Code and words of any of them again.</summary>
    public static (string? Code, string? Words) Read(JsonElement condition)
    {
        if (!condition.TryGetProperty("code", out var concept))
        {
            return default;
        }

        return (concept.TryGetProperty("coding", out var codings) ? codings[0].GetProperty("code").GetString() : null,
            concept.TryGetProperty("text", out var words) ? words.GetString() : null);
    }

    private static Node[] Shared(Shape s) =>
    [
        Concept("verificationStatus", "http://terminology.hl7.org/CodeSystem/condition-ver-status", "confirmed"),
        Concept("category", "http://terminology.hl7.org/CodeSystem/condition-category", "encounter-diagnosis", inArray: true),
        FhirParts.Patient("subject"),
        FhirParts.Encounter(),
        s.Copy("recordedDate", s.FirstOf("NGAY_RA", "NGAY_VAO"), AsDateTime),
    ];

    private static void WriteClinicalStatus(Pen pen, bool isCured)
    {
        var mark = pen.BeginObject(s_clinicalName);
        FhirParts.WriteCoding(pen, s_clinical, isCured ? s_resolved : s_active);
        pen.EndObject(mark);
    }

    /// <summary>The main diagnosis' own words; read back together with those of the others.</summary>
    private sealed class WordsNode(int field) : Node
    {
        public override void Write(Pen pen)
        {
            var diagnoses = pen.Scope.Diagnoses;
            if (diagnoses.Main?.Words is { } words)
            {
                pen.String(FhirParts.TextName, words);
            }

            if (field >= 0 && !diagnoses.AreWordsExact)
            {
                pen.Inexact |= UInt128.One << field;
            }
        }

        public override void Describe(string path, ICollection<Mention> into)
        {
            if (field >= 0)
            {
                into.Add(new Mention(field, path + ".text", AsSent));
            }
        }
    }
}
