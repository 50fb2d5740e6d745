using System.Globalization;
using Mach.Contracts.Registry;
using Mach.Registry.Facilities;
using Mach.Registry.Ledgers;
using Mach.Registry.Units;

namespace Mach.Registry.Networks;

/// <summary>
/// Invented networks over the demonstration's facilities, marked as such by their names: each former province's first specialised hospital with the others as its
/// satellites, and offices of social insurance that follow the merger of July 2025. One satellite of each changes its core on 01/01/2026.
/// </summary>
internal static class DemoNetworks
{
    private const string Province = "bhxh-dm-tinh";
    private const int AreasPerProvince = 4;
    private static readonly DateOnly Begun = new(2024, 1, 1);
    private static readonly DateOnly Moved = new(2026, 1, 1);

    public static void State(RegistryDraft draft)
    {
        List<FacilityView> facilities = [.. draft.State.Facilities.Subjects.Select(c => FacilityView.Read(draft.State.Facilities, c, Moved, long.MaxValue - 1)).OfType<FacilityView>().Where(f => f is { IsOpen: true, FormerProvince: not null })];
        if (facilities.Count == 0 || draft.State.Units.Of(Province).Count > 0)
        {
            return;
        }

        Office(draft, Province, "Bảo hiểm xã hội tỉnh (minh họa)", null, UnitMap.Merger, DateOnly.MaxValue);
        var main = Core(facilities);
        foreach (var (group, number) in facilities.GroupBy(f => f.FormerProvince!, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select((g, i) => (g, i + 1)))
        {
            Satellites(draft, [.. group], main);
            Insurance(draft, [.. group], number);
        }
    }

    private static void Satellites(RegistryDraft draft, List<FacilityView> facilities, FacilityView main)
    {
        var core = Core(facilities);
        foreach (var (satellite, i) in facilities.Where(f => f.Tier == "basic" && f.Code != core.Code).Select((f, i) => (f, i)))
        {
            draft.Facilities.State(Statement.Since(satellite.Code, FacilityAspects.Core, core.Code, Begun));
            if (i == 1 && main.Code != core.Code)
            {
                draft.Facilities.State(Statement.Since(satellite.Code, FacilityAspects.Core, main.Code, Moved));
            }
        }
    }

    private static void Insurance(RegistryDraft draft, List<FacilityView> facilities, int number)
    {
        var former = string.Create(CultureInfo.InvariantCulture, $"bhxh-dm-{number}");
        Office(draft, former, $"Bảo hiểm xã hội tỉnh {facilities[0].FormerProvince} cũ (minh họa)", null, DateOnly.MinValue, UnitMap.Merger);
        var communes = facilities.Select(f => f.CommuneCode ?? "").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        for (var area = 1; area <= AreasPerProvince; area++)
        {
            Office(draft, string.Create(CultureInfo.InvariantCulture, $"{former}{area}"), string.Create(CultureInfo.InvariantCulture, $"Bảo hiểm xã hội cơ sở {number}.{area} (minh họa)"), Province, UnitMap.Merger, DateOnly.MaxValue);
        }

        foreach (var facility in facilities)
        {
            var area = 1 + (communes.IndexOf(facility.CommuneCode ?? "") * AreasPerProvince / communes.Count);
            draft.Facilities.State(Statement.Always(facility.Code, FacilityAspects.InsuranceOffice, former));
            draft.Facilities.State(Statement.Since(facility.Code, FacilityAspects.InsuranceOffice, string.Create(CultureInfo.InvariantCulture, $"{former}{area}"), UnitMap.Merger));
        }
    }

    private static void Office(RegistryDraft draft, string id, string name, string? above, DateOnly from, DateOnly to)
    {
        draft.Units.State(new Statement(id, Aspects.Exists, "", from, to));
        draft.Units.State(new Statement(id, Aspects.Type, Network.OfficeType, from, to));
        draft.Units.State(new Statement(id, Aspects.Name, name, from, to));
        if (above is not null)
        {
            draft.Units.State(new Statement(id, Aspects.Parent(Hierarchies.Insurance), above, from, to));
        }
    }

    private static FacilityView Core(List<FacilityView> facilities) => facilities.Find(f => f.Tier == "specialised") ?? facilities.Find(f => f.Tier == "basic") ?? facilities[0];
}
