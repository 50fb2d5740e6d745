using System.Security.Claims;
using Mach.Access.Tokens;

namespace Mach.Access;

/// <summary>What the rest of the house asks about who is there.</summary>
public static class Principals
{
    internal const string NameClaim = "name";
    internal const string DisplayClaim = "display";
    internal const string RoleClaim = "role";
    internal const string ScopeClaim = "scope";
    internal const string FacilityClaim = "facility";
    /// <summary>By this name ASP.NET Core's antiforgery knows who somebody is.</summary>
    internal const string SubjectClaim = "sub";
    internal const string TicketClaim = "ticket";
    internal const string ClientClaim = "client";
    internal const string PatientClaim = "patient";
    internal const string PersonRoleClaim = "person-role";
    internal const string CertificateClaim = "cnf";
    internal const string PurposeClaim = "purpose";

    /// <summary>Account name or client id; empty for nobody.</summary>
    public static string AccountName(this ClaimsPrincipal who) => who.FindFirst(NameClaim)?.Value ?? "";

    /// <summary>The name to show: a person's own, else the account name.</summary>
    public static string DisplayName(this ClaimsPrincipal who) => who.FindFirst(DisplayClaim)?.Value ?? who.AccountName();

    /// <summary>Code of the only facility it may act for; null when it may act for any.</summary>
    public static string? BoundFacility(this ClaimsPrincipal who) => who.FindFirst(FacilityClaim)?.Value;

    /// <summary>Why a program that acts for itself looks (code of v3-ActReason); null for people, and for machinery of the house, against which people's decisions are not held.</summary>
    public static string? StatedPurpose(this ClaimsPrincipal who) => who.FindFirst(PurposeClaim)?.Value;

    public static bool HasRole(this ClaimsPrincipal who, string role) => who.HasClaim(RoleClaim, role);

    /// <summary>May change units, facilities, practitioners and catalogues (<see cref="Policies.EditRegistry"/>).</summary>
    public static bool MayEditRegistry(this ClaimsPrincipal who) => who.HasRole(Roles.DataOfficer) || who.HasRole(Roles.Administrator);

    /// <summary>True when one of its scopes allows all that <paramref name="scope"/> asks. Persons have roles and no scopes.</summary>
    public static bool HasScope(this ClaimsPrincipal who, string scope)
    {
        foreach (var claim in who.Claims)
        {
            if (claim.Type == ScopeClaim && Scopes.Covers(claim.Value, scope))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True for a program that acts for a person: the account is the person's, the roles stay with them.</summary>
    public static bool ActsForPerson(this ClaimsPrincipal who) => who.Identity?.AuthenticationType == Tickets.User;

    /// <summary>Client id of the program that acts for a person; null for anybody else.</summary>
    public static string? ActingProgram(this ClaimsPrincipal who) => who.FindFirst(ClientClaim)?.Value;

    /// <summary>Patient id that a program was opened for; null when it was for none.</summary>
    internal static string? LaunchPatient(this ClaimsPrincipal who) => who.FindFirst(PatientClaim)?.Value;

    /// <summary>Roles that decide what is seen: one's own, or those of the person for whom a program acts (which open no door by themselves).</summary>
    internal static IReadOnlyList<string> SeeingRoles(this ClaimsPrincipal who) => [.. who.FindAll(who.ActsForPerson() ? PersonRoleClaim : RoleClaim).Select(c => c.Value)];

    internal static IEnumerable<FhirScope> FhirScopes(this ClaimsPrincipal who) => who.FindAll(ScopeClaim).Select(c => FhirScope.Parse(c.Value)).OfType<FhirScope>();

    /// <summary>May read resources of this type by FHIR; <c>*</c> asks for all of them at once. A scope with conditions opens the type; which resources of it are seen, the sight says.</summary>
    /// <param name="right">r = read one, s = search many.</param>
    public static bool MayReadFhir(this ClaimsPrincipal who, string type, char right) =>
        who.HasRole(Roles.Doctor) || who.HasRole(Roles.DataOfficer) || who.ReadScopes().Any(s => s.Opens(type, right));

    /// <summary>May write resources of this type by FHIR. Only programs may, by their scopes: a person's sign-in never writes here, whatever the role,
    /// since what people change goes through pages that check and explain it, and a cookie must not be enough for a foreign page to write.
    /// A program that acts for a person adds what <see cref="PersonWriting"/> says.</summary>
    /// <param name="right">c = create, u = update, patch and update-as-create, d = delete.</param>
    public static bool MayWriteFhir(this ClaimsPrincipal who, string type, char right) =>
        who.ActsForPerson() ? right == 'c' && PersonWriting.MayAdd(who, type) : who.HasScope($"system/{type}.{right}");

    /// <summary>May use at least some of the FHIR write interactions.</summary>
    internal static bool MayChangeFhir(this ClaimsPrincipal who) =>
        who.ActsForPerson() ? PersonWriting.MayAdd(who) : who.FhirScopes().Any(s => s.Context == "system" && s.MayWrite);

    /// <summary>May use at least some of the FHIR interactions.</summary>
    internal static bool MayUseFhir(this ClaimsPrincipal who) =>
        who.HasRole(Roles.Doctor) || who.HasRole(Roles.DataOfficer) || who.ReadScopes().Any();

    /// <summary>The FHIR scopes that count for this caller: a program's own, or those that a person whose role sees records let it have.</summary>
    internal static IEnumerable<FhirScope> ReadScopes(this ClaimsPrincipal who) =>
        !who.ActsForPerson() ? who.FhirScopes().Where(s => s.Context == "system")
        : who.SeeingRoles().Any(SeeRecords.Contains) ? who.FhirScopes().Where(s => s.Context is "user" or "patient")
        : [];

    private static readonly string[] SeeRecords = [Roles.Doctor, Roles.DataOfficer, Roles.Nurse, Roles.Person];
}
