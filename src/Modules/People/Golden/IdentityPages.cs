using Mach.Access;
using Mach.Contracts.People;
using Mach.Contracts.Registry;
using Mach.People.Labels;
using Mach.Ui;
using Mach.Ui.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Mach.People.Golden;

/// <summary>Who a person is, and who says so; what a data officer says about the person.</summary>
internal static class IdentityPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/people/{id}/identity", Show).WithName("ppl-identity").RequireAuthorization(Policies.FindPerson);
        routes.MapPost("/people/{id}/marks", Mark).WithName("ppl-mark").RequireAuthorization(Policies.DecideData);
    }

    /// <summary>404 for an unknown person; 403 with a page for a confidential one. The opening stands in the access log before anything is shown.</summary>
    /// <param name="said">What came of the mark that led here: done, nothing or needs-reason.</param>
    internal static async Task<IResult> Show(
        string id, string? said, HttpContext http, IdentityReader reader, CodeNames codes, IPersonConfidentiality confidentiality, AccessLog log, CancellationToken ct)
    {
        if ((await confidentiality.HiddenFromAsync(http.User, [id], ct)).Count > 0)
        {
            await log.RecordDenialAsync(http, "identity-open", id, "confidential", ct);
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return UiModule.Page<ConfidentialPage>(new { });
        }

        if (await reader.ReadAsync(id, ct) is not { } identity)
        {
            return TypedResults.NotFound();
        }

        await log.RecordAsync(http, "identity-open", id, ct);
        var directory = http.RequestServices.GetService(typeof(IFacilityDirectory)) as IFacilityDirectory;
        return UiModule.Page<IdentityPage>(new
        {
            Person = identity,
            IsOfficer = http.User.HasRole(Roles.DataOfficer),
            Said = said,
            Names = await codes.OfAsync(identity, ct),
            FacilityName = (Func<string, string>)(code => directory?.Find(code)?.Name ?? code),
        });
    }

    /// <summary>Back to the page, with what came of it; 404 for an unknown person, 400 for an unknown mark.</summary>
    /// <param name="mark">confidential, open, test, real, alive or dead.</param>
    internal static async Task<IResult> Mark(string id, Marks marks, AccessLog log, HttpContext http, [FromForm] string mark, [FromForm] string? why, CancellationToken ct)
    {
        if (mark is not (Marks.Confidential or Marks.Open or Marks.Test or Marks.Real or Marks.Alive or Marks.Dead))
        {
            return TypedResults.BadRequest();
        }

        var outcome = await marks.MarkAsync(id, mark, http.User.AccountName(), why ?? "", ct);
        if (outcome == MarkOutcome.Unknown)
        {
            return TypedResults.NotFound();
        }

        if (outcome == MarkOutcome.Done)
        {
            await log.RecordAsync(http, "person-" + mark, id, ct);
        }

        var said = outcome switch { MarkOutcome.Done => "done", MarkOutcome.NeedsReason => "needs-reason", _ => "nothing" };
        return TypedResults.Redirect($"/people/{Uri.EscapeDataString(id)}/identity?said={said}");
    }
}
