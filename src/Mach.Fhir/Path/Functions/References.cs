using System.Text.Json;

namespace Mach.Fhir.Path.Functions;

/// <summary>resolve(): what a Reference, a uri or a canonical points at.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/fhirpath.html#functions; within bundles http://hl7.org/fhir/R4/bundle.html#references.</remarks>
internal static class References
{
    private static readonly MemberExpr Contained = new("contained", false, -1);
    private static readonly MemberExpr Entries = new("entry", false, -1);
    private static readonly MemberExpr Resources = new("resource", false, -1);

    /// <summary>Targets that are not to be had are left out.</summary>
    public static Values Resolve(in Call call)
    {
        var found = new ValuesBuilder();
        for (var i = 0; i < call.Focus.Count; i++)
        {
            call.Frame.Count(1);
            if (Text(call.Focus[i]) is { Length: > 0 } reference && Find(reference, call.Focus[i], call.Frame) is { } target)
            {
                found.Add(target);
            }
        }

        return found.ToValues();
    }

    private static string? Text(FhirNode node) =>
        node.SystemValue as string
        ?? (node.Json.ValueKind == JsonValueKind.Object && node.Json.TryGetProperty("reference"u8, out var reference) && reference.ValueKind == JsonValueKind.String ? reference.GetString() : null);

    private static FhirNode? Find(string reference, FhirNode from, Frame frame)
    {
        if (reference[0] == '#')
        {
            return reference.Length == 1 ? frame.RootResource : FindContained(reference.AsSpan(1), from, frame);
        }

        return FindInBundle(reference, from, frame) ?? frame.Context.Resolve?.Invoke(reference);
    }

    private static FhirNode? FindContained(ReadOnlySpan<char> id, FhirNode from, Frame frame)
    {
        var all = Contained.Evaluate(frame, new Values(Root(from) ?? frame.RootResource));
        for (var i = 0; i < all.Count; i++)
        {
            if (all[i].Json.ValueKind == JsonValueKind.Object && all[i].Json.TryGetProperty("id"u8, out var name) && name.ValueKind == JsonValueKind.String && name.ValueEquals(id))
            {
                return all[i];
            }
        }

        return null;
    }

    /// <summary>The resource around the node that is not itself contained.</summary>
    private static FhirNode? Root(FhirNode node)
    {
        for (var at = node; at is not null; at = at.Parent)
        {
            if (at.Type is { Kind: Definitions.TypeKind.Resource } && at.PropertyName != "contained")
            {
                return at;
            }
        }

        return null;
    }

    private static FhirNode? FindInBundle(string reference, FhirNode from, Frame frame)
    {
        var bundle = from;
        while (bundle is not null && bundle.Type?.Name != "Bundle")
        {
            bundle = bundle.Parent;
        }

        if (bundle is null)
        {
            return null;
        }

        var entries = Entries.Evaluate(frame, new Values(bundle));
        for (var i = 0; i < entries.Count; i++)
        {
            if (Names(entries[i].Json, reference))
            {
                return Resources.Evaluate(frame, new Values(entries[i])).One;
            }
        }

        return null;
    }

    /// <summary>By its full url, or by type and id when the reference is a relative one.</summary>
    private static bool Names(JsonElement entry, string reference)
    {
        if (entry.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        if (entry.TryGetProperty("fullUrl"u8, out var url) && url.ValueKind == JsonValueKind.String && url.ValueEquals(reference))
        {
            return true;
        }

        return !reference.Contains(':', StringComparison.Ordinal)
            && entry.TryGetProperty("resource"u8, out var resource) && resource.ValueKind == JsonValueKind.Object
            && resource.TryGetProperty("resourceType"u8, out var type) && type.ValueKind == JsonValueKind.String
            && resource.TryGetProperty("id"u8, out var id) && id.ValueKind == JsonValueKind.String
            && (reference.Split("/_history/")[0] == type.GetString() + "/" + id.GetString());
    }
}
