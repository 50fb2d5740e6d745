using System.Globalization;
using Mach.Access;
using Mach.Access.Audit;
using Mach.Access.Authority;
using Mach.Access.Looks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Mach.Ui.Audit;

/// <summary>Flags of unusual looking for data officers: the inbox, the verdicts, the way from a flag to its lines; and the questions of people about looks at their record.</summary>
internal static class FlagPages
{
    private const int PageSize = 20, MaxLooks = 500, MaxQuestions = 100;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/audit/flags", List).RequireAuthorization(Policies.DecideData).WithName("ui-flags");
        routes.MapPost("/audit/flags/{id}", Decide).RequireAuthorization(Policies.DecideData).WithName("ui-flag-decide");
        routes.MapGet("/audit/lines/{id}", Line).RequireAuthorization(Policies.DecideData).WithName("ui-audit-line");
        routes.MapGet("/me/looks", OwnLooks).RequireAuthorization(Policies.OwnAccount).WithName("ui-own-looks");
        routes.MapPost("/me/looks", Ask).RequireAuthorization(Policies.OwnAccount).WithName("ui-looks-ask");
    }

    internal static Task<IResult> List([AsParameters] FlagsAsked asked, string? done, HttpContext http, Flags flags, CancellationToken ct) => ShowAsync(asked, done, null, http, flags, ct);

    internal static async Task<IResult> Decide(string id, [FromForm] string? state, [FromForm] string? note, [AsParameters] FlagsAsked asked, HttpContext http, Flags flags, CancellationToken ct)
    {
        if (!Enum.TryParse<FlagState>(state, out var verdict) || !Enum.IsDefined(verdict) || verdict == FlagState.Open)
        {
            return TypedResults.BadRequest();
        }

        try
        {
            var isDone = await flags.DecideAsync(id, http.User.AccountName(), http.User.BoundFacility(), verdict, note ?? "", ct);
            return TypedResults.LocalRedirect(asked.Url(asked.PageNumber, isDone ? "yes" : "no"));
        }
        catch (AccountRuleException e)
        {
            return await ShowAsync(asked, null, new TypedVerdict(id, note ?? "", Texts.IsEnglish ? e.Problem.En : e.Problem.Vi), http, flags, ct);
        }
    }

    /// <summary>The trail from one line on.</summary>
    internal static async Task<IResult> Line(string id, HttpContext http, AuditReader reader, CancellationToken ct) =>
        await reader.FindAsync(id, ct) is not { } line || (http.User.BoundFacility() is { } facility && line.Entry.Facility != facility)
            ? TypedResults.NotFound()
            : TypedResults.LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"~/audit?actor={Uri.EscapeDataString(line.Entry.Actor)}&after={line.Entry.AtUs}.{line.Chain}.{line.Seq + 1}#{line.Id}"));

    /// <summary>The person's own view: who looked at their record, wherever; and what they asked about it.</summary>
    internal static Task<IResult> OwnLooks(string? ask, string? done, HttpContext http, AuditReader reader, Flags flags, CancellationToken ct) =>
        OwnAsync(ask, "", null, done, http, reader, flags, ct);

    internal static async Task<IResult> Ask([FromForm] string? line, [FromForm] string? words, HttpContext http, AuditReader reader, Flags flags, CancellationToken ct)
    {
        if (http.Workplace()?.Person is not { } own)
        {
            return Results.NotFound();
        }

        try
        {
            return TypedResults.LocalRedirect("~/me/looks?done=" + (await flags.AskAsync(line ?? "", http.User.AccountName(), own, words ?? "", ct) ? "yes" : "no"));
        }
        catch (AccountRuleException e)
        {
            return await OwnAsync(line, words ?? "", Texts.IsEnglish ? e.Problem.En : e.Problem.Vi, null, http, reader, flags, ct);
        }
    }

    private static async Task<IResult> OwnAsync(string? ask, string words, string? problem, string? done, HttpContext http, AuditReader reader, Flags flags, CancellationToken ct)
    {
        if (http.Workplace()?.Person is not { } own)
        {
            return Results.NotFound();
        }

        var lines = (await reader.ListAsync(new AuditFilter(Person: own), MaxLooks, null, ct)).Lines;
        var page = UiModule.Page<LooksPage>(new
        {
            Person = own,
            Lines = lines,
            Account = http.User.AccountName(),
            Questions = await flags.ListAsync(new FlagFilter(LookCodes.Question, Person: own), MaxQuestions, 0, ct),
            Asked = lines.FirstOrDefault(l => l.Id == ask),
            Words = words,
            Problem = problem,
            Done = done,
        });
        page.StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity;
        return page;
    }

    private static async Task<IResult> ShowAsync(FlagsAsked asked, string? done, TypedVerdict? typed, HttpContext http, Flags flags, CancellationToken ct)
    {
        var filter = asked.ToFilter(http);
        var all = await flags.ListAsync(filter, PageSize, (asked.PageNumber - 1) * PageSize, ct);
        // Words are the person's own; ids alone stand in each line already.
        http.Audit().ShowPersons(all.Where(f => f.Person.Length > 0 && (f.Words is not null || f.Person == filter.Person)).Select(f => f.Person));
        var verdicts = new Dictionary<string, IReadOnlyList<FlagVerdict>>(StringComparer.Ordinal);
        foreach (var flag in all.Where(f => f.Decided is not null))
        {
            verdicts[flag.Id] = await flags.VerdictsAsync(flag.Id, ct);
        }

        var page = UiModule.Page<FlagsPage>(new { Asked = asked, All = all, Total = await flags.CountAsync(filter, ct), Verdicts = verdicts, PageSize, Me = http.User.AccountName(), Done = done, Typed = typed });
        page.StatusCode = typed is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity;
        return page;
    }
}

/// <summary>A verdict that could not be taken, to be typed again.</summary>
public sealed record TypedVerdict(string Id, string Note, string Problem);

/// <summary>Which flags the page is asked for, as it stands in the address.</summary>
/// <param name="State">Open when missing; "all" for every one.</param>
public sealed record FlagsAsked(string? Rule, string? Account, string? Person, string? State, int? Page)
{
    public const string All = "all";

    internal int PageNumber => Math.Clamp(Page ?? 1, 1, 10_000);

    internal FlagState? Wanted => State == All ? null : Enum.TryParse<FlagState>(State, ignoreCase: true, out var state) && Enum.IsDefined(state) ? state : FlagState.Open;

    /// <summary>An officer who is bound to a facility sees what its accounts did.</summary>
    internal FlagFilter ToFilter(HttpContext http) =>
        new(LookCodes.All.Contains(Rule) ? Rule : null, Given(Account), Given(Person), Wanted, http.User.BoundFacility());

    /// <summary>The same question with another page.</summary>
    internal string Url(int page, string? done = null) => "~" + Link(page, done);

    internal string Link(int page, string? done = null, string path = "/audit/flags")
    {
        var pairs = new (string Name, string? Value)[] { ("rule", Rule), ("account", Account), ("person", Person), ("state", State), ("page", page > 1 ? page.ToString(CultureInfo.InvariantCulture) : null), ("done", done) };
        var query = string.Join('&', pairs.Where(p => !string.IsNullOrWhiteSpace(p.Value)).Select(p => p.Name + "=" + Uri.EscapeDataString(p.Value!)));
        return query.Length == 0 ? path : path + "?" + query;
    }

    private static string? Given(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
