using System.Globalization;
using System.Text.Json;
using Mach.Access;
using Mach.Access.Audit;
using Mach.Access.Authority;
using Mach.Contracts.Registry;
using Mach.Indicators.Asking;
using Mach.Indicators.Cube;
using Mach.Indicators.Definitions;
using Mach.Indicators.Facts;
using Mach.Store;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Indicators.Pages;

/// <summary>One record behind a number.</summary>
/// <param name="Name">Of the person; empty when it belongs to nobody or has none.</param>
public sealed record RecordLine(Fact Fact, string Type, decimal Amount, string Name, string FacilityName);

/// <summary>The records that a number counts. Who may not see a record is told that there is one, by the count, and nothing of it.</summary>
internal static class RecordPages
{
    private const int PageSize = 50;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/indicators/{code}/records", Show).WithName("ind-records").RequireAuthorization(Policies.ReadIndicators);

    internal static async Task<IResult> Show(DefinitionBook book, Drill drill, TimeProvider clock, HttpContext http, string code, CancellationToken ct)
    {
        var asked = http.Request.Query;
        var today = Dates.Today(clock);
        if (await book.FindAsync(code, null, ct) is not { } indicator)
        {
            return TypedResults.NotFound();
        }

        if (IndicatorQuery.Read(asked["period"], asked["from"], asked["to"], asked["by"], asked["map"], today, out var problem) is not { } query)
        {
            return IndicatorPages.Wrong(problem!);
        }

        if (!TryPlace(asked["after"], out var place))
        {
            return IndicatorPages.Wrong(Words.T.Format("wrong-after", asked["after"].ToString()));
        }

        var scope = Scope.Of(http);
        var question = new Question(indicator, query.Period.From, query.Period.To, query.By, query.BoundaryOf(today), scope.Facilities);
        var key = asked.ContainsKey("key") ? asked["key"].ToString() : null;
        var found = await drill.PageAsync(question, key, place, PageSize, drill.View(http), ct);
        var isSmall = Scope.IsSmall(indicator, new Parts(found.Count, 0, null), IndicatorPages.SeesPeople(http));
        return UiModule.Page<RecordsPage>(new
        {
            Query = query,
            Indicator = indicator,
            Key = key,
            KeyLabel = key is null ? null : found.KeyLabel,
            Count = isSmall ? 0 : found.Count,
            IsSmall = isSmall,
            Lines = found.Lines,
            Hidden = isSmall ? 0 : found.Hidden,
            Next = found.Next is { } next ? string.Create(CultureInfo.InvariantCulture, $"{next.Day.DayNumber}|{next.Facility}|{next.Id}") : null,
        });
    }

    private static bool TryPlace(string? text, out (DateOnly, string, string)? place)
    {
        place = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        if (text.Split('|') is not [var day, var facility, var id] || !int.TryParse(day, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > DateOnly.MaxValue.DayNumber)
        {
            return false;
        }

        place = (DateOnly.FromDayNumber(number), facility, id);
        return true;
    }
}

/// <summary>What a number opens to.</summary>
/// <param name="Count">Rows behind the number: of persons counted once, the rows that make them count.</param>
/// <param name="Hidden">Rows of this page that the caller may not see.</param>
internal sealed record DrillPage(long Count, string KeyLabel, IReadOnlyList<RecordLine> Lines, int Hidden, (DateOnly Day, string Facility, string Id)? Next);

internal sealed class Drill(RecordStore store, Sums sums, Asker asker, IUnits units, IFacilityDirectory facilities)
{
    public RecordView View(HttpContext http) => store.As(http.Sight(), http.Audit());

    /// <param name="key">Of the line that was opened; null = the whole number.</param>
    public async Task<DrillPage> PageAsync(Question question, string? key, (DateOnly Day, string Facility, string Id)? place, int size, RecordView view, CancellationToken ct)
    {
        if (await asker.MeasureAsync(question.Indicator.Of, ct) is not { } measure)
        {
            return new(0, "", [], 0, null);
        }

        var places = new Places(await units.AsKnownAsync(null, ct), facilities, question);
        var page = new List<(Fact Fact, long V)>();
        var more = false;
        await using (var connection = await store.Db.OpenAsync(ct))
        {
            await foreach (var (fact, v, stratum) in sums.RowsAsync(connection, measure, question.From, question.To, place, ct))
            {
                if (question.Facilities?.Contains(fact.Facility) == false
                    || (key is not null && !places.Of(new Sum(Spans.MonthOf(fact.Day), fact.Facility, fact.Commune, stratum, 1, v), question.By).Any(p => p.Key == key)))
                {
                    continue;
                }

                if (page.Count == size)
                {
                    more = true;
                    break;
                }

                page.Add((fact, v));
            }
        }

        var answer = await asker.AskAsync(key is null ? question with { By = Grouping.None } : question, ct);
        var count = key is null ? answer.Total.Rows : answer.Lines.FirstOrDefault(l => l.Key == key)?.Parts.Rows ?? 0;
        var seen = (await view.ReadManyAsync([.. page.Select(p => (FactReader.TypeOf(p.Fact.View), p.Fact.Id)).Distinct()], ct)).Where(r => !r.IsDeleted).Select(r => (r.Type, r.Id)).ToHashSet();
        var shown = page.Where(p => seen.Contains((FactReader.TypeOf(p.Fact.View), p.Fact.Id))).ToList();
        var names = (await view.ReadManyAsync([.. shown.Select(p => ("Patient", p.Fact.Patient)).Where(p => p.Patient.Length > 0).Distinct()], ct)).ToDictionary(p => p.Id, Name, StringComparer.Ordinal);
        return new(
            count,
            key is null ? "" : places.Label(key, question.By),
            [.. shown.Select(p => new RecordLine(p.Fact, FactReader.TypeOf(p.Fact.View), p.V / 100m, names.GetValueOrDefault(p.Fact.Patient) ?? "", facilities.Find(p.Fact.Facility)?.Name ?? p.Fact.Facility))],
            page.Count - shown.Count,
            more ? (page[^1].Fact.Day, page[^1].Fact.Facility, page[^1].Fact.Id) : null);
    }

    /// <summary>The first name of a Patient; empty when there is none.</summary>
    internal static string Name(StoredResource patient)
    {
        if (patient.IsDeleted)
        {
            return "";
        }

        using var document = JsonDocument.Parse(patient.Body);
        return document.RootElement.TryGetProperty("name", out var names) && names.ValueKind == JsonValueKind.Array && names.GetArrayLength() > 0 && names[0].TryGetProperty("text", out var text) ? text.GetString() ?? "" : "";
    }
}
