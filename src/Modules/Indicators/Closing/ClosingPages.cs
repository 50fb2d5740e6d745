using System.Globalization;
using Mach.Access;
using Mach.Access.SignIn;
using Mach.Access.Web;
using Mach.Contracts.Registry;
using Mach.Indicators.Asking;
using Mach.Indicators.Cube;
using Mach.Indicators.Definitions;
using Mach.Indicators.Pages;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Indicators.Closing;

/// <summary>A month in the list.</summary>
/// <param name="Own">Steps of the caller's place: the department, or their facility.</param>
/// <param name="SignedBy">Facilities that have signed; of them <paramref name="CheckedBy"/> were checked.</param>
/// <param name="Late">Records that gave something else after the newest snapshot of the caller's place.</param>
public sealed record MonthLine(int Month, IReadOnlyList<ClosingStep> Own, int SignedBy, int CheckedBy, long Late);

/// <summary>What was signed beside what it would be now.</summary>
/// <param name="Now">Null = no longer counted, or being counted anew.</param>
/// <param name="NowVersion">Version of the definition that is in force.</param>
public sealed record Comparison(Indicator Indicator, LockedIndicator Locked, Parts? Now, int NowVersion)
{
    public bool IsChanged => Now is { } now && (now.Rows, now.Above, now.Below) != (Locked.Total.Rows, Locked.Total.Above, Locked.Total.Below);
}

/// <summary>A changed record with the names that the caller may read.</summary>
public sealed record ChangedRecord(LateChange Change, string FacilityName, string Name);

/// <summary>Closing a month, and what came after it was closed. Numbers and records by the same rights as everywhere in this room.</summary>
internal static class ClosingPages
{
    private const int Months = 24, MostChanges = 200;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/indicators/closing", List).WithName("ind-closings").RequireAuthorization(Policies.ReadIndicators);
        routes.MapGet("/indicators/closing/{month}", Show).WithName("ind-closing").RequireAuthorization(Policies.ReadIndicators);
        routes.MapPost("/indicators/closing/{month}", Take).WithName("ind-close").RequireAuthorization(Policies.ReadIndicators).RequireStepUp();
        routes.MapGet("/indicators/closing/{month}/{place}/{number:int}.json", Download).WithName("ind-signed").RequireAuthorization(Policies.ReadIndicators);
    }

    internal static async Task<IResult> List(ClosingBook book, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        var (scope, today) = (Scope.Of(http), Dates.Today(clock));
        var last = new DateOnly(today.Year, today.Month, 1).AddMonths(-1);
        var steps = scope.IsNothing ? [] : await book.StepsAsync(Spans.MonthOf(last.AddMonths(1 - Months)), Spans.MonthOf(last), ct);
        var place = PlaceOf(scope);
        var lines = new List<MonthLine>();
        for (var month = last; month > last.AddMonths(-Months) && !scope.IsNothing; month = month.AddMonths(-1))
        {
            var number = Spans.MonthOf(month);
            var own = steps.Where(s => s.Month == number && s.Place == place).ToList();
            var acts = steps.Where(s => s.Month == number && s.Place != ClosingBook.Department).GroupBy(s => s.Place).Select(g => g.Last().Act).ToList();
            lines.Add(new MonthLine(
                number, own, acts.Count(a => a is ClosingAct.Sign or ClosingAct.Check), acts.Count(a => a is ClosingAct.Check),
                own.LastOrDefault(s => s.HasSnapshot) is { } snapshot ? await book.ChangeCountAsync(number, snapshot.Seq, scope.Facility, ct) : 0));
        }

        return UiModule.Page<ClosingsPage>(new { Scope = scope, Lines = lines });
    }

    internal static async Task<IResult> Show(ClosingBook book, DefinitionBook definitions, Asker asker, Drill drill, IFacilityDirectory facilities, TimeProvider clock, HttpContext http, string month, CancellationToken ct) =>
        await PageAsync(book, definitions, asker, drill, facilities, clock, http, month, null, StatusCodes.Status200OK, ct);

    /// <summary>act: signed, checked, returned, published, restated; place: a facility or *; seen: number of steps that the page showed; why: needed to give back and to restate.</summary>
    internal static async Task<IResult> Take(ClosingBook book, DefinitionBook definitions, Asker asker, Drill drill, IFacilityDirectory facilities, TimeProvider clock, HttpContext http, string month, CancellationToken ct)
    {
        var typed = await http.Request.FormAsync(ct);
        var (place, why, scope) = (typed["place"].ToString(), typed["why"].ToString().Trim(), Scope.Of(http));
        if (MonthOf(month) is not { } number)
        {
            return IndicatorPages.Wrong(Words.T.Format("closing-no-month", month));
        }

        var acts = Enum.GetValues<ClosingAct>().Where(a => ClosingBook.Word(a) == typed["act"]).ToList();
        if (acts.Count == 0 || !int.TryParse(typed["seen"], NumberStyles.None, CultureInfo.InvariantCulture, out var seen) || (place != ClosingBook.Department && facilities.Find(place) is null))
        {
            return IndicatorPages.Wrong(Words.T["closing-no-act"]);
        }

        if (!May(http, scope, place, acts[0]))
        {
            return Results.Forbid();
        }

        if (why.Length > 255 || (NeedsReason(acts[0]) && why.Length < 5))
        {
            return await PageAsync(book, definitions, asker, drill, facilities, clock, http, month, Words.T["closing-no-reason"], StatusCodes.Status400BadRequest, ct);
        }

        return await book.TakeAsync(number, place, acts[0], seen, http.User.AccountName(), why, ct) switch
        {
            ClosingRefusal.None => TypedResults.LocalRedirect($"/indicators/closing/{month}"),
            ClosingRefusal.TooEarly => IndicatorPages.Wrong(Words.T["closing-too-early"]),
            ClosingRefusal.Counting => await PageAsync(book, definitions, asker, drill, facilities, clock, http, month, Words.T["closing-counting"], StatusCodes.Status409Conflict, ct),
            _ => await PageAsync(book, definitions, asker, drill, facilities, clock, http, month, Words.T["closing-overtaken"], StatusCodes.Status409Conflict, ct),
        };
    }

    /// <summary>What was signed, byte for byte, with its hash. It holds small numbers too, so that only those who may open the records read it.</summary>
    internal static async Task<IResult> Download(ClosingBook book, HttpContext http, string month, string place, int number, CancellationToken ct)
    {
        var scope = Scope.Of(http);
        var of = place == "department" ? ClosingBook.Department : place;
        if (!IndicatorPages.SeesPeople(http) || !(of == ClosingBook.Department ? scope.IsEverywhere : scope.Sees(of)))
        {
            return Results.Forbid();
        }

        if (MonthOf(month) is not { } at || await book.SignedAsync(at, of, number, ct) is not var (written, hash, isWhole))
        {
            return TypedResults.NotFound();
        }

        if (!isWhole)
        {
            return TypedResults.Problem(Words.T["closing-broken"], statusCode: StatusCodes.Status500InternalServerError);
        }

        http.Response.Headers["Digest"] = "sha-256=" + Convert.ToBase64String(Convert.FromHexString(hash));
        return TypedResults.File(written, "application/json", $"{month}-{place}-{number}.json");
    }

    private static async Task<IResult> PageAsync(ClosingBook book, DefinitionBook definitions, Asker asker, Drill drill, IFacilityDirectory facilities, TimeProvider clock, HttpContext http, string month, string? problem, int status, CancellationToken ct)
    {
        if (MonthOf(month) is not { } number)
        {
            return IndicatorPages.Wrong(Words.T.Format("closing-no-month", month));
        }

        var scope = Scope.Of(http);
        var place = PlaceOf(scope);
        var steps = scope.IsNothing ? [] : await book.StepsAsync(number, number, ct);
        var own = steps.Where(s => s.Place == place).ToList();
        var shown = int.TryParse(http.Request.Query["step"], NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? own.FirstOrDefault(s => s.Step == step && s.HasSnapshot) : null;
        var snapshot = shown ?? own.LastOrDefault(s => s.HasSnapshot);
        var signed = snapshot is null ? null : await book.SignedAsync(number, place, snapshot.Step, ct);
        var locked = signed is var (written, _, isWhole) && isWhole ? Snapshot.Read(written) : null;
        var (changes, hidden) = snapshot is null ? ([], 0) : await ChangesAsync(book, drill, facilities, http, scope, number, snapshot.Seq, ct);
        var page = UiModule.Page<ClosingPage>(new
        {
            Scope = scope,
            Month = number,
            IsOver = ClosingBook.FirstDay(number).AddMonths(1) <= Dates.Today(clock),
            Place = place,
            Own = own,
            Others = steps.Where(s => s.Place != ClosingBook.Department && scope.IsEverywhere).GroupBy(s => s.Place).Select(g => (Name: facilities.Find(g.Key)?.Name ?? g.Key, Steps: (IReadOnlyList<ClosingStep>)[.. g])).OrderBy(g => g.Name, StringComparer.Ordinal).ToList(),
            Snapshot = snapshot,
            Locked = locked,
            IsBroken = signed is { IsWhole: false },
            Compared = locked is null ? [] : await CompareAsync(definitions, asker, locked, scope, ct),
            Changes = changes,
            Hidden = hidden,
            Late = snapshot is null ? 0 : await book.ChangeCountAsync(number, snapshot.Seq, scope.Facility, ct),
            SeesPeople = IndicatorPages.SeesPeople(http),
            Names = (Func<string, string>)(code => facilities.Find(code)?.Name ?? code),
            May = (Func<string, ClosingAct, bool>)((of, act) => May(http, scope, of, act) && ClosingBook.May([.. steps.Where(s => s.Place == of)], of, act)),
            Problem = problem,
        });
        page.StatusCode = status;
        return page;
    }

    private static async Task<IReadOnlyList<Comparison>> CompareAsync(DefinitionBook definitions, Asker asker, Snapshot locked, Scope scope, CancellationToken ct)
    {
        var (from, compared) = (ClosingBook.FirstDay(locked.Month), new List<Comparison>());
        foreach (var one in locked.Indicators)
        {
            if (await definitions.FindAsync(one.Code, one.Version, ct) is { } indicator)
            {
                var now = await definitions.FindAsync(one.Code, null, ct) ?? indicator;
                var answer = await asker.AskAsync(new Question(now, from, from.AddMonths(1).AddDays(-1), Grouping.None, null, scope.Facilities), ct);
                compared.Add(new Comparison(indicator, one, answer.IsFilling ? null : answer.Total, now.Version));
            }
        }

        return compared;
    }

    /// <summary>Rows whose record and person the caller may read; the others as a number.</summary>
    private static async Task<(IReadOnlyList<ChangedRecord> Seen, int Hidden)> ChangesAsync(ClosingBook book, Drill drill, IFacilityDirectory facilities, HttpContext http, Scope scope, int month, long seq, CancellationToken ct)
    {
        var rows = (await book.ChangesAsync(month, seq, scope.Facility, MostChanges, ct)).DistinctBy(c => (c.Type, c.Id)).ToList();
        var view = drill.View(http);
        var readable = (await view.ReadManyAsync([.. rows.SelectMany(r => new[] { (r.Type, r.Id), ("Patient", r.Patient) }).Where(k => k.Item2.Length > 0).Distinct()], ct)).Where(r => !r.IsDeleted).ToDictionary(r => (r.Type, r.Id));
        bool Sees(LateChange row) => (row.Patient.Length == 0 || readable.ContainsKey(("Patient", row.Patient))) && (row.What == "removed" || readable.ContainsKey((row.Type, row.Id)));
        return (
            [.. rows.Where(Sees).Select(r => new ChangedRecord(r, facilities.Find(r.Facility)?.Name ?? r.Facility, readable.TryGetValue(("Patient", r.Patient), out var patient) ? Drill.Name(patient) : ""))],
            rows.Count(r => !Sees(r)));
    }

    /// <summary>A director signs for the place they direct; the department publishes and restates; data officers check.</summary>
    private static bool May(HttpContext http, Scope scope, string place, ClosingAct act) => act switch
    {
        ClosingAct.Check or ClosingAct.Return => place != ClosingBook.Department && http.User.HasRole(Roles.DataOfficer) && scope.Sees(place),
        ClosingAct.Sign when place != ClosingBook.Department => http.User.HasRole(Roles.Director) && !scope.IsEverywhere && scope.Facility == place,
        _ => place == ClosingBook.Department && http.User.HasRole(Roles.Director) && scope.IsEverywhere,
    };

    public static bool NeedsReason(ClosingAct act) => act is ClosingAct.Return or ClosingAct.Restate;

    private static string PlaceOf(Scope scope) => scope.IsEverywhere ? ClosingBook.Department : scope.Facility ?? "";

    private static int? MonthOf(string text) => DateOnly.TryParseExact(text + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1990 and < 2200 ? Spans.MonthOf(day) : null;
}
