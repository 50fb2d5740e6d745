using System.Globalization;
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

/// <summary>The editor of succession events: fill in, look at the affected totals, enter. Nothing is written before that.</summary>
internal static class SuccessionPages
{
    public const int ArmRows = 6;
    public const int UnitRows = 3;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/successions/new", New).WithName("reg-succession-new").RequireAuthorization(Policies.EditRegistry);
        routes.MapPost("/successions", Post).WithName("reg-succession").RequireAuthorization(Policies.EditRegistry);
    }

    internal static async Task<IResult> New(UnitRegistry units, RegistryBooks books, CancellationToken ct) =>
        await PageAsync(units, books, new Dictionary<string, string> { ["date"] = UnitQuery.Iso(books.Today().AddDays(1)) }, [], null, ct);

    /// <summary>action=preview shows what would become of the totals; action=apply enters the event.</summary>
    internal static async Task<IResult> Post(UnitRegistry units, RegistryBooks books, HttpContext http, CancellationToken ct)
    {
        var form = (await http.Request.ReadFormAsync(ct)).ToDictionary(f => f.Key, f => f.Value.ToString().Trim(), StringComparer.Ordinal);
        await units.SeedAsync(ct);
        var problems = new List<Problem>();
        var state = await books.CurrentAsync(ct);
        var draft = new RegistryDraft(state, long.MaxValue - 2);
        if (ReadPlan(form, SuccessionPlan.Map(draft), problems) is not { } plan)
        {
            return await PageAsync(units, books, form, problems, null, ct);
        }

        problems.AddRange(plan.Check(draft));
        if (problems.Count > 0 || form.GetValueOrDefault("action") != "apply")
        {
            return await PageAsync(units, books, form, problems, problems.Count > 0 ? null : Affected(plan, draft), ct);
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
        return refused ? await PageAsync(units, books, form, plan.Check(new RegistryDraft(await books.CurrentAsync(ct), long.MaxValue - 2)), null, ct)
            : TypedResults.Redirect($"/units/{Uri.EscapeDataString(plan.Tos.First())}?date={UnitQuery.Iso(plan.Date)}");
    }

    /// <summary>Reads the form; units are named by id or code. Null when the date is missing.</summary>
    internal static SuccessionPlan? ReadPlan(IReadOnlyDictionary<string, string> form, UnitMap map, List<Problem> problems)
    {
        string Text(string name) => form.GetValueOrDefault(name) ?? "";
        if (UnitQuery.Day(Text("date")) is not { } date)
        {
            problems.Add(new Problem("date", "Cần ngày có hiệu lực.", "Give the day of effect."));
            return null;
        }

        var born = new List<PlannedUnit>();
        for (var i = 1; i <= UnitRows; i++)
        {
            if (Text($"name{i}").Length > 0)
            {
                var id = Text($"unit{i}") is { Length: > 0 } given ? Id(map, given, date)
                    : Text($"code{i}") is { Length: > 0 } code && map.FactsOf(Merger2025.NewId(code)).Count == 0 ? Merger2025.NewId(code)
                    : string.Create(CultureInfo.InvariantCulture, $"dv-{VietnameseText.Fold(Text($"name{i}")).Replace(' ', '-')}-{date:yyyyMMdd}");
                born.Add(new PlannedUnit(id, Text($"code{i}"), VietnameseText.Compose(Text($"name{i}")), Text($"type{i}")));
            }
        }

        var arms = new List<PlannedArm>();
        for (var i = 1; i <= ArmRows; i++)
        {
            if (Text($"from{i}").Length > 0)
            {
                // "1", "2", "3" name the new units of this form.
                var to = Text($"to{i}") is [var digit] && digit - '1' is >= 0 and var n && n < born.Count ? born[n].Id : Id(map, Text($"to{i}"), date);
                arms.Add(new PlannedArm(Id(map, Text($"from{i}"), date), to, Share(Text($"pop{i}"), $"pop{i}", problems), Share(Text($"area{i}"), $"area{i}", problems)));
            }
        }

        var name = Text("event") is { Length: > 0 } e ? e : VietnameseText.Fold(Text("legal")).Replace(' ', '-').Replace('/', '-') + UnitQuery.Iso(date)[4..];
        return new SuccessionPlan(name, date, Text("legal"), Text("kind"), arms, born);
    }

    internal static IReadOnlyList<AffectedLine> Affected(SuccessionPlan plan, RegistryDraft draft)
    {
        var before = SuccessionPlan.Map(draft);
        plan.State(draft);
        var result = draft.Result();
        var after = new UnitMap(result.Units, result.Successions, long.MaxValue - 1);
        var day = plan.Date.AddDays(-1);
        return [.. plan.Froms.Union(plan.Tos, StringComparer.Ordinal).Select(id =>
        {
            var (was, becomes) = (before.Find(id, day), after.Find(id, plan.Date));
            return new AffectedLine(
                becomes?.Name ?? was?.Name ?? id, before.Measure(id, "population", day), becomes is null ? 0 : after.Measure(id, "population", plan.Date), before.Measure(id, "area", day), becomes is null ? 0 : after.Measure(id, "area", plan.Date),
                Stations(before, id, day), Stations(after, id, plan.Date),
                was?.Code is { } code ? draft.State.Facilities.Subjects.Count(f => FacilityView.Read(draft.State.Facilities, f, day, long.MaxValue - 1)?.CommuneCode == code) : 0,
                was is null ? "born" : becomes is null ? "ends" : "stays");
        })];
    }

    private static int Stations(UnitMap map, string unit, DateOnly date) => map.Children(unit, Hierarchies.Administrative, date).Count(u => u.Level == UnitLevel.Health);

    private static async Task<IResult> PageAsync(UnitRegistry units, RegistryBooks books, IReadOnlyDictionary<string, string> form, IReadOnlyList<Problem> problems, IReadOnlyList<AffectedLine>? affected, CancellationToken ct)
    {
        var map = await units.MapAsync(null, ct);
        var day = UnitQuery.Day(form.GetValueOrDefault("date"))?.AddDays(-1) ?? books.Today();
        return UiModule.Page<SuccessionPage>(new
        {
            Form = form,
            Problems = (IReadOnlyList<string>)[.. problems.Select(p => Texts.IsEnglish ? p.En : p.Vi)],
            Affected = affected,
            Known = (IReadOnlyList<Unit>)[.. map.All(day).Where(u => u.Level is UnitLevel.Commune or UnitLevel.Province)],
        });
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
