namespace Mach.Access;

/// <summary>
/// What a token may do. FHIR scopes follow SMART App Launch: <c>patient|user|system/Type.cruds?param=value</c> (version 2) and
/// <c>…/Type.read|write|*</c> (version 1). Source: https://hl7.org/fhir/smart-app-launch/STU2.1/scopes-and-launch-context.html.
/// </summary>
public static class Scopes
{
    /// <summary>Send dossiers; what a portal token and a sending program carry.</summary>
    public const string SendDossier = "dossier.send";

    /// <summary>See the receipts and dossiers of one's own sending.</summary>
    public const string ReadDossier = "dossier.read";

    /// <summary>Who the person is, as an id token.</summary>
    public const string OpenId = "openid";

    /// <summary>The person's name, and which FHIR resource they are; both within the id token.</summary>
    public const string Profile = "profile";
    public const string FhirUser = "fhirUser";

    /// <summary>Opened from a record: the program is told which.</summary>
    public const string Launch = "launch";

    /// <summary>The program needs to know one patient, and the person picks one.</summary>
    public const string LaunchPatient = "launch/patient";

    /// <summary>Refresh tokens that outlive the person's session.</summary>
    public const string OfflineAccess = "offline_access";

    /// <summary>Refresh tokens while the person's session lasts.</summary>
    public const string OnlineAccess = "online_access";

    /// <summary>Scopes that say how a program and a person come together, rather than what is seen.</summary>
    public static readonly IReadOnlyList<string> OfSignIn = [OpenId, Profile, FhirUser, Launch, LaunchPatient, OfflineAccess, OnlineAccess];

    /// <summary>True when <paramref name="granted"/> allows at least all that <paramref name="asked"/> asks.</summary>
    public static bool Covers(string granted, string asked)
    {
        if (string.Equals(granted, asked, StringComparison.Ordinal))
        {
            return true;
        }

        return FhirScope.Parse(granted) is { } has && FhirScope.Parse(asked) is { } wants && has.Covers(wants);
    }

    /// <summary>True when the scope lets anything be created, updated or deleted.</summary>
    internal static bool MayWrite(string scope) => FhirScope.Parse(scope) is { MayWrite: true };

    /// <summary>True when it is a scope that a program may have for itself.</summary>
    internal static bool IsKnown(string scope) => scope is SendDossier or ReadDossier || FhirScope.Parse(scope) is { Context: "system" };

    /// <summary>True when it is a scope that a person may let a program have. On behalf of people things are added, and neither changed nor deleted (<see cref="PersonWriting"/>): what they change goes through pages that check and explain it.</summary>
    internal static bool IsKnownForPeople(string scope) => OfSignIn.Contains(scope) || FhirScope.Parse(scope) is { Context: "user" or "patient" };

    internal static string[] Split(string? scopes) =>
        (scopes ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
