using System.Text.Json;
using Mach.Kernel;

namespace Mach.Intake.Mapping.Tree;

/// <summary>Small elements that many resources share.</summary>
internal static class FhirParts
{
    public static readonly JsonEncodedText Reference = JsonEncodedText.Encode("reference");
    public static readonly JsonEncodedText System = JsonEncodedText.Encode("system");
    public static readonly JsonEncodedText Status = JsonEncodedText.Encode("status");
    public static readonly JsonEncodedText Title = JsonEncodedText.Encode("title");
    public static readonly JsonEncodedText CodeName = JsonEncodedText.Encode("code");
    public static readonly JsonEncodedText TextName = JsonEncodedText.Encode("text");
    public static readonly JsonEncodedText CodingName = JsonEncodedText.Encode("coding");

    private static readonly JsonEncodedText s_resourceType = JsonEncodedText.Encode("resourceType");
    private static readonly JsonEncodedText s_id = JsonEncodedText.Encode("id");
    private static readonly JsonEncodedText s_meta = JsonEncodedText.Encode("meta");
    private static readonly JsonEncodedText s_source = JsonEncodedText.Encode("source");

    /// <summary>Type, id and where it came from: the row the pen is turned to.</summary>
    public static void WriteHead(Pen pen, string type, string id, DataLabels labels = DataLabels.None)
    {
        pen.String(s_resourceType, type);
        pen.String(s_id, id);
        var meta = pen.BeginObject(s_meta);
        pen.String(s_source, pen.Scope.SourceOf(pen.Row, pen.Ordinal));
        SecurityLabels.Write(pen, labels);
        pen.EndObject(meta);
    }

    /// <summary>Reference to the person.</summary>
    public static Node Patient(string name) => Local(name, scope => scope.Patient);

    /// <summary>Reference to the visit.</summary>
    public static Node Encounter(string name = "encounter") => Local(name, scope => scope.Encounter);

    /// <summary>Reference to the facility.</summary>
    public static Node Organization(string name) => Local(name, scope => scope.Organization);

    /// <summary>The same inside a one-item array.</summary>
    public static Node InArray(string name, Func<DossierScope, JsonEncodedText> target)
    {
        var n = JsonEncodedText.Encode(name);
        return new MadeNode(pen =>
        {
            var array = pen.BeginArray(n);
            WriteItem(pen, target(pen.Scope));
            pen.EndArray(array);
        });
    }

    public static void WriteItem(Pen pen, JsonEncodedText reference)
    {
        var item = pen.BeginObject(null);
        pen.String(Reference, reference);
        pen.EndObject(item);
    }

    public static void WriteItem(Pen pen, string type, string id)
    {
        var item = pen.BeginObject(null);
        pen.String(Reference, string.Concat(type, "/", id));
        pen.EndObject(item);
    }

    /// <summary><c>coding:[{system,code}]</c> inside an open concept.</summary>
    public static void WriteCoding(Pen pen, JsonEncodedText system, JsonEncodedText code)
    {
        var array = pen.BeginArray(CodingName);
        var item = pen.BeginObject(null);
        pen.String(System, system);
        pen.String(CodeName, code);
        pen.EndObject(item);
        pen.EndArray(array);
    }

    private static MadeNode Local(string name, Func<DossierScope, JsonEncodedText> target)
    {
        var n = JsonEncodedText.Encode(name);
        return new MadeNode(pen =>
        {
            var mark = pen.BeginObject(n);
            pen.String(Reference, target(pen.Scope));
            pen.EndObject(mark);
        });
    }
}
