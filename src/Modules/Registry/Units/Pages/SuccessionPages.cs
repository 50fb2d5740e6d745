using System.Globalization;
using Mach.Access.Web;
using Mach.Access;
using Mach.Contracts.Registry;
using Mach.Kernel;
using Mach.Registry.Facilities;
using Mach.Registry.Ledgers;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Registry.Units.Pages;

/// <summary>What a unit of a planned event has before and after it.</summary>
public sealed record AffectedLine(string Name, decimal? PopulationBefore, decimal? PopulationAfter, decimal? AreaBefore, decimal? AreaAfter, int StationsBefore, int StationsAfter, int FacilitiesBefore, string Fate);

/// <summary>What an event would change: by unit, and the same figures of the day before by the units of that day and of the day of effect.</summary>
public sealed record SuccessionPreview(IReadOnlyList<AffectedLine> Lines, IReadOnlyList<FigureLine> Old, IReadOnlyList<FigureLine> New);

/// <summary>A plan with the rows of the form that its parts were typed in.</summary>
internal sealed record PlanForm(SuccessionPlan Plan, IReadOnlyList<(int Row, PlannedArm Arm)> Arms, IReadOnlyList<(int Row, PlannedUnit Unit)> Units)
{
    /// <summary>The fields of the form that a problem belongs beside.</summary>
    public IEnumerable<string> Fields(Problem problem) => problem.Where switch
    {
        "from" => Arms.Where(a => a.Arm.From == problem.About).Select(a => $"from{a.Row}"),
        "share_pop" => Arms.Where(a => a.Arm.From == problem.About).Select(a => $"pop{a.Row}"),
        "share_area" => Arms.Where(a => a.Arm.From == problem.About).Select(a => $"area{a.Row}"),
        "to" when Arms.Any(a => a.Arm.To == problem.About) => Arms.Where(a => a.Arm.To == problem.About).Select(a => $"to{a.Row}"),
        "to" => Units.Where(u => u.Unit.Id == problem.About).Select(u => $"unit{u.Row}"),
        "name" or "type" or "code" => Units.Where(u => u.Unit.Id == problem.About).Select(u => $"{problem.Where}{u.Row}"),
        "event" => ["legal"],
        "arms" => ["from1"],
        _ => [problem.Where],
    };
}

/// <summary>The editor of succession events: fill in, look at the affected totals, enter. Nothing is written before that.</summary>
internal static class SuccessionPages
{
    /// <summary>Empty rows of a new form; "more" adds as many again, up to <see cref="MostRows"/>.</summary>
    internal const int ArmRows = 6, UnitRows = 3, MostRows = 60;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/successions/new", New).WithName("reg-succession-new").RequireAuthorization(Policies.EditRegistry);
        routes.MapPost("/successions", Post).WithName("reg-succession").RequireAuthorization(Policies.EditRegistry);
    }

    internal static async Task<IResult> New(UnitRegistry units, RegistryBooks books, CancellationToken ct) =>
        await PageAsync(units, books, new Dictionary<string, string> { ["date"] = UnitQuery.Iso(books.Today().AddDays(1)) }, [], null, ct);

    /// <summary>action=more gives the form more rows; action=preview shows what would become of the totals; action=apply enters the event.</summary>
    internal static async Task<IResult> Post(UnitRegistry units, RegistryBooks books, HttpContext http, CancellationToken ct)
    {
        var form = (await http.Request.FormAsync(ct)).ToDictionary(f => f.Key, f => f.Value.ToString().Trim(), StringComparer.Ordinal);
        if (form.GetValueOrDefault("action") == "more")
        {
            return await PageAsync(units, books, form, [], null, ct);
        }

        await units.SeedAsync(ct);
        var problems = new List<Problem>();
        var state = await books.CurrentAsync(ct);
        var draft = new RegistryDraft(state, long.MaxValue - 2);
        if (ReadPlan(form, SuccessionPlan.Map(draft), problems) is not { } read)
        {
            return await PageAsync(units, books, form, problems, null, ct);
        }

        var plan = read.Plan;
        problems.AddRange(plan.Check(draft));
        if (problems.Count > 0 || form.GetValueOrDefault("action") != "apply")
        {
            return await PageAsync(units, books, form, problems, problems.Count > 0 ? null : Preview(plan, draft), ct, read);
        }

        var refused = false;
        await books.ChangeAsync(new ChangeNote("succession", http.User.AccountName(), plan.LegalRef, "event:" + plan.Event), d =>
        {
            // Somebody may have changed a unit since the preview.
            refused = plan.Check(d).Count > 0;
            if (!refused)
            {
                plan.State(d);
            }
        }, ct);
        return refused ? await PageAsync(units, books, form, plan.Check(new RegistryDraft(await books.CurrentAsync(ct), long.MaxValue - 2)), null, ct, read)
            : TypedResults.Redirect($"/units/{Uri.EscapeDataString(plan.Tos.First())}?date={UnitQuery.Iso(plan.Date)}");
    }

    /// <summary>Reads the form; units are named by id or code. Null when the date is missing.</summary>
    internal static PlanForm? ReadPlan(IReadOnlyDictionary<string, string> form, UnitMap map, List<Problem> problems)
    {
        string Text(string name) => form.GetValueOrDefault(name) ?? "";
        if (UnitQuery.Day(Text("date")) is not { } date)
        {
            problems.Add(new Problem("date", "Cần ngày có hiệu lực.", "Give the day of effect."));
            return null;
        }

        var born = new List<(int Row, PlannedUnit Unit)>();
        for (var i = 1; i <= MostRows; i++)
        {
            if (Text($"name{i}").Length > 0)
            {
                var id = Text($"unit{i}") is { Length: > 0 } given ? Id(map, given, date)
                    : Text($"code{i}") is { Length: > 0 } code && map.FactsOf(Merger2025.NewId(code)).Count == 0 ? Merger2025.NewId(code)
                    : string.Create(CultureInfo.InvariantCulture, $"dv-{VietnameseText.Fold(Text($"name{i}")).Replace(' ', '-')}-{date:yyyyMMdd}");
                born.Add((i, new PlannedUnit(id, Text($"code{i}"), VietnameseText.Compose(Text($"name{i}")), Text($"type{i}"))));
            }
        }

        var arms = new List<(int Row, PlannedArm Arm)>();
        for (var i = 1; i <= MostRows; i++)
        {
            if (Text($"from{i}").Length > 0)
            {
                // "1", "2", "3" name the new units of this form by their rows.
                var to = born.Find(b => b.Row.ToString(CultureInfo.InvariantCulture) == Text($"to{i}")).Unit?.Id ?? Id(map, Text($"to{i}"), date);
                arms.Add((i, new PlannedArm(Id(map, Text($"from{i}"), date), to, Share(Text($"pop{i}"), $"pop{i}", problems), Share(Text($"area{i}"), $"area{i}", problems))));
            }
        }

        var name = Text("event") is { Length: > 0 } e ? e : VietnameseText.Fold(Text("legal")).Replace(' ', '-').Replace('/', '-') + UnitQuery.Iso(date)[4..];
        return new PlanForm(new SuccessionPlan(name, date, Text("legal"), Text("kind"), arms.ConvertAll(a => a.Arm), born.ConvertAll(b => b.Unit)), arms, born);
    }

    internal static SuccessionPreview Preview(SuccessionPlan plan, RegistryDraft draft)
    {
        var before = SuccessionPlan.Map(draft);
        plan.State(draft);
        var result = draft.Result();
        var after = new UnitMap(result.Units, result.Successions, long.MaxValue - 1);
        var day = plan.Date.AddDays(-1);
        var touched = plan.Froms.Union(plan.Tos, StringComparer.Ordinal).ToList();
        IReadOnlyList<FigureLine> Figures(DateOnly boundary) => [.. new UnitFigures(after, draft.State.Facilities, long.MaxValue - 1).Ask(new FigureQuestion(day, Boundary.AsOf(boundary))).Lines.Where(l => touched.Contains(l.Unit!.Id))];
        return new SuccessionPreview([.. touched.Select(id =>
        {
            var (was, becomes) = (before.Find(id, day), after.Find(id, plan.Date));
            return new AffectedLine(
                becomes?.Name ?? was?.Name ?? id, before.Measure(id, "population", day), becomes is null ? 0 : after.Measure(id, "population", plan.Date), before.Measure(id, "area", day), becomes is null ? 0 : after.Measure(id, "area", plan.Date),
                Stations(before, id, day), Stations(after, id, plan.Date),
                was?.Code is { } code ? draft.State.Facilities.Subjects.Count(f => FacilityView.Read(draft.State.Facilities, f, day, long.MaxValue - 1)?.CommuneCode == code) : 0,
                was is null ? "born" : becomes is null ? "ends" : "stays");
        })], Figures(day), Figures(plan.Date));
    }

    private static int Stations(UnitMap map, string unit, DateOnly date) => map.Children(unit, Hierarchies.Administrative, date).Count(u => u.Level == UnitLevel.Health);

    private static async Task<IResult> PageAsync(UnitRegistry units, RegistryBooks books, IReadOnlyDictionary<string, string> form, IReadOnlyList<Problem> problems, SuccessionPreview? preview, CancellationToken ct, PlanForm? read = null)
    {
        var map = await units.MapAsync(null, ct);
        var day = UnitQuery.Day(form.GetValueOrDefault("date"))?.AddDays(-1) ?? books.Today();
        return UiModule.Page<SuccessionPage>(new
        {
            Form = form,
            Problems = (IReadOnlyList<string>)[.. problems.Select(p => Texts.IsEnglish ? p.En : p.Vi)],
            FieldProblems = (IReadOnlyDictionary<string, string>)problems.SelectMany(p => (read?.Fields(p) ?? [p.Where]).Select(field => (field, Text: Texts.IsEnglish ? p.En : p.Vi)))
                .GroupBy(p => p.field, StringComparer.Ordinal).ToDictionary(g => g.Key, g => string.Join(" ", g.Select(p => p.Text).Distinct()), StringComparer.Ordinal),
            Preview = preview,
            ArmRows = Rows(form, ArmRows, "from", "to"),
            UnitRows = Rows(form, UnitRows, "unit", "code", "name"),
            Known = (IReadOnlyList<Unit>)[.. map.All(day).Where(u => u.Level is UnitLevel.Commune or UnitLevel.Province)],
        });
    }

    /// <summary>As many rows as are filled, and some more when they are asked for.</summary>
    private static int Rows(IReadOnlyDictionary<string, string> form, int fewest, params string[] fields)
    {
        var filled = Enumerable.Range(1, MostRows).LastOrDefault(i => fields.Any(f => form.GetValueOrDefault(f + i.ToString(CultureInfo.InvariantCulture)) is not null));
        return Math.Min(MostRows, Math.Max(filled, fewest) + (form.GetValueOrDefault("action") == "more" ? fewest : 0));
    }

    private static string Id(UnitMap map, string given, DateOnly date) => map.FactsOf(given).Count > 0 ? given : map.FindByCode(given, date.AddDays(-1))?.Id ?? map.FindByCode(given, date)?.Id ?? given;

    private static decimal? Share(string text, string where, List<Problem> problems)
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (decimal.TryParse(text.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share))
        {
            return share;
        }

        problems.Add(new Problem(where, $"'{text}' không phải tỷ lệ như 0,7.", $"'{text}' is no share such as 0.7."));
        return null;
    }
}
