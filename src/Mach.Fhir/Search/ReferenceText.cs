using System.Text.Json;

namespace Mach.Fhir.Search;

/// <summary>What a Reference, a canonical or a resource inside another refers to.</summary>
internal static class ReferenceText
{
    /// <summary>A resource of this store: "Type/id" (also with a version), or the id of a resource that stands here itself.</summary>
    public static bool TryTarget(JsonElement element, out string type, out string id)
    {
        type = id = "";
        if (element.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        if (String(element, "reference"u8) is { } text)
        {
            return LocalReference.TryParse(text, out type, out id);
        }

        if (String(element, "resourceType"u8) is { } inline && String(element, "id"u8) is { } own && ResourceTypes.Exists(inline) && LocalReference.IsId(own))
        {
            (type, id) = (inline, own);
            return true;
        }

        return false;
    }

    /// <summary>"http://…|1.0" without its version.</summary>
    public static string WithoutVersion(string canonical)
    {
        var bar = canonical.IndexOf('|', StringComparison.Ordinal);
        return bar < 0 ? canonical : canonical[..bar];
    }

    /// <summary>Index key of a logical reference (Reference.identifier); no system = any.</summary>
    public static string IdentifierKey(string system, string value) => string.Concat("~", system, "|", value);

    private static string? String(JsonElement element, ReadOnlySpan<byte> name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
