using System.Globalization;
using Mach.Access;
using Mach.Access.Looks;
using Mach.Access.SignIn;
using Mach.Kernel;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Mach.Trust.Looks;

/// <summary>What counts as unusual looking: read, changed by one data officer and brought into force by another, as the access policy is.</summary>
internal static class LookRulePages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/policy/looks").RequireAuthorization(Policies.DecideData);
        group.MapGet("", (string? done, HttpContext http, LookBook book, CancellationToken ct) => PageAsync(http, book, null, done, ct)).WithName("trust-looks");
        group.MapGet("/edit", EditAsync).WithName("trust-looks-edit");
        group.MapPost("/edit", ProposeAsync).RequireStepUp().WithName("trust-looks-propose");
        group.MapPost("/{id}/approve", ApproveAsync).RequireStepUp().WithName("trust-looks-approve");
        group.MapPost("/{id}/decline", DeclineAsync).WithName("trust-looks-decline");
    }

    private static async Task<IResult> PageAsync(HttpContext http, LookBook book, AccountProblem? problem, string? done, CancellationToken ct) =>
        new RazorComponentResult<LookRulesPage>(new { Policy = await book.CurrentAsync(ct), book.First, Versions = await book.ListAsync(ct), Me = http.User.AccountName(), Problem = problem, Done = done })
        {
            StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        };

    internal static async Task<IResult> EditAsync(string? from, LookBook book, CancellationToken ct) =>
        UiModule.Page<LookRulesEditPage>(new { Policy = from == "first" ? book.First : await book.CurrentAsync(ct) });

    /// <summary>A refused draft shows the form again with what was chosen.</summary>
    internal static async Task<IResult> ProposeAsync(IFormCollection form, HttpContext http, LookBook book, CancellationToken ct)
    {
        var (draft, why) = (Read(form, await book.CurrentAsync(ct)), form["why"].ToString());
        try
        {
            await book.ProposeAsync(http.User.AccountName(), draft, why, ct);
            return TypedResults.LocalRedirect("/policy/looks?done=proposed");
        }
        catch (AccountRuleException e)
        {
            return new RazorComponentResult<LookRulesEditPage>(new { Policy = draft, Why = why, Problem = e.Problem }) { StatusCode = StatusCodes.Status422UnprocessableEntity };
        }
    }

    internal static async Task<IResult> ApproveAsync(string id, HttpContext http, LookBook book, CancellationToken ct) =>
        await book.ApproveAsync(http.User.AccountName(), id, ct) ? TypedResults.LocalRedirect("/policy/looks?done=approved")
        : await PageAsync(http, book, new("looks.own", Words.T.In("vi", "PolicyNotApproved"), Words.T.In("en", "PolicyNotApproved")), null, ct);

    internal static async Task<IResult> DeclineAsync(string id, HttpContext http, LookBook book, CancellationToken ct) =>
        await book.DeclineAsync(http.User.AccountName(), id, ct) ? TypedResults.LocalRedirect("/policy/looks?done=declined")
        : await PageAsync(http, book, new("looks.decided", Words.T.In("vi", "PolicyDecided"), Words.T.In("en", "PolicyDecided")), null, ct);

    /// <summary>What the form does not offer stays as it is: words, doors, numbers that a rule does not use.</summary>
    private static LookPolicy Read(IFormCollection form, LookPolicy current)
    {
        int Number(string name, int now) => now == 0 && !form.ContainsKey(name) ? 0 : int.TryParse(form[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
        return current with
        {
            ListAbove = Number("listAbove", current.ListAbove),
            Rules = [.. current.Rules.Select(rule => rule with
            {
                On = form[rule.Code + ".on"] == "true",
                Severity = Enum.TryParse<LookSeverity>(form[rule.Code + ".severity"], out var severity) ? severity : 0,
                Roles = [.. form[rule.Code + ".roles"].OfType<string>().Distinct(StringComparer.Ordinal)],
                Least = Number(rule.Code + ".least", rule.Least),
                Factor = Number(rule.Code + ".factor", rule.Factor),
                Most = Number(rule.Code + ".most", rule.Most),
                UsualDays = Number(rule.Code + ".usualDays", rule.UsualDays),
                Months = Number(rule.Code + ".visitMonths", rule.Months),
                FromHour = rule.Code == LookCodes.Night ? Number(rule.Code + ".fromHour", 1) : rule.FromHour,
                ToHour = rule.Code == LookCodes.Night ? Number(rule.Code + ".toHour", 1) : rule.ToHour,
                ExceptNames = rule.Code == LookCodes.Neighbour ? [.. VietnameseText.Fold(form[rule.Code + ".exceptNames"].ToString()).Split([' ', ',', ';'], StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)] : rule.ExceptNames,
            })],
        };
    }
}
