using Mach.Demo.Catalogue;
using Mach.Demo.People;

namespace Mach.Demo.Life;

/// <summary>What every course of life needs: the province, the days shown, chance.</summary>
internal sealed class LifeContext(ulong seed, DateOnly today, Places places, Medicine medicine)
{
    /// <summary>First day of the histories.</summary>
    public static readonly DateOnly First = new(2022, 1, 4);

    public ulong Seed { get; } = seed;
    /// <summary>No visit is on or after it; check-ins of the day aside.</summary>
    public DateOnly Today { get; } = today;
    public Places Places { get; } = places;
    public Medicine Medicine { get; } = medicine;
    public int Days { get; } = today.DayNumber - First.DayNumber;

    public Dice Dice(Person person, Streams stream, long time = 0) => Demo.Dice.For(Seed, person.Index, stream, time);

    public Facility StationOf(Person person) => Places.Station(person.Commune, person.Household.StationChoice);

    public Facility DistrictOf(Person person) => Places.District(person.Commune);

    /// <summary>A station by weight, else the district's centre, else a provincial hospital (of the specialty the disease asks for).</summary>
    public Facility PlaceFor(Person person, Protocol protocol, Dice dice)
    {
        var at = dice.Below(Math.Max(1, protocol.Station + protocol.District + protocol.Province));
        return at < protocol.Station ? StationOf(person)
            : at < protocol.Station + protocol.District ? DistrictOf(person)
            : SpecialFor(person, protocol);
    }

    public Facility SpecialFor(Person person, Protocol protocol) => protocol.Department switch
    {
        "K27" => Places.Special("maternity", person.Commune),
        "K18" when protocol.Province > 0 => Places.Special("maternity", person.Commune),
        "K13" => Places.Special("lung", person.Commune),
        "K16" => Places.Special("traditional", person.Commune),
        "K30" => Places.Special("eye", person.Commune),
        _ when protocol.Exam.Id == "EXTTH" => Places.Special("mental", person.Commune),
        _ when protocol.Exam.Id == "EXDAL" => Places.Special("skin", person.Commune),
        _ => Places.Provincial(person.Commune),
    };

    /// <summary>A moment in the working hours of a day; Sundays move to Monday.</summary>
    public static DateTime Morning(DateOnly day, Dice dice)
    {
        if (day.DayOfWeek == DayOfWeek.Sunday)
        {
            day = day.AddDays(1);
        }

        return day.ToDateTime(new TimeOnly(7, 0)).AddMinutes(dice.Below(dice.Chance(0.75) ? 230 : 500));
    }
}
