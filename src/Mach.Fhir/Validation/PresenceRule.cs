using System.Text.Json;
using System.Text.RegularExpressions;
using Mach.Fhir.Definitions;

namespace Mach.Fhir.Validation;

/// <summary>
/// A rule that asks only which elements are there: "code.empty() or system.exists()". Many rules of R4 are of this kind, and the
/// walk knows the answer already, so they cost next to nothing.
/// </summary>
/// <remarks>The operators have the precedence of FHIRPath (http://hl7.org/fhirpath/N1/#operator-precedence): = and !=, then and, then or and xor, then implies.</remarks>
internal sealed partial class PresenceRule : Rule
{
    private readonly Presence _presence;

    private PresenceRule(Invariant invariant, Presence presence)
        : base(invariant) => _presence = presence;

    private delegate bool Presence(ReadOnlySpan<short> seen);

    public override bool Holds(scoped in ObjectView view, Walk walk, JsonElement companion) => _presence(view.Seen);

    /// <summary>The rule compiled; null when it asks for more than presence.</summary>
    public static PresenceRule? TryCompile(Invariant invariant, TypeDefinition type)
    {
        var tokens = Tokens().Matches(invariant.Expression).Select(m => m.Value).ToList();
        var isWhole = string.Concat(tokens) == Space().Replace(invariant.Expression, "");
        return isWhole && new Parser(tokens, type).Parse() is { } presence ? new PresenceRule(invariant, presence) : null;
    }

    [GeneratedRegex(@"[a-zA-Z]+\.(exists|empty)\(\)|\.not\(\)|[()]|!=|=|\b(and|or|xor|implies)\b")]
    private static partial Regex Tokens();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    private sealed class Parser(List<string> tokens, TypeDefinition type)
    {
        private static readonly string[][] Levels = [["implies"], ["or", "xor"], ["and"], ["=", "!="]];
        private int _at;

        public Presence? Parse() => Level(0) is { } whole && _at == tokens.Count ? whole : null;

        private string Next => _at < tokens.Count ? tokens[_at] : "";

        private Presence? Level(int level)
        {
            if (level == Levels.Length)
            {
                return Term();
            }

            var left = Level(level + 1);
            while (left is not null && Levels[level].Contains(Next))
            {
                var op = tokens[_at++];
                var (a, b) = (left, Level(level + 1));
                left = b is null ? null : Combine(op, a, b);
            }

            return left;
        }

        private static Presence Combine(string op, Presence a, Presence b) => op switch
        {
            "implies" => seen => !a(seen) || b(seen),
            "or" => seen => a(seen) || b(seen),
            "and" => seen => a(seen) && b(seen),
            "=" => seen => a(seen) == b(seen),
            _ => seen => a(seen) != b(seen),
        };

        private Presence? Term()
        {
            Presence? term = null;
            if (Next == "(")
            {
                _at++;
                term = Level(0);
                if (Next != ")")
                {
                    return null;
                }

                _at++;
            }
            else if (Next.EndsWith("s()", StringComparison.Ordinal) || Next.EndsWith("y()", StringComparison.Ordinal))
            {
                term = Test(tokens[_at++]);
            }

            while (term is not null && Next == ".not()")
            {
                _at++;
                var inner = term;
                term = seen => !inner(seen);
            }

            return term;
        }

        private Presence? Test(string token)
        {
            var name = token[..token.IndexOf('.', StringComparison.Ordinal)];
            var number = type.Elements.ToList().FindIndex(e => e.Name == name);
            return number < 0 ? null : token.EndsWith("exists()", StringComparison.Ordinal) ? seen => seen[number] != 0 : seen => seen[number] == 0;
        }
    }
}
