using Microsoft.AspNetCore.Authorization;

namespace Mach.Access;

/// <summary>Authorization policies; every endpoint names one. Cookie sessions and bearer tokens both satisfy them through roles or scopes.</summary>
public static class Policies
{
    /// <summary>Find persons, see records: registrar (banner and visits), doctor, data officer.</summary>
    public const string FindPerson = "person.find";

    /// <summary>Register persons, and ask all of the register whether one is there: registrar, data officer.</summary>
    public const string RegisterPerson = "person.register";

    /// <summary>Open the record of one person: who may find people, and the person's own account.</summary>
    public const string OpenRecord = "record.open";

    /// <summary>See all of a record that is open: doctor, nurse, data officer, the person.</summary>
    public const string ReadRecord = "record.read";

    /// <summary>Send dossiers: data officer, administrator, intake accounts.</summary>
    public const string SendDossier = "dossier.send";

    /// <summary>See dossiers, receipts and findings: data officer, administrator, doctor (originals), intake accounts (their own facility), programs with system scope.</summary>
    public const string ReadDossier = "dossier.read";

    /// <summary>Decide on provisional facilities and contradicting persons: data officer.</summary>
    public const string DecideData = "data.decide";

    /// <summary>Change units, facilities, practitioners and catalogues: data officer, administrator.</summary>
    public const string EditRegistry = "registry.edit";

    /// <summary>Manage accounts: administrator.</summary>
    public const string ManageAccounts = "account.manage";

    /// <summary>FHIR read interactions: doctor, data officer, programs with system/*.read or system/*.rs (a narrower scope opens its own types alone).</summary>
    public const string FhirRead = "fhir.read";

    /// <summary>FHIR write interactions: programs with a create, update or delete scope, and those that add for a person; never persons themselves (see <see cref="Principals.MayWriteFhir"/>).</summary>
    public const string FhirWrite = "fhir.write";

    /// <summary>A Bundle of FHIR interactions: whoever may read or write by FHIR; each entry is asked for by itself.</summary>
    public const string FhirUse = "fhir.use";

    /// <summary>Any signed-in person.</summary>
    public const string SignedIn = "signed-in";

    /// <summary>A full proof of who it is, at most five minutes old (<see cref="SignIn.StepUp"/>); stands beside another policy.</summary>
    public const string StepUp = "step-up";

    /// <summary>A person's own account: whoever has a session; no token of a system or program.</summary>
    public const string OwnAccount = "account.own";

    /// <summary>Rate limit of every route that takes a password or a secret: per client address.</summary>
    public const string SignInRate = "sign-in";

    /// <summary>Rate limit of what programs ask about tokens, keys and metadata: per client address.</summary>
    public const string ProgramRate = "program";

    /// <summary>The own record and that of whom one acts for.</summary>
    public const string OwnRecord = "record.own";

    /// <summary>Write notes and problems of a person: doctor. Whether of this person, the sight says.</summary>
    public const string WriteRecord = "record.write";

    /// <summary>Write allergies of a person, and have phrases of one's own: doctor, nurse.</summary>
    public const string WriteCare = "care.write";

    /// <summary>See numbers, of the place where one acts or of all: director, doctor, data officer. The records behind them open by the sight of the caller.</summary>
    public const string ReadIndicators = "indicator.read";

    internal static void Add(AuthorizationOptions options)
    {
        var signedIn = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
        options.DefaultPolicy = signedIn;
        options.FallbackPolicy = signedIn;
        options.AddPolicy(SignedIn, signedIn);
        AddRoles(options, FindPerson, [Roles.Registrar, Roles.Doctor, Roles.Nurse, Roles.DataOfficer]);
        AddRoles(options, RegisterPerson, [Roles.Registrar, Roles.DataOfficer]);
        AddRoles(options, OpenRecord, [Roles.Registrar, Roles.Doctor, Roles.Nurse, Roles.DataOfficer, Roles.Person]);
        AddRoles(options, ReadRecord, [Roles.Doctor, Roles.Nurse, Roles.DataOfficer, Roles.Person]);
        AddRoles(options, OwnRecord, [Roles.Person]);
        AddRoles(options, WriteRecord, [Roles.Doctor]);
        AddRoles(options, WriteCare, [Roles.Doctor, Roles.Nurse]);
        AddRoles(options, SendDossier, Roles.Senders, Scopes.SendDossier);
        AddRoles(options, ReadDossier, [.. Roles.Senders, Roles.Doctor], Scopes.ReadDossier, "system/*.rs");
        AddRoles(options, ReadIndicators, [Roles.Director, Roles.Doctor, Roles.DataOfficer]);
        AddRoles(options, DecideData, [Roles.DataOfficer]);
        AddRoles(options, EditRegistry, [Roles.DataOfficer, Roles.Administrator]);
        AddRoles(options, ManageAccounts, [Roles.Administrator]);
        options.AddPolicy(FhirRead, policy => policy.RequireAuthenticatedUser()
            .RequireAssertion(context => context.User.MayUseFhir()));
        options.AddPolicy(FhirUse, policy => policy.RequireAuthenticatedUser()
            .RequireAssertion(context => context.User.MayUseFhir()));
        options.AddPolicy(FhirWrite, policy => policy.RequireAuthenticatedUser()
            .RequireAssertion(context => context.User.MayChangeFhir()));
    }

    private static void AddRoles(AuthorizationOptions options, string name, string[] roles, params string[] scopes) =>
        options.AddPolicy(name, policy => policy.RequireAuthenticatedUser().RequireAssertion(context =>
            roles.Any(context.User.HasRole) || scopes.Any(context.User.HasScope)));
}
