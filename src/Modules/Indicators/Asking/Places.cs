using System.Globalization;
using Mach.Contracts.Registry;
using Mach.Indicators.Cube;

namespace Mach.Indicators.Asking;

/// <summary>Which line of an answer a sum belongs to, and what the line is called. A commune that was divided since gives each part its share.</summary>
internal sealed class Places(IUnitMap map, IFacilityDirectory facilities, Question question)
{
    private static readonly (string, decimal, bool)[] Whole = [("", 1m, true)];
    private readonly Dictionary<(string Commune, int Month, string Boundary), IReadOnlyList<CrosswalkCell>> _placed = [];

    public IEnumerable<(string Key, decimal Share, bool IsExact)> Of(Sum sum, Grouping by) => by switch
    {
        Grouping.None => Whole,
        Grouping.Month => [(sum.Month.ToString(CultureInfo.InvariantCulture), 1, true)],
        Grouping.Facility => [(sum.Facility, 1, true)],
        Grouping.Tier => [(facilities.Find(sum.Facility)?.Tier ?? "", 1, true)],
        Grouping.Stratum => [(sum.Stratum, 1, true)],
        Grouping.FormerProvince when question.Indicator.Place != "residence" => [(facilities.Find(sum.Facility)?.FormerProvince ?? "", 1, true)],
        Grouping.FormerProvince => Residence(sum, Boundary.Named(Boundary.FormerProvinces)),
        _ => Residence(sum, question.Boundary ?? Boundary.AsOf(question.To)),
    };

    public string Label(string key, Grouping by)
    {
        if (key.Length == 0)
        {
            return Words.T["unknown"];
        }

        return by switch
        {
            Grouping.Month => $"{key[4..]}/{key[..4]}",
            Grouping.Facility => facilities.Find(key)?.Name ?? key,
            Grouping.Tier => Words.T["tier-" + key],
            Grouping.Stratum => Words.T.Find("stratum-" + key) ?? key,
            Grouping.FormerProvince when question.Indicator.Place != "residence" => key,
            _ => NameOf(key),
        };
    }

    /// <summary>People by the keys of a grouping; for those that people can be told apart by. Of the day that the question ends on, or the first that has any.</summary>
    public Dictionary<string, decimal> Population(Grouping by)
    {
        if (by is not (Grouping.None or Grouping.Commune or Grouping.FormerProvince) || question.Facilities is not null)
        {
            return [];
        }

        var day = question.To;
        var communes = map.All(day).Where(u => u.Level == UnitLevel.Commune).Select(u => (u.Id, People: map.Measure(u.Id, "population", day))).Where(u => u.People is not null).ToList();
        if (communes.Count == 0)
        {
            return [];
        }

        if (by == Grouping.None)
        {
            return new(StringComparer.Ordinal) { [""] = communes.Sum(c => c.People!.Value) };
        }

        var boundary = by == Grouping.FormerProvince ? Boundary.Named(Boundary.FormerProvinces) : question.Boundary ?? Boundary.AsOf(day);
        var table = map.Regroup(communes.Select(c => new UnitAmount(c.Id, day, c.People!.Value)), boundary is Boundary.AtEventBoundary ? Boundary.AsOf(day) : boundary);
        return table.Lines.ToDictionary(l => l.Unit, l => l.Amount, StringComparer.Ordinal);
    }

    private IEnumerable<(string, decimal, bool)> Residence(Sum sum, Boundary boundary)
    {
        if (sum.Commune.Length == 0)
        {
            return Whole;
        }

        var key = (sum.Commune, sum.Month, boundary.ToString()!);
        if (!_placed.TryGetValue(key, out var cells))
        {
            _placed[key] = cells = Place(sum.Commune, Spans.FirstOf(sum.Month), boundary);
        }

        return cells.Count == 0 ? Whole : cells.Select(c => (c.To, c.Share, cells.Count == 1));
    }

    /// <summary>The commune of a code as it was in the month; a code that was not valid then is taken as of its nearest life.</summary>
    private IReadOnlyList<CrosswalkCell> Place(string commune, DateOnly month, Boundary boundary)
    {
        foreach (var day in (DateOnly[])[month, question.To, new(2025, 6, 30), new(2025, 7, 1)])
        {
            if (map.FindByCode(commune, day) is { } unit)
            {
                return map.Place(unit.Id, boundary is Boundary.AtEventBoundary ? day : day < month ? day : month < unit.From ? unit.From : month, boundary);
            }
        }

        return [];
    }

    private string NameOf(string unit)
    {
        foreach (var day in (DateOnly[])[question.To, new(2025, 6, 30), new(2025, 7, 1)])
        {
            if (map.Find(unit, day) is { } found)
            {
                return found.Name;
            }
        }

        return unit;
    }
}
