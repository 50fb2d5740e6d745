using System.Globalization;
using Mach.Access;
using Mach.Access.Audit;
using Mach.Access.Looks;
using Mach.Access.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Ui.Audit;

/// <summary>The audit trail for data officers: find lines, take them along, and see who looked at one record.</summary>
internal static class AuditPages
{
    private const int PageSize = 50, MaxExported = 10_000, MaxLooks = 500;
    private static readonly string[] s_columns = ["id", "at", "actor", "kind", "roles", "facility", "address", "action", "what", "door", "persons", "resource", "purpose", "outcome", "detail", "query", "shown"];
    private static readonly TimeSpan Vietnam = TimeSpan.FromHours(7);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/audit", List).RequireAuthorization(Policies.DecideData).WithName("ui-audit");
        routes.MapGet("/audit/export.csv", Export).RequireAuthorization(Policies.DecideData).RequireStepUp().WithName("ui-audit-export");
        routes.MapGet("/audit/export.ndjson", ExportEvents).RequireAuthorization(Policies.DecideData).RequireStepUp().WithName("ui-audit-export-events");
        routes.MapGet("/people/{id}/looks", Looks).RequireAuthorization(Policies.DecideData).WithName("ui-looks");
        FlagPages.Map(routes);
        VerificationPages.Map(routes);
    }

    internal static async Task<IResult> List([AsParameters] AuditAsked asked, string? after, HttpContext http, AuditReader reader, OpenFlags open, CancellationToken ct)
    {
        var filter = asked.ToFilter(http);
        return UiModule.Page<AuditPageView>(new { OpenFlags = await open.CountAsync(http.User.BoundFacility(), ct), Asked = asked, Page = Shown(await reader.ListAsync(filter, PageSize, after, ct), filter, http), Days = await reader.DaysAsync(filter, ct), After = after });
    }

    /// <summary>At most 10,000 lines, newest first. The export leaves a line of its own.</summary>
    internal static async Task<IResult> Export([AsParameters] AuditAsked asked, HttpContext http, AuditReader reader, CancellationToken ct)
    {
        var filter = asked.ToFilter(http);
        var lines = Shown(await reader.ListAsync(filter, MaxExported, null, ct), filter, http).Lines.Select(line =>
        {
            var e = line.Entry;
            return new[]
            {
                line.Id, line.At.ToString("O", CultureInfo.InvariantCulture), e.Actor, e.Kind.ToString(), string.Join(' ', e.Roles ?? []), e.Facility, e.Address, e.Action.ToString(), e.What, e.Door,
                string.Join(' ', e.Persons ?? []), e.Resource, e.Purpose, e.Outcome.ToString(), e.Detail, e.Query, e.Shown.ToString(CultureInfo.InvariantCulture),
            };
        });
        return Results.File(CsvFile.Write([s_columns, .. lines]), CsvFile.ContentType, "audit.csv");
    }

    /// <summary>The same lines as AuditEvents of FHIR R4, one a line.</summary>
    internal static async Task<IResult> ExportEvents([AsParameters] AuditAsked asked, HttpContext http, AuditReader reader, CancellationToken ct)
    {
        var filter = asked.ToFilter(http);
        var server = $"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}/fhir";
        using var all = new MemoryStream();
        foreach (var line in Shown(await reader.ListAsync(filter, MaxExported, null, ct), filter, http).Lines)
        {
            all.Write(AuditEvents.Write(line, server).Span);
            all.WriteByte((byte)'\n');
        }

        return Results.File(all.ToArray(), "application/fhir+ndjson", "audit.ndjson");
    }

    internal static async Task<IResult> Looks(string id, HttpContext http, AuditReader reader, CancellationToken ct) =>
        UiModule.Page<LooksPage>(new { Person = id, Lines = (await reader.ListAsync(new AuditFilter(Person: id, Facility: http.User.BoundFacility()), MaxLooks, null, ct)).Lines, Facility = http.User.BoundFacility() });

    /// <summary>Whoever finds lines about somebody leaves a line about them. What is not found may be anything that was typed, and is not kept.</summary>
    private static AuditPage Shown(AuditPage page, AuditFilter filter, HttpContext http)
    {
        if (filter.Person is { } person && page.Lines.Count > 0)
        {
            http.Audit().ShowPerson(person);
        }

        return page;
    }

    /// <summary>Day in Viet Nam.</summary>
    internal static DateOnly DayOf(AuditLine line) => DateOnly.FromDateTime(line.At.ToOffset(Vietnam).DateTime);

    /// <summary>Time of day in Viet Nam.</summary>
    internal static string TimeOf(AuditLine line) => line.At.ToOffset(Vietnam).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>What was done, in words; the door's name when there are none.</summary>
    internal static string What(AuditEntry entry) => Words.T.Find("AuditWhat." + entry.What) ?? Words.T["AuditAction." + entry.Action];
}

/// <summary>What the page is asked for, as it stands in the address.</summary>
/// <param name="From">Day as yyyy-MM-dd, the first.</param>
/// <param name="To">Day as yyyy-MM-dd, the last.</param>
public sealed record AuditAsked(string? Person, string? Actor, string? Facility, string? Action, string? What, string? Outcome, string? Address, string? From, string? To)
{
    /// <summary>An officer who is bound to a facility sees what its accounts did.</summary>
    internal AuditFilter ToFilter(HttpContext http) => new(
        Given(Person), Given(Actor), http.User.BoundFacility() ?? Given(Facility),
        Enum.TryParse<AuditAction>(Action, out var action) && Enum.IsDefined(action) ? action : null, Given(What),
        Enum.TryParse<AccessOutcome>(Outcome, out var outcome) && Enum.IsDefined(outcome) ? outcome : null,
        Given(Address), Start(From, 0), Start(To, 1));

    /// <summary>The same question with another path, or another page.</summary>
    internal string Url(string path, string? after = null)
    {
        var pairs = new (string Name, string? Value)[] { ("person", Person), ("actor", Actor), ("facility", Facility), ("action", Action), ("what", What), ("outcome", Outcome), ("address", Address), ("from", From), ("to", To), ("after", after) };
        return path + "?" + string.Join('&', pairs.Where(p => !string.IsNullOrWhiteSpace(p.Value)).Select(p => p.Name + "=" + Uri.EscapeDataString(p.Value!)));
    }

    private static string? Given(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    private static long? Start(string? day, int plus) => DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is > 1970 and < 9999
        ? (new DateTimeOffset(date.AddDays(plus).ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(7)).UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond
        : null;
}
