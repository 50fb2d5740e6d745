using Mach.Access;
using Mach.Access.Authority;
using Mach.Access.Programs;
using Mach.Chart.Emergency;
using Mach.Chart.Own;
using Mach.Chart.Visits;
using Mach.Contracts.People;
using Mach.Ui;
using Mach.Ui.Records;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Chart.Record;

/// <summary>Opens the record of one person; as a fragment, a later page of its time line.</summary>
internal static class OpenRecord
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/people/{id}", Handle).RequireAuthorization(Policies.OpenRecord).WithName("chart-open-record");

    /// <summary>404 for an unknown person; 403 with a page that says why for a confidential one that the caller knows of. The opening stands in the access log before anything is shown.</summary>
    internal static async Task<IResult> Handle(
        string id, [AsParameters] Filters filters, HttpContext http, RecordReader reader, RecordSession session, Beside beside, CancellationToken ct)
    {
        var filter = filters.ToFilter();
        if (await session.IsHiddenAsync(http, id, ct))
        {
            // Who registers knows that there is somebody, and is told why; for everybody else there is nobody.
            return (http.Sight().Hidden & Kernel.DataLabels.Confidential) == 0 ? RecordSession.Refuse(http) : Closed(http);
        }

        var clinical = await session.MaySeeAllAsync(http.User);
        if (http.Request.IsFragment() && filter.After is not null)
        {
            return await reader.ReadTimeLineAsync(id, filter, clinical, ct) is { } more
                ? UiModule.Page<TimeLineLines>(new { Person = id, TimeLine = more, MayOpen = clinical })
                : Results.NotFound();
        }

        if (await reader.ReadAsync(id, filter, clinical, ct) is not { } record)
        {
            return Closed(http);
        }

        await session.OpenedAsync(http, id, ct);
        if (record.Clinical is not null && IsTheirs(http, id))
        {
            return UiModule.Page<OwnRecordPage>(new { Record = record, Coming = await beside.Coming.ReadAsync([id, .. record.Card.Linked], ct), Today = beside.Coming.Today, IsOwn = http.Sight().Persons.Contains(id) });
        }

        return UiModule.Page<RecordPage>(new { Record = record, MayOpen = clinical, Programs = clinical ? await beside.Clients.LaunchedAsync(ct) : [], Parts = clinical ? await beside.PartsAsync(http, [id, .. record.Card.Linked], ct) : [] });
    }

    /// <summary>The person, or who acts for them, and nobody whose work it is.</summary>
    private static bool IsTheirs(HttpContext http, string id) =>
        !new[] { Roles.Doctor, Roles.Nurse, Roles.DataOfficer, Roles.Registrar }.Any(http.User.HasRole) && (http.Sight().Persons.Contains(id) || http.Sight().ActsFor.Contains(id));

    /// <summary>The same words whether there is nobody, or somebody whom the caller may not see.</summary>
    internal static IResult Closed(HttpContext http)
    {
        var closed = UiModule.Page<ClosedRecordPage>(new { MayOpen = http.MayOpenInEmergency() });
        closed.StatusCode = StatusCodes.Status404NotFound;
        return closed;
    }

    /// <param name="Facility">Only visits at this facility code.</param>
    /// <param name="Kind">Only visits of this class.</param>
    /// <param name="After">Continue below this visit.</param>
    public sealed record Filters(string? Facility, string? Kind, string? After)
    {
        internal TimeLineFilter ToFilter() => new(Given(Facility), Given(Kind), Given(After));

        private static string? Given(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
    }
}

/// <summary>What stands on the page besides the record itself.</summary>
internal sealed record Beside(Clients Clients, ComingReader Coming, IEnumerable<IRecordPart> Rooms)
{
    /// <summary>What other rooms show of the person.</summary>
    public async Task<IReadOnlyList<RenderFragment>> PartsAsync(HttpContext http, IReadOnlyList<string> persons, CancellationToken ct)
    {
        var parts = new List<RenderFragment>();
        foreach (var room in Rooms)
        {
            if (await room.ShowAsync(http, persons, ct) is { } part)
            {
                parts.Add(part);
            }
        }

        return parts;
    }
}

/// <summary>What the one at the screen may see, and the line that says it was seen.</summary>
internal sealed class RecordSession(IAuthorizationService authorization, IPersonLinks links, IPersonConfidentiality confidentiality, AccessLog log)
{
    /// <summary>The person is confidential and this one may not see them; that it was tried stands in the access log.</summary>
    public async Task<bool> IsHiddenAsync(HttpContext http, string person, CancellationToken ct)
    {
        // Their own, that of whom they act for, or opened in an emergency with a reason that somebody reviews.
        if (http.Sight().Persons.Contains(person) || http.Sight().ActsFor.Contains(person) || (await confidentiality.HiddenFromAsync(http.User, await links.LinkedAsync(person, ct), ct)).Count == 0)
        {
            return false;
        }

        await log.RecordDenialAsync(http, "record-open", person, "confidential", ct);
        return true;
    }

    /// <summary>Opens one of the further pages of a record: who the person is, or the answer to give instead. The opening stands in the access log.</summary>
    public async Task<(PersonCard? Card, IResult? Refusal)> EnterAsync(HttpContext http, string person, RecordReader records, CancellationToken ct)
    {
        if (await RefusalAsync(http, person, ct) is { } refusal)
        {
            return (null, refusal);
        }

        if (await records.ReadCardAsync(person, clinical: true, ct) is not { } card)
        {
            return (null, OpenRecord.Closed(http));
        }

        await OpenedAsync(http, person, ct);
        return (card, null);
    }

    /// <summary>The answer for a person whom the caller may not see, where a page of the record itself is asked for; null when it may be shown.</summary>
    public async Task<IResult?> RefusalAsync(HttpContext http, string person, CancellationToken ct) =>
        !await IsHiddenAsync(http, person, ct) ? null : (http.Sight().Hidden & Kernel.DataLabels.Confidential) == 0 ? Refuse(http) : Results.NotFound();

    public static IResult Refuse(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        return UiModule.Page<Ui.Pages.ConfidentialPage>(new { });
    }

    public async Task<bool> MaySeeAllAsync(System.Security.Claims.ClaimsPrincipal who) =>
        (await authorization.AuthorizeAsync(who, null, Policies.ReadRecord)).Succeeded;

    public Task OpenedAsync(HttpContext http, string person, CancellationToken ct) => log.RecordAsync(http, "record-open", person, ct);
}
