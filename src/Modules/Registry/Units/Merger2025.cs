using Mach.Contracts.Registry;
using Mach.Kernel;
using Mach.Registry.Communes;
using Mach.Registry.Data;
using Mach.Registry.Ledgers;

namespace Mach.Registry.Units;

/// <summary>
/// The map of the province before and since July 2025, as facts: three provinces into one, 479 communes into 148, three of them split, districts ended.
/// </summary>
/// <remarks>
/// Source: 202/2025/QH15 of 12/06/2025 (provinces), 72/2025/QH15 (two levels of local government, no districts), 1676/NQ-UBTVQH15 of 16/06/2025 (communes);
/// Data/communes-before-2025-07.tsv, Data/communes-2025-07.tsv, Data/communes.json. The state before is the one of 30/06/2025; it is taken to hold since before
/// the register begins, until earlier successions are entered. No shares are published for the three split communes.
/// </remarks>
internal static class Merger2025
{
    public const string Province = "tinh-phu-tho";
    public const string ProvincesEvent = "nq-202-2025-qh15";
    public const string CommunesEvent = "nq-1676-2025-ubtvqh15";
    /// <summary>Name of the source of population and area of the 148 communes.</summary>
    public const string MapSource = "ban-do-sap-nhap-2025";
    /// <summary>Name of the source of population and area of the province in the resolution's project.</summary>
    public const string ProjectSource = "de-an-2025";

    private static readonly DateOnly Day = UnitMap.Merger;

    private static readonly (string Key, string Id, string Name, string Code)[] FormerProvinces =
        [("pt", "tinh-phu-tho-cu", "Tỉnh Phú Thọ", "25"), ("vp", "tinh-vinh-phuc", "Tỉnh Vĩnh Phúc", "26"), ("hb", "tinh-hoa-binh", "Tỉnh Hòa Bình", "17")];

    /// <summary>The day the later resolution was published, in Vietnam: since then the new map is known.</summary>
    public static readonly DateTimeOffset Published = new(2025, 6, 16, 0, 0, 0, TimeSpan.FromHours(7));

    /// <summary>The map until 30/06/2025.</summary>
    public static void StateBefore(LedgerDraft units)
    {
        foreach (var (_, id, name, code) in FormerProvinces)
        {
            Unit(units, id, code, name, "province", null, DateOnly.MinValue, DateOnly.MaxValue);
        }

        foreach (var row in OldCommunes())
        {
            var province = FormerProvinces.First(p => p.Key == row.Former).Id;
            var parent = province;
            if (row.District.Length > 0)
            {
                parent = DistrictId(row.Former, row.District);
                Unit(units, parent, "", row.District, TypeOf(row.District), province, DateOnly.MinValue, DateOnly.MaxValue);
            }

            Unit(units, row.Id, Code(row.Id), row.Name, TypeOf(row.Name), parent, DateOnly.MinValue, DateOnly.MaxValue);
            units.State(Statement.Always(row.Id, Aspects.Parent(Hierarchies.FormerProvince), province));
        }
    }

    /// <summary>What the resolutions changed on 01/07/2025.</summary>
    public static void StateMerger(LedgerDraft units, LedgerDraft successions)
    {
        var old = OldCommunes();
        var kept = old.Where(o => Code(o.Id).Length > 0).Select(o => o.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var ended in old.Where(o => !kept.Contains(o.Id)).Select(o => o.Id)
            .Concat(old.Where(o => o.District.Length > 0).Select(o => DistrictId(o.Former, o.District)).Distinct(StringComparer.Ordinal)).Concat(FormerProvinces.Select(p => p.Id)))
        {
            units.End(ended, Day);
        }

        Unit(units, Province, "25", "Tỉnh Phú Thọ", "province", null, Day, DateOnly.MaxValue);
        units.State(Statement.Since(Province, Aspects.Measure("population", ProjectSource), "4022611", Day));
        units.State(Statement.Since(Province, Aspects.Measure("area", ProjectSource), "9361.38", Day));
        foreach (var (_, id, _, _) in FormerProvinces)
        {
            successions.State(new Succession(ProvincesEvent, Day, "202/2025/QH15", id, Province, "merge", 1, 1).ToStatement());
        }

        StateCommunes(units);
        foreach (var row in old)
        {
            foreach (var code in row.NewCodes)
            {
                var (kind, share) = kept.Contains(row.Id) ? ("transfer", 1m) : row.NewCodes.Length > 1 ? ("split", (decimal?)null) : ("merge", 1m);
                successions.State(new Succession(CommunesEvent, Day, "1676/NQ-UBTVQH15", row.Id, NewId(code), kind, share, share).ToStatement());
            }
        }
    }

    /// <summary>Both as a register that knows nothing else would have them.</summary>
    public static RegistryState State()
    {
        var before = new RegistryDraft(RegistryState.Empty, 0);
        StateBefore(before.Units);
        var after = new RegistryDraft(before.Result(), RegistryBooks.Us(Published));
        StateMerger(after.Units, after.Successions);
        return after.Result();
    }

    public static string NewId(string code) => "xa-" + code;

    private static void StateCommunes(LedgerDraft units)
    {
        var names = new CommuneList();
        foreach (var fields in Tsv.Read("communes-2025-07", 5))
        {
            var commune = names.Find(fields[0])!;
            var id = NewId(commune.Code);
            Unit(units, id, commune.Code, commune.Name, TypeOf(commune.Name), Province, Day, DateOnly.MaxValue);
            units.State(Statement.Since(id, Aspects.Parent(Hierarchies.FormerProvince), FormerProvinces.First(p => p.Name.EndsWith(commune.FormerProvince, StringComparison.Ordinal)).Id, Day));
            units.State(Statement.Since(id, Aspects.Measure("population", MapSource), fields[1], Day));
            units.State(Statement.Since(id, Aspects.Measure("area", MapSource), fields[2], Day));
            units.State(Statement.Since(id, Aspects.Centre, fields[3] + " " + fields[4], Day));
        }
    }

    private static void Unit(LedgerDraft units, string id, string code, string name, string type, string? parent, DateOnly from, DateOnly to)
    {
        units.State(new Statement(id, Aspects.Exists, code, from, to));
        units.State(new Statement(id, Aspects.Name, name, from, to));
        units.State(new Statement(id, Aspects.Type, type, from, to));
        if (parent is not null)
        {
            units.State(new Statement(id, Aspects.Parent(Hierarchies.Administrative), parent, from, to));
        }
    }

    /// <summary>The type that a name begins with.</summary>
    internal static string TypeOf(string name) => name.Split(' ')[0] switch
    {
        "Phường" => "ward",
        "Xã" => "commune",
        "Huyện" => "district",
        "Tỉnh" => "province",
        "Thị" when name.StartsWith("Thị trấn", StringComparison.Ordinal) => "township",
        "Thị" => "town",
        "Thành" => "city",
        _ => throw new InvalidOperationException($"The name '{name}' does not begin with the type of a unit."),
    };

    private static string DistrictId(string former, string district) => $"huyen-{former}-{Slug(district)}";

    /// <summary>The code of the units that go on under the id they had; the codes of the other old units are not in the sources.</summary>
    private static string Code(string id) => id.StartsWith("xa-", StringComparison.Ordinal) ? id["xa-".Length..] : "";

    private static string Slug(string name) => VietnameseText.Fold(name).Replace(' ', '-');

    private static List<OldCommune> OldCommunes() =>
        [.. Tsv.Read("communes-before-2025-07", 5).Select(f => new OldCommune(f[0], f[1], f[2], f[3], f[4].Split(' ')))];

    private sealed record OldCommune(string Id, string Name, string Former, string District, string[] NewCodes);
}
