namespace Mach.Demo.Catalogue;

/// <summary>Beds and services that a facility could have, by its tier and kind; all invented.</summary>
internal sealed class Means(ulong seed, Medicine medicine)
{
    private const int Examination = 13;
    /// <summary>Beds by the day are paid for as services, but are no technique that has to be approved.</summary>
    private static readonly int[] BedGroups = [15, 16];
    /// <summary>What a station does besides its examination: urine strip, blood sugar, quick tests, an electrocardiogram.</summary>
    private static readonly string[] AtStation = ["EXTYT", "GLU", "URI10", "QDEN", "QFLU", "ECG"];
    /// <summary>Rare techniques: all of them in specialised hospitals, few elsewhere.</summary>
    private static readonly string[] Rare = ["MRS", "MRC", "PHA", "KXD", "KXC", "KXT", "TKH", "TVB", "CD4", "XPERT", "HDF"];

    public DemoFacility Of(Facility facility)
    {
        var dice = Dice.For(seed, facility.Number, Streams.Means);
        var isStation = facility.Kind == "station";
        var planned = isStation ? 0 : facility.Tier == "specialised" ? dice.Between(90, 150) * 10 : facility.Kind is "general" or "district" ? dice.Between(12, 45) * 10 : dice.Between(8, 30) * 10;
        return new DemoFacility(facility.Code, facility.Name, facility.Tier, facility.Former.Name, facility.Commune.Code)
        {
            BedsPlanned = isStation ? null : planned,
            BedsReal = isStation ? null : planned + (planned * dice.Between(-5, 25) / 100),
            Services = [.. (isStation ? AtStation.Select(medicine.Service) : medicine.Services.Where(s => s.Id != "EXTYT" && !BedGroups.Contains(s.Group) && Has(facility, s, dice))).Select(s => s.Code).Distinct(StringComparer.Ordinal)],
        };
    }

    private static bool Has(Facility facility, Service service, Dice dice) =>
        facility.Tier == "specialised" || service.Group == Examination || dice.Chance(Rare.Contains(service.Id) ? 0.15 : facility.Kind is "general" or "district" ? 0.85 : 0.6);
}
