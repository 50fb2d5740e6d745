using Mach.Access;
using Mach.Indicators.Asking;
using Mach.Indicators.Definitions;
using Mach.Store;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Mach.Indicators.Pages;

/// <summary>What a definition would give on the real record.</summary>
/// <param name="IsWhole">All rows of the days were read; else the first ones.</param>
public sealed record Preview(Period Period, Parts Parts, long Read, bool IsWhole);

/// <summary>A statistician writes a definition: expressions over the views, tried on the real record before they are kept as the next version.</summary>
internal static class DefinitionPages
{
    private const int MostRead = 50_000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/indicators/new", New).WithName("ind-new").RequireAuthorization(Policies.DecideData);
        routes.MapPost("/indicators/new", (DefinitionBook book, RecordStore store, Sums sums, TimeProvider clock, HttpContext http, CancellationToken ct) => Save(book, store, sums, clock, http, null, ct)).WithName("ind-add").RequireAuthorization(Policies.DecideData);
        routes.MapGet("/indicators/{code}/definition", Show).WithName("ind-definition").RequireAuthorization(Policies.DecideData);
        routes.MapPost("/indicators/{code}/definition", Save).WithName("ind-define").RequireAuthorization(Policies.DecideData);
    }

    internal static IResult New() => Page(null, DefinitionForm.Of(null), null);

    internal static async Task<IResult> Show(DefinitionBook book, string code, CancellationToken ct) =>
        await book.FindAsync(code, null, ct) is { } current ? Page(current, DefinitionForm.Of(current), null) : TypedResults.NotFound();

    /// <summary>act=try shows what the definition gives; act=keep keeps it. A version that somebody else wrote in between is said (409), and what was typed stays.</summary>
    internal static async Task<IResult> Save(DefinitionBook book, RecordStore store, Sums sums, TimeProvider clock, HttpContext http, string? code, CancellationToken ct)
    {
        var form = await DefinitionForm.ReadAsync(http, ct);
        var current = code is null ? null : await book.FindAsync(code, null, ct);
        if (code is not null && current is null)
        {
            return TypedResults.NotFound();
        }

        var isKept = form["act"] == "keep";
        var definition = form.Read(current, isKept);
        if (definition is not null && code is null && await book.FindAsync(definition.Code, null, ct) is not null)
        {
            form.Problems["code"] = Words.T["code-taken"];
            definition = null;
        }

        if (definition is null)
        {
            return Page(current, form, null, StatusCodes.Status400BadRequest);
        }

        if (!isKept)
        {
            return Page(current, form, await TryAsync(store, sums, definition, Dates.Today(clock), ct));
        }

        var isNewest = current is null || form["version"] == current.Version.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (!isNewest || !await book.AddAsync(definition, http.User.AccountName(), form["why"], ct))
        {
            form.Problems[""] = Words.T["overtaken"];
            return Page(code is null ? null : await book.FindAsync(code, null, ct), form, null, StatusCodes.Status409Conflict);
        }

        return TypedResults.Redirect($"/indicators/{definition.Code}");
    }

    /// <summary>The newest month that is over, row by row.</summary>
    private static async Task<Preview> TryAsync(RecordStore store, Sums sums, Indicator definition, DateOnly today, CancellationToken ct)
    {
        var month = Period.Month(today.AddMonths(-1));
        await using var connection = await store.Db.OpenAsync(ct);
        var (read, isWhole) = (0L, true);
        async Task<(long N, decimal V)> SumAsync(MeasureSpec spec)
        {
            var (measure, n, v) = (new Measure(0, spec), 0L, 0L);
            var persons = new HashSet<string>(StringComparer.Ordinal);
            await foreach (var (fact, given, _) in sums.RowsAsync(connection, measure, month.From, month.To, null, ct))
            {
                if (++read > MostRead)
                {
                    isWhole = false;
                    break;
                }

                if (!spec.Distinct)
                {
                    (n, v) = (n + 1, v + given);
                }
                else if (persons.Add(fact.Person))
                {
                    (n, v) = (n + 1, v + 100);
                }
            }

            return (n, v / 100m);
        }

        var above = await SumAsync(definition.Of);
        decimal? below = definition.Per is { } per ? (await SumAsync(per)).V : null;
        return new Preview(month, new Parts(above.N, above.V, below), read, isWhole);
    }

    private static RazorComponentResult<DefinitionPage> Page(Indicator? current, DefinitionForm form, Preview? preview, int? status = null)
    {
        var page = UiModule.Page<DefinitionPage>(new { Current = current, Form = form, Preview = preview, Tried = preview is null ? null : form.Read(current, false) });
        page.StatusCode = status;
        return page;
    }
}
