using Mach.Access;
using Mach.Contracts.Registry;
using Mach.Registry.Forms;
using Mach.Registry.Ledgers;
using Mach.Registry.Units;
using Mach.Registry.Units.Pages;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Mach.Registry.Facilities;

/// <summary>Beds, tier, services, opening, closing and predecessors of a facility since a day, on one form.</summary>
internal static class FacilityEditPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/facilities/{code}/edit", Show).WithName("reg-facility-edit").RequireAuthorization(Policies.EditRegistry);
        routes.MapPost("/facilities/{code}/edit", Save).WithName("reg-facility-save").RequireAuthorization(Policies.EditRegistry);
    }

    internal static async Task<IResult> Show(RegistryBooks books, string code, string? date, CancellationToken ct)
    {
        var state = await books.CurrentAsync(ct);
        var day = UnitQuery.Day(date) ?? books.Today();
        return FacilityView.Read(state.Facilities, code, day, long.MaxValue - 1) is { } facility ? Page(facility, FacilityEdit.Show(facility, day, state.Number)) : TypedResults.NotFound();
    }

    /// <summary>Wrong fields are said beside them (400); a change of the same by somebody else in between is said, with what was typed and the present values beside it (409).</summary>
    internal static async Task<IResult> Save(RegistryBooks books, ICatalogues catalogues, HttpContext http, string code, CancellationToken ct)
    {
        var form = await FormText.ReadAsync(http, ct);
        var state = await books.CurrentAsync(ct);
        if (FacilityView.Read(state.Facilities, code, UnitQuery.Day(form["shown"]) ?? books.Today(), long.MaxValue - 1) is not { } facility)
        {
            return TypedResults.NotFound();
        }

        var problems = new List<Problem>();
        if (FacilityEdit.Read(form, state.Facilities, code, problems) is not { } edit)
        {
            return Page(facility, form.With(problems));
        }

        foreach (var service in edit.NewServices)
        {
            if (await catalogues.FindAsync("services", service, edit.From, ct) is null)
            {
                problems.Add(new Problem("services", $"Danh mục ngày {edit.From:dd/MM/yyyy} không có mã '{service}'.", $"The catalogue of {edit.From:yyyy-MM-dd} has no code '{service}'."));
            }
        }

        if (problems.Count > 0)
        {
            return Page(facility, form.With(problems));
        }

        var seen = long.TryParse(form["seen"], System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue;
        Fact? between = null;
        await books.ChangeAsync(
            new ChangeNote("edit", http.User.AccountName(), form["why"], "facility:" + code),
            draft =>
            {
                between = edit.ChangedSince(draft.State.Facilities, seen);
                foreach (var statement in between is null ? edit.Statements : [])
                {
                    draft.Facilities.State(statement);
                }
            },
            ct);
        if (between is null)
        {
            return TypedResults.Redirect($"/facilities/{Uri.EscapeDataString(code)}?date={UnitQuery.Iso(edit.From)}");
        }

        state = await books.CurrentAsync(ct);
        var now = FacilityView.Read(state.Facilities, code, edit.From, long.MaxValue - 1)!;
        var merged = form.Over(FacilityEdit.Show(edit.Shown, edit.From, seen), FacilityEdit.Show(now, edit.From, state.Number), FacilityEdit.Sets);
        return Page(now, merged.With([await Disagreement.OfAsync(books, Ledger.LastChange(between), Changes.AspectWords.Of(between.Aspect), ct)]));
    }

    private static RazorComponentResult<FacilityEditPage> Page(FacilityView facility, FormText form)
    {
        var page = UiModule.Page<FacilityEditPage>(new { Facility = facility, Form = form });
        page.StatusCode = form.IsGood ? null : form.Problems.ContainsKey("") ? StatusCodes.Status409Conflict : StatusCodes.Status400BadRequest;
        return page;
    }
}
