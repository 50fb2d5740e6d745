using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mach.Access;
using Mach.Access.Audit;
using Mach.Access.Authority;
using Mach.Contracts.People;
using Mach.Contracts.Registry;
using Mach.Fhir.Consents;
using Mach.Kernel;
using Mach.Store;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Mach.Trust.Decisions;

/// <summary>What a person decided about their record: read, made, taken back and made anew, each as a version of a Consent.</summary>
internal static class DecisionPages
{
    private const int Most = 200, LeastPaper = 5, MostPaper = 300;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/people/{id}/decisions").RequireAuthorization(Policies.SignedIn);
        group.MapGet("", (string id, string? done, HttpContext http, Services services, CancellationToken ct) => PageAsync(http, services, id, null, null, done, ct)).WithName("trust-decisions");
        group.MapPost("", DecideAsync).WithName("trust-decide");
        group.MapPost("/{consent}", ChangeAsync).WithName("trust-decision-change");
    }

    /// <summary>What every one of the pages needs.</summary>
    internal sealed record Services(RecordStore Store, IPersonLinks Links, IFacilityDirectory Facilities, TimeProvider Clock);

    /// <summary>
    /// Who receives people writes down what they decide, for those they see; a person decides for themselves, and who acts for another for them. For everybody
    /// else there is nobody.
    /// </summary>
    private static bool May(HttpContext http, string person)
    {
        var sight = http.Sight();
        return http.User.HasRole(Roles.Registrar) || http.User.HasRole(Roles.DataOfficer) || sight.Persons.Contains(person) || sight.ActsFor.Contains(person);
    }

    private static async Task<StoredResource?> PersonAsync(HttpContext http, Services services, string id, CancellationToken ct) =>
        May(http, id) && await services.Store.As(http.Sight(), http.Audit()).ReadAsync("Patient", id, ct) is { IsDeleted: false } person ? person : null;

    private static async Task<IResult> PageAsync(HttpContext http, Services services, string id, NewDecision? typed, string? problem, string? done, CancellationToken ct)
    {
        if (await PersonAsync(http, services, id, ct) is not { } patient)
        {
            return Closed();
        }

        // A decision about delicate data is as delicate as the data: it carries the same label.
        var page = await services.Store.As(http.Sight(), http.Audit()).CompartmentAsync(await services.Links.LinkedAsync(id, ct), "Consent", Most, null, ct);
        var all = page.Matches.Select(m =>
        {
            using var body = JsonDocument.Parse(m.Body);
            return Decision.Read(m.Id, m.Version, body.RootElement);
        }).Where(d => d.Rules.Count > 0).OrderByDescending(d => d.IsActive).ThenByDescending(d => d.Day, StringComparer.Ordinal).ToList();
        http.Audit().ShowPerson(id);
        return new RazorComponentResult<DecisionsPage>(new
        {
            Person = id,
            Name = NameOf(patient.Body),
            All = all,
            services.Facilities,
            Typed = typed,
            Problem = problem,
            Done = done,
            Self = http.Sight().Persons.Contains(id),
        })
        {
            StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        };
    }

    internal static async Task<IResult> DecideAsync(string id, IFormCollection form, HttpContext http, Services services, CancellationToken ct)
    {
        if (await PersonAsync(http, services, id, ct) is null)
        {
            return Closed();
        }

        var (typed, problem) = Read(form, services, http.Sight().Persons.Contains(id));
        if (problem is not null)
        {
            return await PageAsync(http, services, id, typed, problem, null, ct);
        }

        var consent = Ids.New();
        var facility = typed.Facility is { } code ? services.Facilities.Find(code) : null;
        var body = JsonSerializer.SerializeToUtf8Bytes(typed.ToConsent(consent, id, facility?.OrganizationId, services.Clock.GetUtcNow()));
        using (var document = JsonDocument.Parse(body))
        {
            if (ConsentReader.Check(document.RootElement).Count > 0)
            {
                return await PageAsync(http, services, id, typed, "DecisionUnclear", null, ct);
            }
        }

        await services.Store.CommitAsync(new Commit { Actor = http.User.AccountName(), Writes = [new(WriteKind.Put, "Consent", consent, body)] }, ct);
        http.Audit().ShowPerson(id);
        return TypedResults.LocalRedirect($"/people/{Uri.EscapeDataString(id)}/decisions?done=made");
    }

    /// <summary>Takes a decision back, or makes it count again. It is a new version: what was decided when stays readable.</summary>
    internal static async Task<IResult> ChangeAsync(string id, string consent, IFormCollection form, HttpContext http, Services services, CancellationToken ct)
    {
        if (await PersonAsync(http, services, id, ct) is null)
        {
            return Closed();
        }

        var linked = await services.Links.LinkedAsync(id, ct);
        var head = await services.Store.As(http.Sight(), http.Audit()).ReadAsync("Consent", consent, ct);
        var node = head is { IsDeleted: false } ? JsonNode.Parse(head.Body.Span)!.AsObject() : null;
        if (node?["patient"]?["reference"]?.GetValue<string>() is not { } reference || !linked.Any(l => reference == "Patient/" + l))
        {
            return Closed();
        }

        if (!int.TryParse(form["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version) || head!.Version != version)
        {
            return await PageAsync(http, services, id, null, "DecisionChanged", null, ct);
        }

        var again = form["again"] == "true";
        node["status"] = again ? "active" : "inactive";
        try
        {
            await services.Store.CommitAsync(new Commit { Actor = http.User.AccountName(), Writes = [new(WriteKind.Put, "Consent", consent, JsonSerializer.SerializeToUtf8Bytes(node), version)] }, ct);
        }
        catch (CommitConflictException)
        {
            return await PageAsync(http, services, id, null, "DecisionChanged", null, ct);
        }

        return TypedResults.LocalRedirect($"/people/{Uri.EscapeDataString(id)}/decisions?done={(again ? "again" : "ended")}");
    }

    private static (NewDecision Decision, string? Problem) Read(IFormCollection form, Services services, bool self)
    {
        string? Given(string name) => form[name].ToString().Trim() is { Length: > 0 } text ? text : null;
        var facility = Given("facility")?.Split(' ')[0].ToUpperInvariant();
        var labels = form["labels"].Aggregate(DataLabels.None, (all, one) => Enum.TryParse<DataLabels>(one, out var label) && NewDecision.Choices.Contains(label) ? all | label : all);
        Purposes? purpose = Enum.TryParse<Purposes>(Given("purpose"), out var given) && Enum.IsDefined(given) && given is not (Purposes.None or Purposes.All) ? given : null;
        var untilText = Given("until");
        var until = DateOnly.TryParseExact(untilText, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : (DateOnly?)null;
        var paper = Given("paper") ?? (self ? T["DecisionBySelf"] : "");
        var decision = new NewDecision(form["kind"] != "permit", facility, Given("practitioner"), purpose, labels, until, paper);
        var problem = form["kind"].ToString() is not ("deny" or "permit") ? "DecisionKindMissing"
            : facility is not null && services.Facilities.Find(facility) is null ? "DecisionNoFacility"
            : decision.Practitioner is { } who && (who.Length > 64 || !who.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.')) ? "DecisionNoPractitioner"
            // Two actors would be two rules: the whole facility, and that practitioner anywhere.
            : facility is not null && decision.Practitioner is not null ? "DecisionEither"
            : untilText is not null && (until is null || until < Dates.Today(services.Clock)) ? "DecisionUntilWrong"
            : !decision.Denies && facility is null && decision.Practitioner is null ? "DecisionPermitWhom"
            : paper.Length is < LeastPaper or > MostPaper ? "DecisionPaperMissing"
            : null;
        return (decision, problem);
    }

    private static Texts T => Words.T;

    internal static string NameOf(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var patient = document.RootElement;
        if (!patient.TryGetProperty("name", out var names) || names.ValueKind != JsonValueKind.Array || names.GetArrayLength() == 0)
        {
            return "";
        }

        var name = names[0];
        return name.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
    }

    /// <summary>The same words whether there is nobody, or somebody who is none of the caller's business.</summary>
    private static RazorComponentResult<NobodyPage> Closed() => new(new { }) { StatusCode = StatusCodes.Status404NotFound };
}
