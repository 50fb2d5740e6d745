using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Access;

/// <summary>The roles of the first day; one account may hold several.</summary>
public static class Roles
{
    public const string Registrar = "registrar";
    public const string Doctor = "doctor";
    public const string Administrator = "administrator";
    public const string DataOfficer = "data-officer";
    public static readonly IReadOnlyList<string> All = [Registrar, Doctor, Administrator, DataOfficer];
}

/// <summary>Authorization policies; every endpoint names one. Cookie sessions and bearer tokens both satisfy them through roles or scopes.</summary>
public static class Policies
{
    /// <summary>Find persons, see records: registrar (banner and visits), doctor, data officer.</summary>
    public const string FindPerson = "person.find";
    /// <summary>See the whole record: doctor, data officer.</summary>
    public const string ReadRecord = "record.read";
    /// <summary>Send dossiers: data officer, administrator, intake accounts.</summary>
    public const string SendDossier = "dossier.send";
    /// <summary>See dossiers, receipts and findings: data officer, administrator, doctor (originals), intake accounts (their own facility), programs with system scope.</summary>
    public const string ReadDossier = "dossier.read";
    /// <summary>Decide on provisional facilities and contradicting persons: data officer.</summary>
    public const string DecideData = "data.decide";
    /// <summary>Manage accounts: administrator.</summary>
    public const string ManageAccounts = "account.manage";
    /// <summary>FHIR read interactions: doctor, data officer, programs with system/*.read or system/*.rs.</summary>
    public const string FhirRead = "fhir.read";
    /// <summary>Any signed-in person.</summary>
    public const string SignedIn = "signed-in";
}

public static class AccessModule
{
    /// <summary>Sign-in (cookie and bearer), policies with a fallback that denies, antiforgery, security headers, rate limits.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services) => throw new NotImplementedException();

    /// <summary>Middleware in the right order: headers, authentication, authorization, antiforgery.</summary>
    public static IApplicationBuilder UseAccess(this IApplicationBuilder app) => throw new NotImplementedException();

    /// <summary>/sign-in, /sign-out, POST /oauth/token, POST /api/token.</summary>
    public static IEndpointRouteBuilder MapAccess(this IEndpointRouteBuilder routes) => throw new NotImplementedException();
}
