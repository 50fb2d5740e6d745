using System.Globalization;
using Mach.Contracts.Registry;
using Mach.Registry.Ledgers;

namespace Mach.Registry.Units;

/// <summary>
/// An invented health network for the demonstration with the counts of the real one: 494 stations and points. Its calendar is not that of the communes:
/// on 01/07/2025 nothing changes in it; on 01/01/2026 each new commune keeps one station and the others become its points.
/// </summary>
internal static class StationNetwork
{
    public const int Stations = 494;
    public const string Department = "so-y-te";
    public static readonly DateOnly Reorganised = new(2026, 1, 1);
    /// <summary>When the invented decision on the stations was made.</summary>
    public static readonly DateTimeOffset Known = new(2025, 12, 15, 0, 0, 0, TimeSpan.FromHours(7));

    private static readonly DateOnly Before = UnitMap.Merger.AddDays(-1);

    public static void State(RegistryDraft draft)
    {
        var units = draft.Units;
        if (draft.State.Units.Of(Department).Count > 0)
        {
            return;
        }

        var map = new UnitMap(draft.State.Units, draft.State.Successions, draft.KnownUs);
        Put(units, Department, "Sở Y tế Phú Thọ", "department", null, null);
        var communes = map.All(Before).Where(u => u.Level == UnitLevel.Commune).ToList();
        for (var i = 0; i < Stations; i++)
        {
            var second = i >= communes.Count;
            var commune = communes[second ? (i - communes.Count) * 31 : i];
            var id = string.Create(CultureInfo.InvariantCulture, $"tram-{i + 1:000}");
            var centre = Centre(draft, map, commune);
            Put(units, id, "Trạm Y tế " + Lower(commune.Name) + (second ? " cơ sở 2" : ""), "station", commune.Id, centre);
        }

        FollowCommunes(draft, map);
        Reorganise(draft, map);
    }

    /// <summary>Since 01/07/2025 the stations stand in the new communes; of a split commune, in the one with the first id.</summary>
    private static void FollowCommunes(RegistryDraft draft, UnitMap map)
    {
        foreach (var (station, commune) in StationsIn(draft, Before))
        {
            draft.Units.State(Statement.Since(station, Aspects.Parent(Hierarchies.Administrative), map.Place(commune, Before, Boundary.AsOf(UnitMap.Merger))[0].To, UnitMap.Merger));
        }
    }

    private static void Reorganise(RegistryDraft draft, UnitMap map)
    {
        foreach (var group in StationsIn(draft, UnitMap.Merger).GroupBy(s => s.Commune, StringComparer.Ordinal))
        {
            var main = group.First().Station;
            foreach (var (station, commune) in group)
            {
                var isMain = station == main;
                var name = draft.Units.Now(station, Aspects.Name)[0].Value;
                draft.Units.State(Statement.Since(station, Aspects.Name, isMain ? "Trạm Y tế " + Lower(map.Find(commune, UnitMap.Merger)!.Name) : name.Replace("Trạm Y tế ", "Điểm trạm ", StringComparison.Ordinal), Reorganised));
                draft.Units.State(Statement.Since(station, Aspects.Type, isMain ? "station" : "station-point", Reorganised));
                draft.Units.State(Statement.Since(station, Aspects.Parent(Hierarchies.HealthNetwork), isMain ? Department : main, Reorganised));
            }
        }
    }

    private static List<(string Station, string Commune)> StationsIn(RegistryDraft draft, DateOnly date) =>
        [.. draft.Units.Opened.Where(f => f.Subject.StartsWith("tram-", StringComparison.Ordinal) && f.Aspect == Aspects.Parent(Hierarchies.Administrative) && f.Holds(date)).OrderBy(f => f.Subject, StringComparer.Ordinal).Select(f => (f.Subject, f.Value))];

    /// <summary>The health centre of the old district; stations of communes whose district is not known hang under the department.</summary>
    private static string Centre(RegistryDraft draft, UnitMap map, Unit commune)
    {
        if (map.Ancestors(commune.Id, Hierarchies.Administrative, Before).FirstOrDefault(u => u.Level == UnitLevel.District) is not { } district)
        {
            return Department;
        }

        var id = "ttyt-" + district.Id["huyen-".Length..];
        Put(draft.Units, id, "Trung tâm Y tế " + Lower(district.Name), "health-centre", null, Department);
        draft.Units.State(Statement.Since(id, Aspects.Name, "Trung tâm Y tế khu vực " + district.Name.Split(' ', district.Name.StartsWith("Huyện", StringComparison.Ordinal) ? 2 : 3)[^1], Reorganised));
        return id;
    }

    private static void Put(LedgerDraft units, string id, string name, string type, string? commune, string? network)
    {
        if (units.Now(id, Aspects.Exists).Count > 0)
        {
            return;
        }

        units.State(Statement.Always(id, Aspects.Exists, ""));
        units.State(Statement.Always(id, Aspects.Name, name));
        units.State(Statement.Always(id, Aspects.Type, type));
        if (commune is not null)
        {
            units.State(new Statement(id, Aspects.Parent(Hierarchies.Administrative), commune, DateOnly.MinValue, DateOnly.MaxValue));
        }

        if (network is not null)
        {
            units.State(Statement.Always(id, Aspects.Parent(Hierarchies.HealthNetwork), network));
        }
    }

    private static string Lower(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
