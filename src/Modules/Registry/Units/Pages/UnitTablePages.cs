using System.Globalization;
using Mach.Access;
using Mach.Contracts.Registry;
using Mach.Registry.Ledgers;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Registry.Units.Pages;

/// <summary>The total of the same figures by one boundary, to be held against the others.</summary>
public sealed record BoundaryTotal(string By, int Lines, FigureLine Total);

/// <summary>Population, area, stations and facilities of a day by any boundary, as a page and as a file.</summary>
internal static class UnitTablePages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/units/table", Show).WithName("reg-unit-table").RequireAuthorization(Policies.SignedIn);
        routes.MapGet("/units/table.csv", Download).WithName("reg-unit-table-csv").RequireAuthorization(Policies.SignedIn);
    }

    /// <summary>What cannot be read in the address is said on the page (400).</summary>
    internal static async Task<IResult> Show(UnitRegistry units, RegistryBooks books, [AsParameters] FigureAsked asked, CancellationToken ct)
    {
        var problems = new List<Problem>();
        var query = FigureQuery.Read(asked, books.Today(), problems);
        var figures = await FiguresAsync(units, books, query, ct);
        var page = UiModule.Page<UnitTablePage>(new
        {
            Query = query,
            Table = figures.Ask(query.Question),
            Parts = Parts(figures, query),
            Totals = (IReadOnlyList<BoundaryTotal>)[.. new[] { FigureQuery.ByDate }.Concat(Boundary.Names).Select(name => figures.Ask((query with { By = name, Level = "commune" }).Question) is var t ? new BoundaryTotal(name, t.Lines.Count, t.Total) : null!)],
            Problems = (IReadOnlyDictionary<string, string>)problems.ToDictionary(p => p.Where, p => Texts.IsEnglish ? p.En : p.Vi),
        });
        page.StatusCode = problems.Count > 0 ? StatusCodes.Status400BadRequest : null;
        return page;
    }

    /// <summary>
    /// The same table as a CSV file: what is estimated stands in columns of its own; the last lines are what belongs nowhere and the total. With another boundary beside it, the parts follow
    /// their line, and a last column names the line that they are parts of.
    /// </summary>
    internal static async Task<IResult> Download(UnitRegistry units, RegistryBooks books, [AsParameters] FigureAsked asked, CancellationToken ct)
    {
        var problems = new List<Problem>();
        var query = FigureQuery.Read(asked, books.Today(), problems);
        if (problems.Count > 0)
        {
            return TypedResults.ValidationProblem(problems.GroupBy(p => p.Where).ToDictionary(g => g.Key, g => g.Select(p => p.Vi + " / " + p.En).ToArray()));
        }

        var figures = await FiguresAsync(units, books, query, ct);
        var (table, parts, hasParts) = (figures.Ask(query.Question), Parts(figures, query), query.Beside.Length > 0);
        IReadOnlyList<string> Row(FigureLine line, string name, string of) => hasParts ? [.. Cells(line, name), of] : Cells(line, name);
        IReadOnlyList<string> head = ["code", "id", "name", "parent", "population", "population_estimated", "area_km2", "area_estimated", "stations", "stations_estimated", "facilities", "facilities_estimated", .. hasParts ? PartOf : []];
        var lines = table.Lines.SelectMany(l => parts[l.Unit!.Id].Select(p => Row(p, p.Unit?.Name ?? Words.T["elsewhere"], l.Unit!.Id)).Prepend(Row(l, l.Unit!.Name, "")))
            .Append(Row(table.Elsewhere, Words.T["elsewhere"], "")).Append(Row(table.Total, Words.T["total"], ""));
        return TypedResults.File(CsvFile.Write([head, .. lines]), CsvFile.ContentType, $"{Words.T["table-file"]}-{UnitQuery.Iso(query.Date)}-{(query.By == FigureQuery.ByDate ? UnitQuery.Iso(query.On) : query.By)}.csv");
    }

    private static readonly string[] PartOf = ["part_of"];

    /// <summary>By id of the line's unit; nothing when no boundary is asked beside.</summary>
    private static ILookup<string, FigureLine> Parts(UnitFigures figures, FigureQuery query) =>
        query.Beside.Length > 0 ? figures.Parts(query.Question, Boundary.Named(query.Beside)) : Enumerable.Empty<FigureLine>().ToLookup(_ => "");

    private static IReadOnlyList<string> Cells(FigureLine line, string name) =>
        [line.Unit?.Code ?? "", line.Unit?.Id ?? "", name, line.Parent, .. new[] { line.Population, line.Area, line.Stations, line.Facilities }.SelectMany(f => (string[])[Number(f.Amount), Number(f.Estimated)])];

    private static string Number(decimal amount) => amount.ToString("0.######", CultureInfo.InvariantCulture);

    private static async Task<UnitFigures> FiguresAsync(UnitRegistry units, RegistryBooks books, FigureQuery query, CancellationToken ct)
    {
        var map = await units.MapAsync(query.KnownAt, ct);
        return new UnitFigures(map, (await books.CurrentAsync(ct)).Facilities, query.KnownAt is { } at ? RegistryBooks.Us(at) : long.MaxValue - 1);
    }
}
