namespace Mach.Access;

/// <summary>One FHIR scope, read.</summary>
/// <remarks>Source: SMART App Launch 2.1, "Scopes for requesting FHIR Resources".</remarks>
public sealed record FhirScope
{
    private const string Letters = "cruds";
    private const int MaxConditions = 8;

    /// <summary>patient, user or system.</summary>
    public required string Context { get; init; }

    /// <summary>A resource type, or <c>*</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Of c, r, u, d and s, in this order.</summary>
    public required string Rights { get; init; }

    /// <summary>Search conditions that all must hold, decoded and sorted; none = all resources of the type.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Conditions { get; init; } = [];

    /// <summary>Shows resources.</summary>
    public bool IsReading => Rights.AsSpan().IndexOfAny('r', 's') >= 0;

    /// <summary>Lets resources be created.</summary>
    public bool Adds => Rights.Contains('c', StringComparison.Ordinal);

    internal bool MayWrite => Rights.AsSpan().IndexOfAny('c', 'u', 'd') >= 0;

    /// <summary>The scope as text; null when it is none. Conditions go with reading one type alone: what is written would have to be held against them, too.</summary>
    public static FhirScope? Parse(string text)
    {
        var (path, query) = text.IndexOf('?', StringComparison.Ordinal) is var mark and > 0 ? (text[..mark], text[(mark + 1)..]) : (text, null);
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var dot = path.LastIndexOf('.');
        if (slash <= 0 || dot <= slash + 1 || dot == path.Length - 1 || path[..slash] is not ("patient" or "user" or "system"))
        {
            return null;
        }

        var (type, rights) = (path[(slash + 1)..dot], RightsOf(path[(dot + 1)..]));
        if (rights is null || (type != "*" && !type.All(char.IsAsciiLetter)))
        {
            return null;
        }

        var scope = new FhirScope { Context = path[..slash], Type = type, Rights = rights };
        return query is null ? scope
            : type != "*" && !scope.MayWrite && ConditionsOf(query) is { } conditions ? scope with { Conditions = conditions }
            : null;
    }

    /// <summary>True when this allows at least all that the other asks.</summary>
    public bool Covers(FhirScope other) =>
        Context == other.Context && (Type == "*" || Type == other.Type)
        && other.Rights.All(Rights.Contains) && Conditions.All(other.Conditions.Contains);

    /// <summary>True when it opens resources of this type, all or some; <c>*</c> asks for all types.</summary>
    internal bool Opens(string type, char right) => (Type == "*" || Type == type) && Rights.Contains(right);

    public override string ToString() =>
        $"{Context}/{Type}.{Rights}" + (Conditions.Count == 0 ? "" : "?" + string.Join('&', Conditions.Select(c => Uri.EscapeDataString(c.Key) + "=" + Uri.EscapeDataString(c.Value))));

    private static string? RightsOf(string rights)
    {
        switch (rights)
        {
            case "read": return "rs";
            case "write": return "cud";
            case "*": return Letters;
        }

        // Version 2 letters come in this order, each at most once.
        var from = 0;
        foreach (var letter in rights)
        {
            var at = Letters.IndexOf(letter, from);
            if (at < 0)
            {
                return null;
            }

            from = at + 1;
        }

        return rights.Length == 0 ? null : rights;
    }

    private static List<KeyValuePair<string, string>>? ConditionsOf(string query)
    {
        var found = new List<KeyValuePair<string, string>>();
        foreach (var part in query.Split('&'))
        {
            var sign = part.IndexOf('=', StringComparison.Ordinal);
            if (sign <= 0 || sign == part.Length - 1 || found.Count == MaxConditions)
            {
                return null;
            }

            found.Add(new(Uri.UnescapeDataString(part[..sign]), Uri.UnescapeDataString(part[(sign + 1)..].Replace('+', ' '))));
        }

        return [.. found.Distinct().OrderBy(c => c.Key, StringComparer.Ordinal).ThenBy(c => c.Value, StringComparer.Ordinal)];
    }
}
