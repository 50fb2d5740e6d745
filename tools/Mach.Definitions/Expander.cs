using System.Text.Json;
using System.Text.RegularExpressions;
using static Mach.Definitions.SpecificationFiles;

namespace Mach.Definitions;

/// <summary>Writes a value set down code by code, when its definition and the code systems at hand allow it.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/valueset.html#compositions.</remarks>
internal sealed class Expander(IReadOnlyDictionary<string, JsonElement> sets, IReadOnlyDictionary<string, CodeSystemModel> systems)
{
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);

    /// <summary>The codes in the order of the definition; null when they cannot be listed.</summary>
    public IReadOnlyList<MemberModel>? Expand(string url)
    {
        var key = url.Split('|')[0];
        if (!sets.TryGetValue(key, out var set) || !set.TryGetProperty("compose", out var compose) || !_open.Add(key))
        {
            return null;
        }

        try
        {
            var members = new Dictionary<(string, string), MemberModel>();
            foreach (var include in Items(compose, "include"))
            {
                if (Select(include) is not { } some)
                {
                    return null;
                }

                some.ForEach(m => members.TryAdd((m.System, m.Code), m));
            }

            foreach (var exclude in Items(compose, "exclude"))
            {
                if (Select(exclude) is not { } some)
                {
                    return null;
                }

                some.ForEach(m => members.Remove((m.System, m.Code)));
            }

            return [.. members.Values];
        }
        finally
        {
            _open.Remove(key);
        }
    }

    /// <summary>One include or exclude: a system's codes (listed, filtered or all), those of value sets, or what both have in common.</summary>
    private List<MemberModel>? Select(JsonElement part)
    {
        List<MemberModel>? chosen = null;
        if (Text(part, "system") is { } system)
        {
            chosen = OfSystem(system, part);
            if (chosen is null)
            {
                return null;
            }
        }

        foreach (var other in Items(part, "valueSet"))
        {
            if (Expand(other.GetString()!) is not { } some)
            {
                return null;
            }

            var keys = some.Select(m => (m.System, m.Code)).ToHashSet();
            chosen = chosen is null ? [.. some] : chosen.FindAll(m => keys.Contains((m.System, m.Code)));
        }

        return chosen;
    }

    private List<MemberModel>? OfSystem(string url, JsonElement part)
    {
        systems.TryGetValue(url, out var system);
        var listed = Items(part, "concept").ToList();
        if (listed.Count > 0)
        {
            return [.. listed.Select(c => new MemberModel(url, Text(c, "code")!, Text(c, "display") ?? Display(system, Text(c, "code")!)))];
        }

        if (system is not { IsComplete: true })
        {
            return null;
        }

        IEnumerable<int> chosen = Enumerable.Range(0, system.Concepts.Count);
        foreach (var filter in Items(part, "filter"))
        {
            if (Filter(system, Text(filter, "property")!, Text(filter, "op")!, Text(filter, "value")!) is not { } passes)
            {
                return null;
            }

            chosen = chosen.Where(passes);
        }

        return [.. chosen.Select(i => new MemberModel(url, system.Concepts[i].Code, system.Concepts[i].Display))];
    }

    private static string? Display(CodeSystemModel? system, string code) =>
        system is not null && system.ByCode.TryGetValue(code, out var at) ? system.Concepts[at].Display : null;

    private static Func<int, bool>? Filter(CodeSystemModel system, string property, string op, string value)
    {
        if (property == "code" && op == "regex")
        {
            var pattern = new Regex("^(?:" + value + ")$", RegexOptions.CultureInvariant, MatchTimeout);
            return i => pattern.IsMatch(system.Concepts[i].Code);
        }

        if (property is not "concept" || !system.ByCode.TryGetValue(value, out var ancestor))
        {
            return null;
        }

        bool IsBelow(int at)
        {
            for (var i = system.Concepts[at].Parent; i >= 0; i = system.Concepts[i].Parent)
            {
                if (i == ancestor)
                {
                    return true;
                }
            }

            return false;
        }

        return op switch
        {
            "is-a" => i => i == ancestor || IsBelow(i),
            "descendent-of" => IsBelow,
            "is-not-a" => i => i != ancestor && !IsBelow(i),
            _ => null,
        };
    }
}
