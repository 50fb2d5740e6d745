namespace Mach.Vietnam.Bhyt;

/// <summary>
/// When a conditional field must be filled: clauses over other fields of the same row, all of which must hold.
/// Written <c>FIELD</c> (is filled), <c>!FIELD</c> (is empty), <c>FIELD=a,b</c> (is one of), <c>FIELD!=a,b</c> (is filled with something else), joined with <c>&amp;</c>.
/// A field with several values is one of a, b when any of its values is.
/// </summary>
public sealed class FieldCondition
{
    private readonly Clause[] _clauses;

    private FieldCondition(string text, Clause[] clauses) => (Text, _clauses) = (text, clauses);

    /// <summary>The condition as written in the table.</summary>
    public string Text { get; }

    /// <exception cref="FormatException">A clause names no field.</exception>
    public static FieldCondition Parse(string text) =>
        new(text, [.. text.Split('&', StringSplitOptions.TrimEntries).Select(ParseClause)]);

    public bool Holds(DossierRow row)
    {
        foreach (var clause in _clauses)
        {
            if (!clause.Holds(row.Get(clause.Field)))
            {
                return false;
            }
        }

        return true;
    }

    private static Clause ParseClause(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var negated = text[0] == '!' || (equals > 0 && text[equals - 1] == '!');
        var field = (equals < 0 ? text : text[..equals]).Trim('!', ' ');
        if (field.Length == 0)
        {
            throw new FormatException($"The condition '{text}' names no field.");
        }

        return new Clause(field, negated, equals < 0 ? null : text[(equals + 1)..].Split(',', StringSplitOptions.TrimEntries));
    }

    private sealed record Clause(string Field, bool Negated, string[]? Values)
    {
        public bool Holds(string? value) =>
            Values is null ? value is null == Negated
            : value is not null && IsOneOf(value) != Negated;

        private bool IsOneOf(string value) =>
            value.Split(';', StringSplitOptions.TrimEntries).Any(v => Values!.Contains(v, StringComparer.Ordinal));
    }
}
