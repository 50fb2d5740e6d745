namespace Mach.Fhir.Search;

/// <summary>"Type/id" within this store.</summary>
internal static class LocalReference
{
    /// <summary>False for urn:, absolute URLs, fragments and unknown types. A version behind the id is left out.</summary>
    public static bool TryParse(string text, out string type, out string id)
    {
        type = id = "";
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || !ResourceTypes.Exists(text[..slash]))
        {
            return false;
        }

        var rest = text.AsSpan(slash + 1);
        var end = rest.IndexOf('/');
        if (end >= 0 && !rest[end..].StartsWith("/_history/", StringComparison.Ordinal))
        {
            return false;
        }

        type = text[..slash];
        id = end >= 0 ? rest[..end].ToString() : rest.ToString();
        return IsId(id);
    }

    /// <summary>FHIR id: 1–64 of A–Z a–z 0–9 - . (http://hl7.org/fhir/R4/datatypes.html#id).</summary>
    public static bool IsId(string text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.'))
            {
                return false;
            }
        }

        return text.Length is >= 1 and <= 64;
    }
}
