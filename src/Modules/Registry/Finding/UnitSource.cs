using Mach.Contracts.Registry;
using Mach.Kernel;
using Mach.Registry.Ledgers;
using Mach.Registry.Units;
using Mach.Ui.Finding;

namespace Mach.Registry.Finding;

/// <summary>Units and facilities of today in the search over everything: by their words, initials or code.</summary>
internal sealed class UnitSource(UnitRegistry units, RegistryBooks books) : ISearchSource
{
    private static NamesOfDay? _kept;

    public int Place => 30;

    public async ValueTask<SearchGroup?> FindAsync(SearchAsked asked, CancellationToken ct)
    {
        var words = new SearchWords(asked.Text);
        if (words.IsEmpty)
        {
            return null;
        }

        var (map, today) = (await units.MapAsync(null, ct), books.Today());
        var found = Names(map, today).Select(n => (n.Unit, n.Folded, Rank: string.Equals(n.Unit.Code, asked.Text, StringComparison.OrdinalIgnoreCase) ? 9 : Math.Max(words.Rank(n.Folded), words.Rank(n.Bare))))
            .Where(n => n.Rank > 0).OrderByDescending(n => n.Rank).ThenBy(n => n.Folded.Length).ThenBy(n => n.Unit.Id, StringComparer.Ordinal).Take(SearchAsked.Shown + 1).ToList();
        return found.Count == 0 ? null : new SearchGroup(Words.T["find-units"], [.. found.Take(SearchAsked.Shown).Select(n => Hit(map, n.Unit, today))])
        {
            Page = found.TrueForAll(n => n.Unit.Level == UnitLevel.Facility) ? "/facilities?q=" + Uri.EscapeDataString(asked.Text) : "/units?q=" + Uri.EscapeDataString(asked.Text),
            HasMore = found.Count > SearchAsked.Shown,
        };
    }

    private static SearchHit Hit(UnitMap map, Unit unit, DateOnly today)
    {
        var hierarchy = unit.Level switch { UnitLevel.Health => Hierarchies.HealthNetwork, UnitLevel.Insurance => Hierarchies.Insurance, _ => Hierarchies.Administrative };
        return new SearchHit(unit is { Level: UnitLevel.Facility, Code: { } code } ? "/facilities/" + Uri.EscapeDataString(code) : "/units/" + Uri.EscapeDataString(unit.Id), unit.Name)
        {
            Code = unit.Code,
            Under = map.Ancestors(unit.Id, hierarchy, today) is [var above, ..] ? $"{Words.T["type-" + unit.Type]} · {above.Name}" : Words.T["type-" + unit.Type],
        };
    }

    /// <summary>Folding some thousand names takes longer than looking through them: it is done once for a map and a day.</summary>
    private static IReadOnlyList<(Unit Unit, string Folded, string Bare)> Names(UnitMap map, DateOnly today)
    {
        var kept = _kept;
        if (kept is null || kept.Map != map || kept.Day != today)
        {
            _kept = kept = new NamesOfDay(map, today, [.. map.All(today).Select(u => (u, VietnameseText.Fold(u.Name))).Select(n => (n.u, n.Item2, Bare(n.Item2)))]);
        }

        return kept.Names;
    }

    /// <summary>The name without its type: nobody types "phường" first.</summary>
    private static string Bare(string folded)
    {
        foreach (var type in new[] { "phuong ", "xa ", "thi tran ", "tram y te ", "benh vien " })
        {
            if (folded.StartsWith(type, StringComparison.Ordinal))
            {
                return folded[type.Length..];
            }
        }

        return folded;
    }

    private sealed record NamesOfDay(UnitMap Map, DateOnly Day, IReadOnlyList<(Unit Unit, string Folded, string Bare)> Names);
}
