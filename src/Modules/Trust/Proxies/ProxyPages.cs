using System.Globalization;
using Mach.Access;
using Mach.Access.Audit;
using Mach.Access.Authority;
using Mach.Access.SignIn;
using Mach.Store;
using Mach.Trust.Decisions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Mach.Trust.Proxies;

/// <summary>Who acts for a person: given by who receives people and has seen the paper, ended by them, by the person, and by who acts.</summary>
internal static class ProxyPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/people/{id}/proxies").RequireAuthorization(Policies.SignedIn);
        group.MapGet("", (string id, string? done, HttpContext http, Services services, CancellationToken ct) => PageAsync(http, services, id, null, done, ct)).WithName("trust-proxies");
        group.MapPost("", AddAsync).RequireStepUp().WithName("trust-proxy-add");
        group.MapPost("/{proxy}/end", EndAsync).WithName("trust-proxy-end");
    }

    /// <summary>What every one of the pages needs.</summary>
    internal sealed record Services(RecordStore Store, Workplaces Workplaces, Accounts Accounts, TimeProvider Clock);

    private static bool MayGive(HttpContext http) => http.User.HasRole(Roles.Registrar) || http.User.HasRole(Roles.DataOfficer);

    private static async Task<bool> MayAsync(HttpContext http, Services services, string id, CancellationToken ct) =>
        (MayGive(http) || http.Sight().Persons.Contains(id) || http.Sight().ActsFor.Contains(id))
        && await services.Store.As(http.Sight(), http.Audit()).ReadAsync("Patient", id, ct) is { IsDeleted: false };

    private static async Task<IResult> PageAsync(HttpContext http, Services services, string id, AccountProblem? problem, string? done, CancellationToken ct)
    {
        if (!await MayAsync(http, services, id, ct))
        {
            return Closed();
        }

        http.Audit().ShowPerson(id);
        return new RazorComponentResult<ProxiesPage>(new
        {
            Person = id,
            All = await services.Workplaces.ProxiesOfAsync(id, ct),
            MayGive = MayGive(http),
            Me = http.User.AccountName(),
            Self = http.Sight().Persons.Contains(id),
            Now = services.Clock.GetUtcNow(),
            Problem = problem,
            Done = done,
        })
        {
            StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        };
    }

    internal static async Task<IResult> AddAsync(string id, IFormCollection form, HttpContext http, Services services, CancellationToken ct)
    {
        if (!MayGive(http) || !await MayAsync(http, services, id, ct))
        {
            return Closed();
        }

        try
        {
            var text = form["until"].ToString();
            var day = DateOnly.MaxValue;
            if (!Enum.TryParse<ProxyKind>(form["kind"], out var kind) || !Enum.IsDefined(kind) || (text.Length > 0 && !DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day)))
            {
                return await PageAsync(http, services, id, new("proxy.form", Words.T.In("vi", "ProxyFormWrong"), Words.T.In("en", "ProxyFormWrong")), null, ct);
            }

            var until = text.Length == 0 ? (DateTimeOffset?)null : new DateTimeOffset(day.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(7)).ToUniversalTime();
            await services.Workplaces.AddProxyAsync(http.User.AccountName(), form["account"].ToString().Trim(), id, kind, form["why"].ToString(), until, ct);
            return TypedResults.LocalRedirect($"/people/{Uri.EscapeDataString(id)}/proxies?done=added");
        }
        catch (AccountRuleException e)
        {
            return await PageAsync(http, services, id, e.Problem, null, ct);
        }
    }

    internal static async Task<IResult> EndAsync(string id, string proxy, HttpContext http, Services services, CancellationToken ct)
    {
        if (!await MayAsync(http, services, id, ct) || !(await services.Workplaces.ProxiesOfAsync(id, ct)).Any(p => p.Id == proxy && (MayGive(http) || http.Sight().Persons.Contains(id) || p.Account == http.User.AccountName())))
        {
            return Closed();
        }

        var ended = await services.Workplaces.EndProxyAsync(http.User.AccountName(), proxy, ct);
        return !ended ? await PageAsync(http, services, id, new("proxy.gone", Words.T.In("vi", "ProxyGone"), Words.T.In("en", "ProxyGone")), null, ct)
            : TypedResults.LocalRedirect(http.Sight().Persons.Contains(id) || MayGive(http) ? $"/people/{Uri.EscapeDataString(id)}/proxies?done=ended" : "/me?done=proxy-ended");
    }

    private static RazorComponentResult<NobodyPage> Closed() => new(new { }) { StatusCode = StatusCodes.Status404NotFound };
}
