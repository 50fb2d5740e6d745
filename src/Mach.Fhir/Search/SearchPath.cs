namespace Mach.Fhir.Search;

/// <summary>
/// One path of a search parameter: the part of FHIRPath that R4's parameters of the indexed types need: steps through properties
/// (arrays are walked), <c>ofType(T)</c> for choices, a last <c>where(system='x')</c>, and "present and not false".
/// A FHIRPath engine would take the place of this record alone.
/// </summary>
/// <param name="Steps">JSON property names from the resource down: "value.ofType(Quantity)" is valueQuantity.</param>
/// <param name="System">Keep only elements whose <c>system</c> is this; null = all.</param>
/// <param name="IsPresence">Gives one boolean: any of the choices of the element is there and is not false.</param>
internal sealed record SearchPath(IReadOnlyList<string> Steps, string? System, bool IsPresence)
{
    private const string Where = ".where(system='";
    private const string Choice = ".ofType(";

    /// <exception cref="FormatException">Beyond the language above: the data file is wrong.</exception>
    public static SearchPath Parse(string text)
    {
        var rest = text[(text.IndexOf('.', StringComparison.Ordinal) + 1)..];
        var exists = rest.IndexOf(".exists() and ", StringComparison.Ordinal);
        if (exists > 0)
        {
            return new SearchPath([rest[..exists]], null, true);
        }

        string? system = null;
        var where = rest.IndexOf(Where, StringComparison.Ordinal);
        if (where > 0)
        {
            if (!rest.EndsWith("')", StringComparison.Ordinal))
            {
                throw new FormatException("A where() may stand only at the end: " + text);
            }

            system = rest[(where + Where.Length)..^2];
            rest = rest[..where];
        }

        return new SearchPath(Properties(rest, text), system, false);
    }

    private static List<string> Properties(string rest, string text)
    {
        for (var at = rest.IndexOf(Choice, StringComparison.Ordinal); at >= 0; at = rest.IndexOf(Choice, StringComparison.Ordinal))
        {
            var close = rest.IndexOf(')', at);
            var type = rest[(at + Choice.Length)..close];
            rest = string.Concat(rest.AsSpan(0, at), type[..1].ToUpperInvariant(), type.AsSpan(1), rest.AsSpan(close + 1));
        }

        return rest.AsSpan().ContainsAny("()' |") ? throw new FormatException("Not a path that can be walked: " + text) : [.. rest.Split('.')];
    }
}
