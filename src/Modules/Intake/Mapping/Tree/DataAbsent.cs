using System.Text.Json;

namespace Mach.Intake.Mapping.Tree;

/// <summary>Says that a required element is not known. Source: hl7.org/fhir/R4/extension-data-absent-reason.html.</summary>
internal static class DataAbsent
{
    private static readonly JsonEncodedText s_url = JsonEncodedText.Encode("url");
    private static readonly JsonEncodedText s_reason = JsonEncodedText.Encode("http://hl7.org/fhir/StructureDefinition/data-absent-reason");
    private static readonly JsonEncodedText s_valueCode = JsonEncodedText.Encode("valueCode");
    private static readonly JsonEncodedText s_unknown = JsonEncodedText.Encode("unknown");
    private static readonly JsonEncodedText s_extension = JsonEncodedText.Encode("extension");

    /// <summary>The <c>extension</c> array of an otherwise empty object.</summary>
    public static void Write(Pen pen, JsonEncodedText extension)
    {
        var array = pen.BeginArray(extension);
        var item = pen.BeginObject(null);
        pen.String(s_url, s_reason);
        pen.String(s_valueCode, s_unknown);
        pen.EndObject(item);
        pen.EndArray(array);
    }

    /// <summary>The <c>_name</c> object of a primitive without value.</summary>
    public static void WritePrimitive(Pen pen, JsonEncodedText underscoredName)
    {
        var mark = pen.BeginObject(underscoredName);
        Write(pen, s_extension);
        pen.EndObject(mark);
    }
}
