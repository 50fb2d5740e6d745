using System.Globalization;
using Mach.Contracts.Registry;
using Mach.Registry.Ledgers;

namespace Mach.Registry.Units;

/// <summary>One arm of a planned event. Shares above 0 to 1; null = not published.</summary>
internal sealed record PlannedArm(string From, string To, decimal? SharePop, decimal? ShareArea);

/// <summary>A unit as it is to be from the day of the event: a new one, or an old one with another name, type or code.</summary>
internal sealed record PlannedUnit(string Id, string Code, string Name, string Type);

/// <summary>Something wrong with a plan or a file, in both languages.</summary>
/// <param name="Where">What it is about: a field of a form, or row and column of a file; may be empty.</param>
/// <param name="About">The unit whose field it is, where a form has several.</param>
internal sealed record Problem(string Where, string Vi, string En, string? About = null);

/// <summary>
/// A succession event before it is entered. A source that is no target ends; a target that is not there yet is born under the parents of its first source;
/// what hung under an ended unit hangs under the successor with the largest share.
/// </summary>
internal sealed record SuccessionPlan(string Event, DateOnly Date, string LegalRef, string Kind, IReadOnlyList<PlannedArm> Arms, IReadOnlyList<PlannedUnit> Units)
{
    /// <summary>Source of measures that follow from shares.</summary>
    public const string Derived = "theo-ke-thua";

    private static readonly string[] Measures = ["population", "area"];

    public IEnumerable<string> Froms => Arms.Select(a => a.From).Distinct(StringComparer.Ordinal);

    public IEnumerable<string> Tos => Arms.Select(a => a.To).Distinct(StringComparer.Ordinal);

    public IEnumerable<string> Ends => Froms.Except(Tos, StringComparer.Ordinal);

    public IEnumerable<PlannedUnit> Births => Units.Where(u => !Froms.Contains(u.Id, StringComparer.Ordinal));

    /// <summary>Everything that keeps the plan from being entered; none = it may be.</summary>
    public IReadOnlyList<Problem> Check(RegistryDraft draft)
    {
        var map = Map(draft);
        var problems = new List<Problem>();
        void Say(string where, string vi, string en, string? about = null) => problems.Add(new Problem(where, vi, en, about));
        if (LegalRef.Trim().Length == 0)
        {
            Say("legal", "Cần ghi văn bản pháp lý.", "Name the legal act.");
        }

        if (!Succession.Kinds.Contains(Kind))
        {
            Say("kind", $"Loại '{Kind}' không có.", $"There is no kind '{Kind}'.");
        }

        if (draft.State.Successions.Of(Event).Any(f => f.IsOpen))
        {
            Say("event", $"Sự kiện '{Event}' đã có.", $"There is an event '{Event}' already.");
        }

        if (Arms.Count == 0 || Arms.DistinctBy(a => (a.From, a.To)).Count() < Arms.Count)
        {
            Say("arms", "Cần ít nhất một dòng từ đơn vị nào sang đơn vị nào, mỗi cặp một lần.", "Give at least one line from which unit to which, each pair once.");
        }

        foreach (var from in Froms)
        {
            CheckSource(map, from, (where, vi, en) => Say(where, vi, en, from));
        }

        foreach (var to in Tos.Where(t => !Froms.Contains(t, StringComparer.Ordinal)))
        {
            var isBorn = Units.Any(u => u.Id == to);
            if (isBorn == map.FactsOf(to).Any(f => f.Aspect == Aspects.Exists && f.To > Date) || (!isBorn && map.Find(to, Date) is null))
            {
                Say("to", $"Đơn vị nhận '{to}' phải là đơn vị đang có hoặc đơn vị mới có tên và loại.", $"The target '{to}' must be a unit that is there, or a new one with name and type.", to);
            }
        }

        foreach (var unit in Units)
        {
            CheckUnit(map, unit, (where, vi, en) => Say(where, vi, en, unit.Id));
        }

        return problems;
    }

    /// <summary>Puts the event into the ledgers. <see cref="Check"/> must have found nothing.</summary>
    public void State(RegistryDraft draft)
    {
        var map = Map(draft);
        var measures = Tos.SelectMany(to => Measures.Select(what => (to, what, Amount: MeasureAfter(map, to, what)))).ToList();
        var children = Ends.SelectMany(e => Hierarchies.All.SelectMany(h => map.Children(e, h, Date).Select(c => (Child: c.Id, Hierarchy: h, Old: e)))).ToList();
        foreach (var ended in Ends.ToList())
        {
            draft.Units.End(ended, Date);
        }

        foreach (var unit in Units)
        {
            draft.Units.State(Statement.Since(unit.Id, Aspects.Exists, unit.Code, Date));
            draft.Units.State(Statement.Since(unit.Id, Aspects.Name, unit.Name, Date));
            draft.Units.State(Statement.Since(unit.Id, Aspects.Type, unit.Type, Date));
        }

        foreach (var (unit, hierarchy) in Births.SelectMany(b => Hierarchies.All.Select(h => (b, h))))
        {
            var first = Arms.First(a => a.To == unit.Id).From;
            if (map.Fact(first, Aspects.Parent(hierarchy), Date) is { } parent)
            {
                draft.Units.State(Statement.Since(unit.Id, parent.Aspect, parent.Value, Date));
            }
        }

        foreach (var (child, hierarchy, old) in children.Where(c => !Ends.Contains(c.Child, StringComparer.Ordinal)))
        {
            draft.Units.State(Statement.Since(child, Aspects.Parent(hierarchy), Heir(old), Date));
        }

        foreach (var (to, what, amount) in measures.Where(m => m.Amount is not null))
        {
            draft.Units.State(Statement.Since(to, Aspects.Measure(what, Derived), amount!.Value.ToString(CultureInfo.InvariantCulture), Date));
        }

        foreach (var arm in Arms)
        {
            draft.Successions.State(new Succession(Event, Date, LegalRef.Trim(), arm.From, arm.To, Kind, arm.SharePop, arm.ShareArea).ToStatement());
        }
    }

    /// <summary>A measure of a target after the event: its sources' measures times the shares that pass; null when one is not known or the event moves nothing.</summary>
    internal decimal? MeasureAfter(UnitMap map, string unit, string what)
    {
        if (Arms.All(a => a.From == a.To))
        {
            return null;
        }

        var by = what == "population" ? ShareBy.Population : ShareBy.Area;
        var before = Date.AddDays(-1);
        decimal sum = Froms.Contains(unit, StringComparer.Ordinal) ? 0 : map.Measure(unit, what, before) ?? 0;
        foreach (var from in Froms)
        {
            var part = SuccessionChain.Parts(from, [.. ArmsOf(from)], by).FirstOrDefault(p => p.Unit == unit);
            if (part.Unit is not null)
            {
                if (map.Measure(from, what, before) is not { } measure)
                {
                    return null;
                }

                sum += decimal.Round(measure * part.Share, what == "population" ? 0 : 4);
            }
        }

        return sum;
    }

    internal IEnumerable<Succession> ArmsOf(string from) => Arms.Where(a => a.From == from).Select(a => new Succession(Event, Date, LegalRef, a.From, a.To, Kind, a.SharePop, a.ShareArea));

    internal static UnitMap Map(RegistryDraft draft) => new(draft.State.Units, draft.State.Successions, long.MaxValue - 1);

    private string Heir(string ended) => SuccessionChain.Parts(ended, [.. ArmsOf(ended)], ShareBy.Population).MaxBy(p => p.Share).Unit;

    private void CheckSource(UnitMap map, string from, Action<string, string, string> say)
    {
        if (map.Find(from, Date.AddDays(-1)) is null || map.Find(from, Date) is null)
        {
            say("from", $"Đơn vị '{from}' không tồn tại vào ngày {Date:dd/MM/yyyy} và ngày trước đó.", $"The unit '{from}' is not there on {Date:yyyy-MM-dd} and the day before.");
        }

        foreach (var (name, shares) in new[] { ("share_pop", Arms.Where(a => a.From == from).Select(a => a.SharePop).ToList()), ("share_area", Arms.Where(a => a.From == from).Select(a => a.ShareArea).ToList()) })
        {
            var sum = shares.Sum(s => s ?? 0);
            if (shares.Exists(s => s is <= 0 or > 1))
            {
                say(name, $"Tỷ lệ của '{from}' phải lớn hơn 0 và không quá 1.", $"Shares of '{from}' must be above 0 and at most 1.");
            }
            else if (shares.TrueForAll(s => s is not null) ? Math.Abs(sum - 1) > 1e-9m : sum >= 1)
            {
                say(name, $"Các tỷ lệ của '{from}' cộng lại là {sum.ToString(CultureInfo.InvariantCulture)}, phải là 1; phần ở lại ghi là một dòng sang chính đơn vị đó.", $"The shares of '{from}' sum to {sum.ToString(CultureInfo.InvariantCulture)}, not 1; what stays is a line to the unit itself.");
            }
        }
    }

    private void CheckUnit(UnitMap map, PlannedUnit unit, Action<string, string, string> say)
    {
        if (unit.Name.Trim().Length is 0 or > 255)
        {
            say("name", $"Đơn vị '{unit.Id}' cần tên, tối đa 255 ký tự.", $"The unit '{unit.Id}' needs a name of at most 255 characters.");
        }

        if (!Types.Contains(unit.Type))
        {
            say("type", $"Loại đơn vị '{unit.Type}' không có.", $"There is no unit type '{unit.Type}'.");
        }

        if (!Tos.Contains(unit.Id, StringComparer.Ordinal))
        {
            say("to", $"Không dòng nào dẫn đến đơn vị '{unit.Id}'.", $"No line leads to the unit '{unit.Id}'.");
        }

        if (unit.Code.Length > 0 && map.FindByCode(unit.Code, Date) is { } holder && holder.Id != unit.Id && !Ends.Contains(holder.Id, StringComparer.Ordinal))
        {
            say("code", $"Mã {unit.Code} đang là của {holder.Name}.", $"The code {unit.Code} is that of {holder.Name}.");
        }
    }

    public static readonly IReadOnlyList<string> Types = ["province", "city", "town", "district", "ward", "commune", "township", "department", "health-centre", "station", "station-point"];
}
