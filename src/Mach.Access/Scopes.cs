namespace Mach.Access;

/// <summary>
/// What a token may do. FHIR scopes follow SMART App Launch: <c>system/Type.cruds</c> (version 2) and
/// <c>system/Type.read|write|*</c> (version 1). Source: https://hl7.org/fhir/smart-app-launch/STU2.1/scopes-and-launch-context.html.
/// </summary>
public static class Scopes
{
    /// <summary>Send dossiers; what a portal token and a sending program carry.</summary>
    public const string SendDossier = "dossier.send";

    /// <summary>See the receipts and dossiers of one's own sending.</summary>
    public const string ReadDossier = "dossier.read";

    /// <summary>True when <paramref name="granted"/> allows at least all that <paramref name="asked"/> asks.</summary>
    public static bool Covers(string granted, string asked)
    {
        if (string.Equals(granted, asked, StringComparison.Ordinal))
        {
            return true;
        }

        return TryParse(granted, out var has) && TryParse(asked, out var wants)
            && has.Context == wants.Context
            && (has.Type == "*" || has.Type == wants.Type)
            && (has.Rights & wants.Rights) == wants.Rights;
    }

    /// <summary>True when the scope lets anything be created, updated or deleted.</summary>
    internal static bool MayWrite(string scope) =>
        TryParse(scope, out var parsed) && (parsed.Rights & (Right.Create | Right.Update | Right.Delete)) != Right.None;

    /// <summary>True when it is a scope that this server can grant.</summary>
    internal static bool IsKnown(string scope) =>
        scope is SendDossier or ReadDossier || (TryParse(scope, out var parsed) && parsed.Context == "system");

    internal static string[] Split(string? scopes) =>
        (scopes ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool TryParse(string scope, out (string Context, string Type, Right Rights) parsed)
    {
        parsed = default;
        var slash = scope.IndexOf('/', StringComparison.Ordinal);
        var dot = scope.LastIndexOf('.');
        if (slash <= 0 || dot <= slash + 1 || dot == scope.Length - 1)
        {
            return false;
        }

        var type = scope[(slash + 1)..dot];
        if (type != "*" && !type.All(char.IsAsciiLetter))
        {
            return false;
        }

        var rights = Parse(scope[(dot + 1)..]);
        parsed = (scope[..slash], type, rights);
        return rights != Right.None;
    }

    private static Right Parse(string rights)
    {
        switch (rights)
        {
            case "read": return Right.Read | Right.Search;
            case "write": return Right.Create | Right.Update | Right.Delete;
            case "*": return Right.All;
        }

        // Version 2 letters come in this order, each at most once.
        var found = Right.None;
        var from = 0;
        foreach (var letter in rights)
        {
            var at = "cruds".IndexOf(letter, from);
            if (at < 0)
            {
                return Right.None;
            }

            found |= (Right)(1 << at);
            from = at + 1;
        }

        return found;
    }

    [Flags]
    private enum Right
    {
        None = 0,
        Create = 1,
        Read = 2,
        Update = 4,
        Delete = 8,
        Search = 16,
        All = 31,
    }
}
