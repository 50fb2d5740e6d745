using System.Globalization;
using Mach.Access;
using Mach.Access.Authority;
using Mach.Access.SignIn;
using Mach.Contracts.Registry;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Mach.Trust.Posts;

/// <summary>Where people work and when: posts, shifts, and who the owner of an account is. For administrators.</summary>
internal static class PostPages
{
    private static readonly TimeSpan Vietnam = TimeSpan.FromHours(7);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/posts").RequireAuthorization(Policies.ManageAccounts);
        group.MapGet("", (string? account, string? done, HttpContext http, Services services, CancellationToken ct) => PageAsync(http, services, account, null, done, ct)).WithName("trust-posts");
        group.MapPost("/{account}", AddAsync).RequireStepUp().WithName("trust-post-add");
        group.MapPost("/{account}/identity", IdentifyAsync).RequireStepUp().WithName("trust-identify");
        group.MapPost("/{account}/{post}/end", EndAsync).RequireStepUp().WithName("trust-post-end");
        group.MapPost("/{account}/{post}/shifts", ShiftAsync).RequireStepUp().WithName("trust-shift-add");
        group.MapPost("/{account}/{post}/shifts/remove", RemoveAsync).RequireStepUp().WithName("trust-shift-remove");
    }

    /// <summary>What every one of the pages needs.</summary>
    internal sealed record Services(Accounts Accounts, Workplaces Workplaces, IFacilityDirectory Facilities, TimeProvider Clock);

    private static async Task<IResult> PageAsync(HttpContext http, Services services, string? account, AccountProblem? problem, string? done, CancellationToken ct)
    {
        var all = await services.Accounts.ListAsync(ct);
        var chosen = all.FirstOrDefault(a => string.Equals(a.Name, account?.Trim(), StringComparison.OrdinalIgnoreCase));
        var (practitioner, person) = chosen is null ? (null, null) : await services.Workplaces.IdentityAsync(chosen.Name, ct);
        return new RazorComponentResult<PostsPage>(new
        {
            Accounts = all,
            Asked = account,
            Account = chosen,
            Posts = chosen is null ? [] : await services.Workplaces.PostsAsync(chosen.Name, ct),
            Place = chosen is null ? null : await services.Workplaces.OfAsync(chosen.Name, chosen.Facility, ct),
            Practitioner = practitioner,
            Person = person,
            services.Facilities,
            Now = services.Clock.GetUtcNow(),
            Problem = problem,
            Done = done,
        })
        {
            StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        };
    }

    internal static Task<IResult> AddAsync(string account, IFormCollection form, HttpContext http, Services services, CancellationToken ct) => TryAsync(http, services, account, "added", async () =>
    {
        var facility = form["facility"].ToString().Trim().Split(' ')[0].ToUpperInvariant();
        Refuse(services.Facilities.Find(facility) is null, "post.facility", "PostNoFacility");
        var since = Day(form["since"], services.Clock);
        var until = form["until"].ToString().Length == 0 ? (DateTimeOffset?)null : Day(form["until"], services.Clock).AddDays(1);
        await services.Workplaces.AddPostAsync(http.User.AccountName(), account, facility, Given(form, "ward"), [.. form["roles"].OfType<string>()], form["rota"] == "true", since, until, ct);
        return true;
    }, ct);

    internal static Task<IResult> EndAsync(string account, string post, HttpContext http, Services services, CancellationToken ct) =>
        TryAsync(http, services, account, "ended", () => services.Workplaces.EndPostAsync(http.User.AccountName(), post, ct), ct);

    internal static Task<IResult> ShiftAsync(string account, string post, IFormCollection form, HttpContext http, Services services, CancellationToken ct) => TryAsync(http, services, account, "shift", async () =>
    {
        await services.Workplaces.AddShiftAsync(http.User.AccountName(), post, Instant(form["starts"]), Instant(form["ends"]), ct);
        return true;
    }, ct);

    internal static Task<IResult> RemoveAsync(string account, string post, IFormCollection form, HttpContext http, Services services, CancellationToken ct) =>
        TryAsync(http, services, account, "unshift", () => services.Workplaces.RemoveShiftAsync(http.User.AccountName(), post, Instant(form["starts"]), ct), ct);

    internal static Task<IResult> IdentifyAsync(string account, IFormCollection form, HttpContext http, Services services, CancellationToken ct) => TryAsync(http, services, account, "identified", async () =>
    {
        await services.Workplaces.IdentifyAsync(http.User.AccountName(), account, Given(form, "practitioner"), Given(form, "person"), ct);
        return true;
    }, ct);

    private static async Task<IResult> TryAsync(HttpContext http, Services services, string account, string done, Func<Task<bool>> change, CancellationToken ct)
    {
        try
        {
            Refuse(!await change(), "post.gone", "PostGone");
            return TypedResults.LocalRedirect($"/posts?account={Uri.EscapeDataString(account)}&done={done}");
        }
        catch (AccountRuleException e)
        {
            return await PageAsync(http, services, account, e.Problem, null, ct);
        }
    }

    private static void Refuse(bool wrong, string rule, string key)
    {
        if (wrong)
        {
            throw new AccountRuleException(new(rule, Words.T.In("vi", key), Words.T.In("en", key)));
        }
    }

    private static string? Given(IFormCollection form, string name) => form[name].ToString().Trim() is { Length: > 0 } text ? text : null;

    /// <summary>Start of a day in Viet Nam; today when nothing is given.</summary>
    private static DateTimeOffset Day(string? text, TimeProvider clock)
    {
        var day = Dates.Today(clock);
        Refuse(!string.IsNullOrEmpty(text) && !DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day), "post.dates", "PostDateWrong");
        return new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), Vietnam).ToUniversalTime();
    }

    /// <summary>As a datetime-local field gives it, in Viet Nam's time.</summary>
    private static DateTimeOffset Instant(string? text)
    {
        Refuse(!DateTime.TryParseExact(text, ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local), "post.dates", "PostDateWrong");
        return new DateTimeOffset(local, Vietnam).ToUniversalTime();
    }

    /// <summary>For a field, in Viet Nam's time.</summary>
    internal static string Field(DateTimeOffset at) => at.ToOffset(Vietnam).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);
}
