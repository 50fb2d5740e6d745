using System.Globalization;

namespace Mach.Demo.Catalogue;

/// <summary>A former province, whose codes live on in old addresses, cards and identity numbers.</summary>
/// <param name="Key">PT, VP or HB.</param>
/// <param name="Name">Name without "tỉnh".</param>
/// <param name="Code">Two-digit code until 2025-06-30 (QĐ 124/2004/QĐ-TTg); CCCD prefixes are the same with a leading zero.</param>
internal sealed record FormerProvince(string Key, string Name, string Code);

/// <summary>One of the 148 communes since 2025-07-01, and the older unit whose code it carries on.</summary>
/// <param name="People">Population at the merger.</param>
internal sealed record Commune(string Code, string Name, FormerProvince Former, int People, string OldUnit, string OldDistrict, string OldDistrictCode);

/// <summary>A place of care; <see cref="Kind"/> is general, district, maternity, lung, mental, traditional, rehab, eye, skin or station.</summary>
internal sealed record Facility(string Code, string Name, string Tier, string Kind, FormerProvince Former, Commune Commune, string District)
{
    /// <summary>Last three digits of the code as a number; staff numbers are built on it.</summary>
    public int Number { get; } = int.Parse(Code.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture);
}

/// <summary>Communes and facilities. Names after the tables of the 2025 merger; facility codes are invented.</summary>
internal sealed class Places
{
    private static readonly FormerProvince[] FormerProvinces =
        [new("PT", "Phú Thọ", "25"), new("VP", "Vĩnh Phúc", "26"), new("HB", "Hòa Bình", "17")];

    private readonly Dictionary<string, Facility> _districtHospital = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Facility>> _stations = new(StringComparer.Ordinal);

    /// <param name="stations">Number of commune stations and points, 148 to 494.</param>
    public Places(int stations)
    {
        Communes = Tsv.Read("communes", 7, f => new Commune(f[0], f[1], Former(f[2]),
            int.Parse(f[3], NumberStyles.None, CultureInfo.InvariantCulture), f[4], f[5], f[6]));
        var byCode = Communes.ToDictionary(c => c.Code, StringComparer.Ordinal);
        Hospitals = Tsv.Read("facilities", 7, f => new Facility(f[0], f[1], f[2], f[3], Former(f[4]), byCode[f[5]], f[6]));
        foreach (var hospital in Hospitals.Where(h => h.Kind == "district"))
        {
            _districtHospital[hospital.District] = hospital;
        }

        var all = new List<Facility>(Hospitals);
        for (var i = 0; i < stations; i++)
        {
            var commune = Communes[i % Communes.Count];
            var round = i / Communes.Count;
            var name = "Trạm Y tế " + char.ToLowerInvariant(commune.Name[0]) + commune.Name[1..]
                + (round == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" - điểm trạm số {round}"));
            var station = new Facility(string.Create(CultureInfo.InvariantCulture, $"25{101 + i:D3}"), name, "initial", "station", commune.Former, commune, commune.OldDistrictCode);
            all.Add(station);
            (_stations.TryGetValue(commune.Code, out var list) ? list : _stations[commune.Code] = []).Add(station);
        }

        Facilities = all;
    }

    public List<Commune> Communes { get; }
    public List<Facility> Hospitals { get; }
    public IReadOnlyList<Facility> Facilities { get; }

    /// <summary>A facility outside the registry: some dossiers come from it, so that a data officer has one to confirm.</summary>
    public Facility Unregistered => field ??= new Facility("25987", "Phòng khám đa khoa chưa đăng ký", "initial", "station", FormerProvinces[0], Communes[48], "");

    public Facility Station(Commune commune, int which) => _stations[commune.Code] is var list ? list[which % list.Count] : throw new InvalidOperationException();

    public Facility District(Commune commune) => _districtHospital[commune.OldDistrictCode];

    public Facility Provincial(Commune commune) => commune.Former.Key switch { "VP" => Hospitals[1], "HB" => Hospitals[2], _ => Hospitals[0] };

    /// <summary>The hospital of a specialty for a commune: its own former province's if there is one, else the first.</summary>
    public Facility Special(string kind, Commune commune) =>
        Hospitals.Find(h => h.Kind == kind && h.Former == commune.Former) ?? Hospitals.Find(h => h.Kind == kind) ?? Provincial(commune);

    private static FormerProvince Former(string key) => Array.Find(FormerProvinces, p => p.Key == key) ?? throw new InvalidOperationException(key);
}
