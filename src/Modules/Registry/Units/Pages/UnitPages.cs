using System.Globalization;
using Mach.Access;
using Mach.Contracts.Registry;
using Mach.Kernel;
using Mach.Registry.Forms;
using Mach.Registry.Ledgers;
using Mach.Registry.Units.Map;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Registry.Units.Pages;

/// <summary>One line of the list of units.</summary>
/// <param name="Below">Units below it in the hierarchy that is shown.</param>
public sealed record UnitRow(Unit Unit, string Parent, string Former, decimal? Population, decimal? Area, int Stations, int Below)
{
    /// <summary>People per km².</summary>
    public decimal? Density => Population is { } people && Area > 0 ? decimal.Round(people / Area.Value) : null;
}

/// <summary>A fact of a unit with the changes that stated and closed it.</summary>
public sealed record HistoryLine(string Aspect, string Value, DateOnly From, DateOnly To, Change? Opened, Change? Closed);

/// <summary>A unit before or after another in a succession.</summary>
public sealed record SuccessionLine(string Event, DateOnly Date, string LegalRef, string Kind, Unit? Other, string OtherId, decimal? Share, bool Becomes);

/// <summary>Browses the units of a day on map and list, shows one with its history, and lets officers correct it.</summary>
internal static class UnitPages
{
    private const int MostRows = 700;
    /// <summary>More found units than this are not marked on the map: nearly all of it would be.</summary>
    private const int MostMarked = 100;

    /// <summary>What the browser of units is asked; see <see cref="UnitBrowse"/>.</summary>
    public sealed record ListParameters(string? Q, string? Level, string? Date, int? Month, string? Known, string? H, string? Under, string? Colour);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/units", List).WithName("reg-units").RequireAuthorization(Policies.SignedIn);
        routes.MapGet("/units/{id}", Show).WithName("reg-unit").RequireAuthorization(Policies.SignedIn);
        routes.MapPost("/units/{id}", Correct).WithName("reg-correct-unit").RequireAuthorization(Policies.EditRegistry);
    }

    internal static async Task<IResult> List(UnitRegistry units, RegistryBooks books, HttpContext http, [AsParameters] ListParameters asked, CancellationToken ct)
    {
        var query = UnitQuery.Read(asked.Date, asked.Month, asked.Known, books.Today());
        var browse = UnitBrowse.Read(query, asked.Q, asked.Level, asked.H, asked.Under, asked.Colour);
        var map = await units.MapAsync(query.KnownAt, ct);
        var words = VietnameseText.Fold(browse.Text).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var all = map.All(query.Date);
        var candidates = browse switch
        {
            { Hierarchy.Length: 0 } => all.Where(u => u.Level == browse.Wanted),
            { Under: { } under } => map.Children(under, browse.Hierarchy, query.Date),
            _ => map.Roots(browse.Hierarchy, query.Date),
        };
        var found = candidates.Where(u => Has(u, words)).ToList();
        var (pieces, height) = MapShapes.Draw(map, query.Date);
        var mapDay = query.Date >= UnitMap.Merger ? query.Date : UnitMap.Merger;
        var marks = (words.Length > 0 || browse.Under is not null) && !found.Exists(u => u.Level is UnitLevel.Province or UnitLevel.District or UnitLevel.Insurance);
        return UiModule.Page<UnitListPage>(new
        {
            Rows = (IReadOnlyList<UnitRow>)[.. found.Take(MostRows).Select(u => Row(map, u, query.Date, browse.Hierarchy))],
            Counts = (IReadOnlyDictionary<UnitLevel, int>)all.CountBy(u => u.Level).ToDictionary(),
            Total = found.Count,
            Pieces = pieces,
            Height = height,
            Marked = (IReadOnlySet<string>)(marks && found.Count < MostMarked ? found.SelectMany(u => map.Place(u.Id, query.Date, Boundary.AsOf(mapDay)).Select(c => c.To)).ToHashSet() : []),
            Colours = MapColours.Of(map, pieces, browse.Colour, mapDay),
            Browse = browse,
            Path = (IReadOnlyList<Unit>)(browse.Under is { } at && map.FindOrBygone(at, query.Date) is { } here ? [.. map.Ancestors(at, browse.Hierarchy, query.Date).Reverse(), here] : []),
            LastMonth = UnitQuery.Read(null, null, null, books.Today()).Month,
            MayEdit = http.User.MayEditRegistry(),
        });
    }

    internal static async Task<IResult> Show(UnitRegistry units, RegistryBooks books, HttpContext http, string id, string? date, int? month, string? known, long? blocked, CancellationToken ct) =>
        await PageAsync(units, books, http, id, UnitQuery.Read(date, month, known, books.Today()), FormText.Empty, blocked, ct);

    private static async Task<IResult> PageAsync(UnitRegistry units, RegistryBooks books, HttpContext http, string id, UnitQuery query, FormText form, long? blocked, CancellationToken ct)
    {
        var map = await units.MapAsync(query.KnownAt, ct);
        if (map.FactsOf(id).Count == 0)
        {
            return TypedResults.NotFound();
        }

        if (id.StartsWith("cskcb-", StringComparison.Ordinal) && map.FactsOf(id).FirstOrDefault(f => f.Aspect == Aspects.Exists) is { Value: var code })
        {
            return TypedResults.Redirect($"/facilities/{Uri.EscapeDataString(code)}?date={UnitQuery.Iso(query.Date)}");
        }

        var lives = map.FactsOf(id).Where(f => f.Aspect == Aspects.Exists).ToList();
        var shown = lives.Exists(f => f.Holds(query.Date)) ? query.Date : lives[^1].To <= query.Date ? lives[^1].To.AddDays(-1) : lives[0].From;
        var state = await books.CurrentAsync(ct);
        var facts = state.Units.Of(id);
        var changes = await books.ChangesAsync(facts.SelectMany(f => (long[])[f.OpenedBy, f.ClosedBy ?? f.OpenedBy]), ct);
        var unit = map.Find(id, shown)!;
        var compared = unit.Level == UnitLevel.Commune ? Beside(map, id, shown) : null;
        var figures = new UnitFigures(map, state.Facilities, query.KnownAt is { } at ? RegistryBooks.Us(at) : long.MaxValue - 1);
        var question = new FigureQuestion(shown, Boundary.AsOf(shown));
        var page = UiModule.Page<UnitPage>(new
        {
            Unit = unit,
            IsThere = shown == query.Date,
            Row = Row(map, unit, shown),
            Parents = (IReadOnlyDictionary<string, IReadOnlyList<Unit>>)Hierarchies.All.ToDictionary(h => h, h => map.Ancestors(id, h, shown)),
            Children = (IReadOnlyDictionary<string, IReadOnlyList<Unit>>)Hierarchies.All.ToDictionary(h => h, h => map.Children(id, h, shown)),
            Successions = (IReadOnlyList<SuccessionLine>)[.. map.Successions.Where(s => s.From == id || s.To == id).Select(s => Line(map, s, id))],
            History = (IReadOnlyList<HistoryLine>)[.. facts.OrderByDescending(f => f.OpenedBy).ThenBy(f => f.Aspect, StringComparer.Ordinal).ThenBy(f => f.From)
                .Select(f => new HistoryLine(f.Aspect, f.Value.Length > 80 ? f.Value[..80] + "…" : f.Value, f.From, f.To, changes.GetValueOrDefault(f.OpenedBy), f.ClosedBy is { } c ? changes.GetValueOrDefault(c) : null))],
            ComparedWith = compared,
            Figures = compared is null ? null : figures.Ask(question).Lines.FirstOrDefault(l => l.Unit!.Id == id),
            Parts = (IReadOnlyList<FigureLine>)[.. compared is { } other ? figures.Parts(question, Boundary.AsOf(other))[id] : []],
            Query = query,
            // A fresh form offers what the unit is called; a refused one keeps what was typed.
            Form = form.Values.Count > 0 ? form : form with { Values = new Dictionary<string, string> { ["value"] = unit.Name, ["from"] = UnitQuery.Iso(query.Date) } },
            Blocked = blocked,
            Seen = state.Number,
            MayEdit = http.User.MayEditRegistry(),
        });
        page.StatusCode = form.IsGood ? null : form.Problems.ContainsKey("") ? StatusCodes.Status409Conflict : StatusCodes.Status400BadRequest;
        return page;
    }

    /// <summary>A correction of name, code or a measure since a day, with the reason. The field seen is the last change that the sent page showed: a later one of the same aspect is told, and nothing is written.</summary>
    internal static async Task<IResult> Correct(UnitRegistry units, RegistryBooks books, HttpContext http, string id, CancellationToken ct)
    {
        var form = await FormText.ReadAsync(http, ct);
        var map = await units.MapAsync(null, ct);
        if (map.FactsOf(id).Count == 0)
        {
            return TypedResults.NotFound();
        }

        var problems = new List<Problem>();
        if (UnitCorrection.Read(form, id, map, problems) is not { } correction)
        {
            return await PageAsync(units, books, http, id, new UnitQuery(UnitQuery.Day(form["from"]) ?? books.Today(), null), form.With(problems), null, ct);
        }

        var seen = long.TryParse(form["seen"], CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue;
        Fact? between = null;
        await books.ChangeAsync(
            new ChangeNote("edit", http.User.AccountName(), form["why"], "unit:" + id),
            draft =>
            {
                between = correction.ChangedSince(draft.State.Units, seen);
                if (between is null)
                {
                    correction.State(draft);
                }
            },
            ct);
        return between is null ? TypedResults.Redirect($"/units/{Uri.EscapeDataString(id)}?date={UnitQuery.Iso(correction.From)}")
            : await PageAsync(units, books, http, id, new UnitQuery(correction.From, null), form.With([await Disagreement.OfAsync(books, Ledger.LastChange(between), Changes.AspectWords.Of(between.Aspect), ct)]), null, ct);
    }

    /// <summary>The map that a unit is held against: the one that it came from, else the one that it goes into; null when nothing happens to it.</summary>
    private static DateOnly? Beside(UnitMap map, string id, DateOnly shown) =>
        map.Successions.Where(s => s.To == id && s.Date <= shown).Select(s => (DateOnly?)s.Date.AddDays(-1)).LastOrDefault()
        ?? map.Successions.Where(s => s.From == id && s.Date > shown).Select(s => (DateOnly?)s.Date).FirstOrDefault();

    private static bool Has(Unit unit, string[] words)
    {
        var name = " " + VietnameseText.Fold(unit.Name) + " " + unit.Code;
        return Array.TrueForAll(words, w => name.Contains(" " + w, StringComparison.Ordinal));
    }

    private static UnitRow Row(UnitMap map, Unit unit, DateOnly date, string hierarchy = "") => new(
        unit,
        map.Ancestors(unit.Id, hierarchy.Length > 0 ? hierarchy : unit.Level == UnitLevel.Health ? Hierarchies.HealthNetwork : unit.Level == UnitLevel.Insurance ? Hierarchies.Insurance : Hierarchies.Administrative, date) is [var parent, ..] ? parent.Name : "",
        map.Ancestors(unit.Id, Hierarchies.FormerProvince, date) is [var former, ..] ? former.Name : "",
        map.Measure(unit.Id, "population", date),
        map.Measure(unit.Id, "area", date),
        map.Children(unit.Id, Hierarchies.Administrative, date).Count(u => u.Level == UnitLevel.Health),
        hierarchy.Length > 0 ? map.Children(unit.Id, hierarchy, date).Count : 0);

    private static SuccessionLine Line(UnitMap map, Succession s, string id)
    {
        var becomes = s.From == id;
        var other = becomes ? s.To : s.From;
        return new SuccessionLine(s.Event, s.Date, s.LegalRef, s.Kind, map.Find(other, becomes ? s.Date : s.Date.AddDays(-1)), other, s.SharePop, becomes);
    }
}
