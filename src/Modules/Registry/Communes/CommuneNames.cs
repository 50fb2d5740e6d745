using Mach.Contracts.Registry;
using Mach.Kernel;
using Mach.Registry.Units;

namespace Mach.Registry.Communes;

/// <summary>All names that communes have and had by one state of the register, each with the present communes that took the unit up. Immutable.</summary>
internal sealed class CommuneNames : ICommuneHistory
{
    private static readonly (string Short, string Whole)[] Types =
    [
        ("p.", "phuong "), ("x.", "xa "), ("tt.", "thi tran "), ("tp.", "thanh pho "), ("tx.", "thi xa "), ("h.", "huyen "), ("t.", "tinh "), ("tp ", "thanh pho "), ("tx ", "thi xa "), ("tt ", "thi tran "),
    ];

    private static readonly string[] Wholes = ["tinh ", "huyen ", "thanh pho ", "thi xa ", "xa ", "phuong "];

    private readonly Dictionary<string, HashSet<string>> _byCode = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _byNameAndDistrict = new(StringComparer.Ordinal);
    private readonly HashSet<string> _present = new(StringComparer.Ordinal);
    private readonly List<Entry> _entries = [];

    /// <param name="today">The day whose communes are the present ones.</param>
    public CommuneNames(UnitMap map, DateOnly today)
    {
        foreach (var id in map.Ids)
        {
            foreach (var day in Days(map, id, today))
            {
                if (map.Find(id, day) is { Level: UnitLevel.Commune } unit)
                {
                    Add(map, unit, day, today);
                }
            }
        }

        _entries = [.. _entries.DistinctBy(e => (e.Suggestion.Code, e.Suggestion.FormerName)).OrderBy(e => e.Suggestion.FormerName is not null).ThenBy(e => e.Folded, StringComparer.Ordinal).ThenBy(e => e.Suggestion.Code, StringComparer.Ordinal)];
    }

    public string? Today(string? code, string? address)
    {
        var parts = Parts(address).Select(Key).ToArray();
        // The code of a unit that lives on under it may be an old one's too: its name in the address decides.
        if (Written(parts) is { } written)
        {
            return written;
        }

        return code?.Trim() is not { } typed ? null : _present.Contains(typed) ? typed : One(_byCode, typed);
    }

    public string Place(string? address)
    {
        var small = Parts(address).TakeWhile(part => !_byName.ContainsKey(Key(part)) && !IsAbove(part)).Select(part => VietnameseText.Fold(part));
        return string.Join(' ', small);
    }

    public IReadOnlyList<CommuneSuggestion> Suggest(string text, int count)
    {
        var typed = Key(text);
        var words = typed.Split(' ', ',').Where(w => w.Length > 0).ToArray();
        if (words.Length == 0)
        {
            return [];
        }

        return [.. _entries.Select(e => (Entry: e, Rank: e.Rank(typed, words))).Where(e => e.Rank > 0).OrderByDescending(e => e.Rank)
            .Select(e => e.Entry.Suggestion).DistinctBy(s => s.Code).Take(count)];
    }

    public ValueTask RefreshAsync(CancellationToken ct) => ValueTask.CompletedTask;

    private void Add(UnitMap map, Unit unit, DateOnly day, DateOnly today)
    {
        var district = map.Ancestors(unit.Id, Hierarchies.Administrative, day).FirstOrDefault(u => u.Level == UnitLevel.District);
        foreach (var cell in map.Place(unit.Id, day, Boundary.AsOf(today)))
        {
            if (map.Find(cell.To, today) is not { Code: { } code } present)
            {
                continue;
            }

            _present.Add(code);
            Add(_byName, Key(unit.Name), code);
            if (unit.Code is { } past)
            {
                Add(_byCode, past, code);
            }

            if (district is not null)
            {
                Add(_byNameAndDistrict, Key(unit.Name) + "|" + Key(district.Name), code);
            }

            var former = map.Ancestors(present.Id, Hierarchies.FormerProvince, today) is [var province, ..] ? province.Name : "";
            var bygone = unit.Name == present.Name && unit.Id == present.Id ? null : unit.Name + (district is null ? "" : ", " + district.Name);
            _entries.Add(new Entry(new CommuneSuggestion(code, present.Name, former, bygone), Key(unit.Name), district is null ? "" : Key(district.Name)));
        }
    }

    /// <summary>A day of each period in which name, type or parent of a unit were one, up to today.</summary>
    private static IEnumerable<DateOnly> Days(UnitMap map, string id, DateOnly today) =>
        map.FactsOf(id).Where(f => f.From <= today && (f.Aspect is Aspects.Exists or Aspects.Name or Aspects.Type || f.Aspect == Aspects.Parent(Hierarchies.Administrative)))
            .Select(f => f.To > today ? today : f.To.AddDays(-1)).Distinct();

    private string? Written(string[] parts)
    {
        for (var i = parts.Length - 1; i >= 0; i--)
        {
            if ((i + 1 < parts.Length ? One(_byNameAndDistrict, parts[i] + "|" + parts[i + 1]) : null) is { } exact)
            {
                return exact;
            }

            if (One(_byName, parts[i]) is { } named)
            {
                return named;
            }
        }

        return null;
    }

    private static string? One(Dictionary<string, HashSet<string>> from, string key) => from.TryGetValue(key, out var codes) && codes.Count == 1 ? codes.First() : null;

    private static void Add(Dictionary<string, HashSet<string>> to, string key, string code) =>
        (to.TryGetValue(key, out var codes) ? codes : to[key] = new(StringComparer.Ordinal)).Add(code);

    private static string[] Parts(string? address) => (address ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool IsAbove(string part) => VietnameseText.Fold(part) is var folded && Wholes.Any(w => folded.StartsWith(w, StringComparison.Ordinal));

    /// <summary>The name of a unit without its marks; its type counts, in its short forms too ("P. Thanh Miếu").</summary>
    private static string Key(string name)
    {
        var folded = VietnameseText.Fold(name).Replace(". ", ".", StringComparison.Ordinal);
        foreach (var (abbreviated, whole) in Types)
        {
            if (folded.StartsWith(abbreviated, StringComparison.Ordinal))
            {
                return whole + folded[abbreviated.Length..].Trim();
            }
        }

        return folded;
    }

    /// <param name="Folded">The name with its type.</param>
    /// <param name="District">Folded; empty when there is none.</param>
    private sealed record Entry(CommuneSuggestion Suggestion, string Folded, string District)
    {
        private readonly string[] _all = [.. Folded.Split(' '), .. District.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        private readonly string _bare = Bare(Folded);
        private readonly string _initials = string.Concat(Bare(Folded).Split(' ').Select(w => w[0]));

        /// <summary>0 = not meant; names of today before earlier ones, the whole name before its beginning, that before words and initials.</summary>
        public int Rank(string typed, string[] words)
        {
            var rank = Suggestion.Code == typed ? 9
                : _bare == typed || Folded == typed ? 8
                : _bare.StartsWith(typed, StringComparison.Ordinal) || Folded.StartsWith(typed, StringComparison.Ordinal) ? 6
                : words.All(word => _all.Any(w => w.StartsWith(word, StringComparison.Ordinal))) ? 4
                : words.Length == 1 && typed.Length > 1 && _initials.StartsWith(typed, StringComparison.Ordinal) ? 2
                : 0;
            return rank == 0 ? 0 : rank * 2 + (Suggestion.FormerName is null ? 1 : 0);
        }

        private static string Bare(string folded)
        {
            foreach (var type in new[] { "thi tran ", "phuong ", "xa " })
            {
                if (folded.StartsWith(type, StringComparison.Ordinal) && folded.Length > type.Length)
                {
                    return folded[type.Length..];
                }
            }

            return folded;
        }
    }
}
