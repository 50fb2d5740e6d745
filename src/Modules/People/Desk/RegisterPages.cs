using Mach.Access;
using Mach.Contracts.Registry;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Mach.People.Desk;

/// <summary>The form at which somebody new is registered; beside it, who is known already, as one types.</summary>
internal static class RegisterPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/people/new", Show).WithName("ppl-register-form").RequireAuthorization(Policies.RegisterPerson);
        routes.MapPost("/people/new", Register).WithName("ppl-register").RequireAuthorization(Policies.RegisterPerson);
    }

    /// <summary>The page, or the candidates alone when htmx asks.</summary>
    internal static async Task<IResult> Show([AsParameters] Typed typed, HttpContext http, Candidates candidates, ICommuneHistory communes, CancellationToken ct)
    {
        await communes.RefreshAsync(ct);
        typed = CommunePicker.Settle(typed, communes);
        var lines = string.IsNullOrWhiteSpace(typed.Name) && typed.Citizen is null && typed.Card is null ? [] : await candidates.FindAsync(typed, http, ct);
        var problems = typed.Problems(candidates.Today).Where(p => p != "need-name").ToList();
        return http.Request.IsFragment()
            ? UiModule.Page<CandidateList>(new { Lines = lines, Problems = (IReadOnlyList<string>)problems })
            : UiModule.Page<RegisterPage>(new { Typed = typed, Lines = lines, Problems = (IReadOnlyList<string>)problems });
    }

    /// <summary>
    /// A scanned code fills the form, and nothing is registered. Otherwise 303 to the record that was made, or to the certain one that was there; 409 with the page when somebody has to look; 400 with the page when something cannot be.
    /// </summary>
    /// <param name="name">Of the form, like everything else; "others" names the Patients that were seen and declared to be others.</param>
    internal static async Task<IResult> Register(
        [FromForm] string? name, HttpContext http, Registrar registrar, Candidates candidates, ICommuneHistory communes, CancellationToken ct)
    {
        await communes.RefreshAsync(ct);
        var typed = CommunePicker.Settle(Read(http.Request.Form) with { Name = name }, communes);
        if (http.Request.Form["scan"].ToString().Trim() is { Length: > 0 } scan)
        {
            var scanned = Scan.Fill(typed, scan);
            typed = CommunePicker.Settle(scanned.Typed, communes);
            http.Response.StatusCode = scanned.Problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity;
            IReadOnlyList<CandidateLine> lines = string.IsNullOrWhiteSpace(typed.Name) ? [] : await candidates.FindAsync(typed, http, ct);
            return UiModule.Page<RegisterPage>(new { Typed = typed, Lines = lines, Problems = (IReadOnlyList<string>)[.. typed.Problems(candidates.Today).Where(p => p != "need-name")], Scanned = scanned });
        }

        var problems = typed.Problems(candidates.Today);
        if (problems.Count > 0)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return UiModule.Page<RegisterPage>(new { Typed = typed, Lines = await candidates.FindAsync(typed, http, ct), Problems = problems });
        }

        var registered = await registrar.RegisterAsync(typed.Sought(candidates.Today) with { Address = CommunePicker.Address(typed, communes) }, [.. http.Request.Form["others"].OfType<string>()], http.User.AccountName(), ct);
        if (registered.Id is { } id)
        {
            return TypedResults.Redirect($"/people/{id}?{(registered.IsNew ? "registered=new" : "registered=known")}");
        }

        http.Response.StatusCode = StatusCodes.Status409Conflict;
        return UiModule.Page<RegisterPage>(new { Typed = typed, Lines = await candidates.FindAsync(typed, http, ct), Problems = problems, MustLook = true });
    }

    private static Typed Read(IFormCollection form) => new()
    {
        Name = form["name"],
        Birth = form["birth"],
        Sex = form["sex"],
        Citizen = form["cccd"],
        OldCard = form["cmnd"],
        Card = form["card"],
        Passport = form["passport"],
        BirthCertificate = form["birthcertificate"],
        Phone = form["phone"],
        Commune = form["commune"],
        CommuneName = form["communename"],
        Address = form["address"],
        Mother = form["mother"],
        Order = form["order"],
    };
}
