using System.Security.Claims;

namespace Mach.Access;

/// <summary>What the rest of the house asks about who is there.</summary>
public static class Principals
{
    internal const string NameClaim = "name";
    internal const string DisplayClaim = "display";
    internal const string RoleClaim = "role";
    internal const string ScopeClaim = "scope";
    internal const string FacilityClaim = "facility";
    internal const string TicketClaim = "ticket";

    /// <summary>Account name or client id; empty for nobody.</summary>
    public static string AccountName(this ClaimsPrincipal who) => who.FindFirst(NameClaim)?.Value ?? "";

    /// <summary>The name to show: a person's own, else the account name.</summary>
    public static string DisplayName(this ClaimsPrincipal who) => who.FindFirst(DisplayClaim)?.Value ?? who.AccountName();

    /// <summary>Code of the only facility it may act for; null when it may act for any.</summary>
    public static string? BoundFacility(this ClaimsPrincipal who) => who.FindFirst(FacilityClaim)?.Value;

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

    /// <summary>May read resources of this type by FHIR; <c>*</c> asks for all of them at once.</summary>
    /// <param name="right">r = read one, s = search many.</param>
    public static bool MayReadFhir(this ClaimsPrincipal who, string type, char right) =>
        who.HasRole(Roles.Doctor) || who.HasRole(Roles.DataOfficer) || who.HasScope($"system/{type}.{right}");

    /// <summary>May write resources of this type by FHIR. Only programs may, by their scopes: a person's sign-in never writes here, whatever the role,
    /// since what people change goes through pages that check and explain it, and a cookie must not be enough for a foreign page to write.</summary>
    /// <param name="right">c = create, u = update, patch and update-as-create, d = delete.</param>
    public static bool MayWriteFhir(this ClaimsPrincipal who, string type, char right) => who.HasScope($"system/{type}.{right}");

    /// <summary>May use at least some of the FHIR write interactions.</summary>
    internal static bool MayChangeFhir(this ClaimsPrincipal who) =>
        who.Claims.Any(c => c.Type == ScopeClaim && c.Value.StartsWith("system/", StringComparison.Ordinal) && Scopes.MayWrite(c.Value));

    /// <summary>May use at least some of the FHIR read interactions.</summary>
    internal static bool MayUseFhir(this ClaimsPrincipal who) =>
        who.HasRole(Roles.Doctor) || who.HasRole(Roles.DataOfficer)
        || who.Claims.Any(c => c.Type == ScopeClaim && c.Value.StartsWith("system/", StringComparison.Ordinal));
}
