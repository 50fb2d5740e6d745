using System.Text.Json;
using System.Runtime.CompilerServices;
using Mach.Intake.Mapping.Tree;
using Mach.Vietnam;
using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Mapping.Tables;

/// <summary>One accompanying diagnosis: a code of the list.</summary>
internal static class OtherDiagnosis
{
    private static readonly JsonEncodedText s_icd = JsonEncodedText.Encode(Systems.Icd10);
    private static readonly ConditionalWeakTable<BhytTable, Node[]> s_nodes = [];

    public static void Write(Pen pen, string id, string code)
    {
        pen.BeginResource();
        FhirParts.WriteHead(pen, "Condition", id, SecurityLabels.IsHiv(code));
        var concept = pen.BeginObject(FhirParts.CodeName);
        var array = pen.BeginArray(FhirParts.CodingName);
        var item = pen.BeginObject(null);
        pen.String(FhirParts.System, s_icd);
        pen.String(FhirParts.CodeName, code);
        pen.EndObject(item);
        pen.EndArray(array);
        pen.EndObject(concept);
        foreach (var node in s_nodes.GetValue(pen.Row.Table, static table => DiagnosisTemplate.Nodes(new Shape(table))))
        {
            node.Write(pen);
        }

        pen.EndResource();
    }

    /// <summary>The code again, or null.</summary>
    public static string? Read(JsonElement condition) => condition.GetProperty("code").GetProperty("coding")[0].GetProperty("code").GetString();
}
