using Mach.Fhir.Definitions;

namespace Mach.Fhir.Validation;

/// <summary>The text of a literal reference.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/references.html#literal: the pattern of a RESTful url, which relative references must match.</remarks>
internal static class ReferenceText
{
    /// <summary>Whether the text may be a reference, and the resource type that it names, if it does.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out TypeDefinition? named)
    {
        named = null;
        if (text.IndexOfAny(" \t\r\n"u8) >= 0)
        {
            return false;
        }

        if (HasScheme(text))
        {
            named = text.StartsWith("http:"u8) || text.StartsWith("https:"u8) ? TypeInUrl(text) : null;
            return !text.StartsWith("urn:uuid:"u8) && !text.StartsWith("urn:oid:"u8) || PrimitiveFormats.IsUrn(text);
        }

        var query = text.IndexOf((byte)'?');
        if (query > 0)
        {
            named = R4.FindResource(text[..query]);
            return named is not null;
        }

        named = Relative(text);
        return named is not null;
    }

    /// <summary>Type?search, which a transaction resolves.</summary>
    public static bool IsConditional(ReadOnlySpan<byte> text) => !HasScheme(text) && text.IndexOf((byte)'?') > 0;

    /// <summary>Type/id or Type/id/_history/version; a fragment may follow.</summary>
    private static TypeDefinition? Relative(ReadOnlySpan<byte> text)
    {
        var fragment = text.IndexOf((byte)'#');
        if (fragment >= 0)
        {
            text = text[..fragment];
        }

        var slash = text.IndexOf((byte)'/');
        if (slash < 0 || R4.FindResource(text[..slash]) is not { } type)
        {
            return null;
        }

        var rest = text[(slash + 1)..];
        var end = rest.IndexOf((byte)'/');
        if (end < 0)
        {
            return PrimitiveFormats.IsId(rest) ? type : null;
        }

        var history = "/_history/"u8;
        return PrimitiveFormats.IsId(rest[..end]) && rest[end..].StartsWith(history) && PrimitiveFormats.IsId(rest[(end + history.Length)..]) ? type : null;
    }

    /// <summary>The type in an absolute url, when it ends as a RESTful one does.</summary>
    private static TypeDefinition? TypeInUrl(ReadOnlySpan<byte> text)
    {
        for (var start = text.LastIndexOf((byte)'/'); start > 0; start = text[..start].LastIndexOf((byte)'/'))
        {
            if (Relative(text[(start + 1)..]) is { } type)
            {
                return type;
            }
        }

        return null;
    }

    private static bool HasScheme(ReadOnlySpan<byte> text)
    {
        var colon = text.IndexOf((byte)':');
        var end = text.IndexOfAny("/?#"u8);
        return colon > 0 && (end < 0 || colon < end);
    }
}
