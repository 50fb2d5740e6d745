using Mach.Access;
using Mach.Access.Authority;
using Mach.Access.Programs;
using Mach.Access.Web;
using Mach.Chart.Find;
using Mach.Chart.Reading;
using Mach.Chart.Record;
using Mach.Contracts.People;
using Mach.Store;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;

namespace Mach.Chart.Programs;

/// <summary>What stands between a program and a person who lets it in: whom it is for, what it may see; and the way into a program from a record.</summary>
internal static class ProgramPages
{
    private const int PageSize = 20;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/oauth/consent", AskAsync).RequireAuthorization(Policies.OwnAccount).WithName("chart-program-consent");
        routes.MapGet("/oauth/person", PickAsync).RequireAuthorization(Policies.FindPerson).WithName("chart-program-find-person");
        routes.MapGet("/people/{id}/open-with/{program}", OpenAsync).RequireAuthorization(Policies.ReadRecord).WithName("chart-program-open");
    }

    /// <summary>The page that asks. What was asked for wrongly is said by the address that programs send people to.</summary>
    internal static async Task<IResult> AskAsync(HttpContext http, AuthorizationReader reader, RecordView records, CancellationToken ct)
    {
        var query = http.Request.QueryString.Value ?? "";
        if ((await reader.ReadAsync(http, query, http.User.AccountName(), ct)).Request is not { NeedsPatient: false } request)
        {
            return TypedResults.LocalRedirect("/oauth/authorize" + query);
        }

        var patient = request.Context.Patient;
        var person = patient is null ? null : await records.ReadAsync("Patient", patient, ct) is { IsDeleted: false } found ? Parsed.Select([found], PersonRow.From).FirstOrDefault() : null;
        SecurityHeaders.AllowForms(http, request.RedirectOrigin);
        var lines = ScopeLine.Of(request.Scopes);
        return UiModule.Page<ConsentPage>(new { Asked = request, Query = query, Person = person, IsPersonClosed = patient is not null && person is null, Scopes = lines, Delicate = lines.Any(l => l.Shows) ? DelicateLine.Of(http.Sight(), patient) : [] });
    }

    /// <summary>Whom the program is for, among those whom the person may see.</summary>
    internal static async Task<IResult> PickAsync(HttpContext http, AuthorizationReader reader, PersonFinder finder, IPersonConfidentiality confidentiality, string? find, CancellationToken ct)
    {
        var query = QueryHelpers.ParseQuery(http.Request.QueryString.Value).Where(p => p.Key is not ("find" or "person")).ToDictionary(p => p.Key, p => (string?)p.Value.ToString());
        var address = QueryHelpers.AddQueryString("", query);
        if ((await reader.ReadAsync(http, address, http.User.AccountName(), ct)).Request is not { NeedsPatient: true } request)
        {
            return TypedResults.LocalRedirect("/oauth/authorize" + address);
        }

        var found = await finder.FindAsync(find, null, PageSize, ct);
        var hidden = await confidentiality.HiddenFromAsync(http.User, [.. found.Rows.Select(r => r.Id)], ct);
        return UiModule.Page<PickPersonPage>(new { Asked = request, Query = query, Address = address, Text = find ?? "", Found = found with { Rows = [.. found.Rows.Where(r => !hidden.Contains(r.Id))] } });
    }

    /// <summary>To the program, with a word that stands for this record. Nothing of the record goes there before the person has let the program in.</summary>
    internal static async Task<IResult> OpenAsync(string id, string program, HttpContext http, Clients clients, Launches launches, RecordView records, RecordSession session, AccessLog log, CancellationToken ct)
    {
        if (await session.IsHiddenAsync(http, id, ct) || await records.ReadAsync("Patient", id, ct) is not { IsDeleted: false } || await clients.FindAsync(program, ct) is not { LaunchAddress: not null, Disabled: false } client)
        {
            return OpenRecord.Closed(http);
        }

        await log.RecordAsync(new AccessEvent(http.User.AccountName(), "program-open", AccessOutcome.Ok, id, http.ClientAddress(), client.Id), ct);
        return TypedResults.Redirect(await launches.BeginAsync(client, http.User.AccountName(), new LaunchContext(id), Issuer.FhirBase(http), ct));
    }
}

/// <summary>A scope in words.</summary>
/// <param name="Scope">As asked for.</param>
/// <param name="Text">Name of the words.</param>
/// <param name="Type">FHIR type; null = all, or none in particular.</param>
/// <param name="Conditions">Only what answers these; empty = all.</param>
public sealed record ScopeLine(string Scope, string Text, string? Type, string Conditions)
{
    /// <summary>In the order of what matters: the record first, then who the person is, then how long.</summary>
    internal static IReadOnlyList<ScopeLine> Of(IReadOnlyList<string> scopes) => [.. scopes.Select(Of).OrderBy(l => l.IsOfRecord ? 0 : 1)];

    /// <summary>It opens the record, rather than saying who the person is or how long.</summary>
    internal bool IsOfRecord => FhirScope.Parse(Scope) is not null;

    /// <summary>It shows something of the record.</summary>
    internal bool Shows => FhirScope.Parse(Scope) is { IsReading: true };

    private static ScopeLine Of(string scope) => FhirScope.Parse(scope) is { } fhir
        ? new(scope, (fhir.IsReading ? "Scope.See" : "Scope.") + (fhir.Adds ? "Add" : "") + (fhir.Context == "patient" ? "Patient" : "User"), fhir.Type == "*" ? null : fhir.Type, string.Join("; ", fhir.Conditions.Select(c => c.Key + " = " + c.Value)))
        : new(scope, "Scope." + scope.Replace('/', '-'), null, "");

    public string Words()
    {
        var type = Type is null ? Chart.Words.T["Scope.Everything"] : Chart.Words.T.Find("ScopeType." + Type) ?? Type;
        return Chart.Words.T.Format(Text, type) + (Conditions.Length == 0 ? "" : Chart.Words.T.Format("Scope.Only", Conditions));
    }
}
