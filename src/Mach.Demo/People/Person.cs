using System.Globalization;
using Mach.Demo.Catalogue;

namespace Mach.Demo.People;

/// <summary>One invented person. Identity numbers have the right structure and end in a run of digits that only counts households.</summary>
internal sealed class Person
{
    public required Household Household { get; init; }
    /// <summary>0 husband or single head, 1 wife, 2–5 children, 6 grandfather, 7 grandmother.</summary>
    public required int Slot { get; init; }
    /// <summary>Unique in the province: household × 8 + slot.</summary>
    public required long Index { get; init; }
    public required string Name { get; init; }
    /// <summary>GIOI_TINH: 1 man, 2 woman.</summary>
    public required int Sex { get; init; }
    public required DateOnly Birth { get; init; }
    /// <summary>Minute of the day for those born within the years shown, else -1.</summary>
    public int BirthMinute { get; init; } = -1;
    /// <summary>Only the year is written on the papers of some old people.</summary>
    public bool YearOnly { get; init; }
    public required string Ethnic { get; init; }
    public required string Job { get; init; }
    /// <summary>Group and benefit digit of the card after the sixth birthday (DN4, HN2 …); null = not insured.</summary>
    public string? CardGroup { get; init; }
    /// <summary>False for those (mostly children) whose identity number facilities do not write.</summary>
    public bool ShowsCccd { get; init; }
    public Person? Mother { get; init; }
    public Person? Father { get; init; }
    /// <summary>Multiplies how often the person falls ill.</summary>
    public double Frailty { get; init; }
    public DateOnly? Death { get; set; }

    public Commune Commune => Household.Commune;

    /// <summary>12 digits: former province, century and sex digit, year, household (QĐ on citizen identity numbers; vietnam-formats §4.3).</summary>
    public string Cccd => string.Create(CultureInfo.InvariantCulture,
        $"0{Commune.Former.Code}{(Birth.Year >= 2000 ? 2 : 0) + (Sex == 2 ? 1 : 0)}{Birth.Year % 100:D2}{Household.Mark}");

    /// <summary>Ten digits of the social insurance number.</summary>
    public string InsuranceNumber => string.Create(CultureInfo.InvariantCulture, $"259{Index:D7}");

    public string? Phone(int ageYears) => ageYears < 16
        ? string.Create(CultureInfo.InvariantCulture, $"0900{Household.Number:D6}")
        : Slot switch
        {
            0 => string.Create(CultureInfo.InvariantCulture, $"0900{Household.Number:D6}"),
            1 => string.Create(CultureInfo.InvariantCulture, $"0980{Household.Number:D6}"),
            >= 6 when ageYears > 72 => null,
            _ => string.Create(CultureInfo.InvariantCulture, $"09{Slot}1{Household.Number:D6}"),
        };

    public int AgeOn(DateOnly day) => day.Year - Birth.Year - (day.DayOfYear < Birth.DayOfYear ? 1 : 0);

    /// <summary>Months of life on a day.</summary>
    public int MonthsOn(DateOnly day) => (day.Year - Birth.Year) * 12 + day.Month - Birth.Month - (day.Day < Birth.Day ? 1 : 0);

    /// <summary>The card on a day: children under six have TE1, pupils HS4, people of eighty BT2; null = none.</summary>
    public string? CardOn(DateOnly day)
    {
        var age = AgeOn(day);
        var group = age < 6 ? "TE1"
            : CardGroup is null ? null
            : age < 18 && CardGroup is "DN4" or "GD4" ? "HS4"
            : age >= 80 && CardGroup is "GD4" or "DN4" ? "BT2"
            : CardGroup;
        return group is null ? null : group + Commune.Former.Code + InsuranceNumber;
    }

    /// <summary>BHYT form: yyyyMMdd with hour and minute, zero where unknown.</summary>
    public string BirthText => YearOnly
        ? string.Create(CultureInfo.InvariantCulture, $"{Birth.Year:D4}00000000")
        : BirthMinute >= 0 && Birth.Year >= 2022
            ? string.Create(CultureInfo.InvariantCulture, $"{Birth:yyyyMMdd}{BirthMinute / 60:D2}{BirthMinute % 60:D2}")
            : string.Create(CultureInfo.InvariantCulture, $"{Birth:yyyyMMdd}0000");
}

/// <summary>People under one roof: the unit that is derived from the seed.</summary>
internal sealed class Household
{
    public required int Number { get; init; }
    /// <summary>Six digits that end the identity numbers of the house; they start with 9 while that leaves them unique.</summary>
    public required string Mark { get; init; }
    public required Commune Commune { get; init; }
    /// <summary>House number and street, or hamlet.</summary>
    public required string Place { get; init; }
    /// <summary>Which of the commune's stations it goes to.</summary>
    public required int StationChoice { get; init; }
    public List<Person> Members { get; } = [];

    /// <summary>Address in the units of the day: two tiers since 2025-07-01.</summary>
    public string AddressOn(DateOnly day) => day >= Boundaries.TwoTiersFrom
        ? $"{Place}, {Commune.Name}, Tỉnh Phú Thọ"
        : $"{Place}, {Commune.OldUnit}, {Commune.OldDistrict}, Tỉnh {Commune.Former.Name}";
}

internal static class Boundaries
{
    /// <summary>First day without districts (Luật Tổ chức chính quyền địa phương 2025; QĐ 19/2025/QĐ-TTg).</summary>
    public static readonly DateOnly TwoTiersFrom = new(2025, 7, 1);
}
