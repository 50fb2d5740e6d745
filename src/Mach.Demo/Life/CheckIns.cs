using Mach.Demo.People;

namespace Mach.Demo.Life;

/// <summary>People who are in a facility at this moment.</summary>
internal static class CheckIns
{
    /// <summary>The open visit of a person today, or null; about one person in 140 has one.</summary>
    public static Visit? Today(Person person, LifeContext context)
    {
        var dice = context.Dice(person, Streams.CheckIn, context.Today.DayNumber);
        if (person.Death is not null || person.Birth.AddDays(40) > context.Today || !dice.Chance(1 / 140.0))
        {
            return null;
        }

        var age = person.AgeOn(context.Today);
        var fitting = context.Medicine.Acute.Where(p => p.Fits(age, person.Sex)).ToList();
        var protocol = dice.Pick(fitting);
        return new Visit
        {
            Person = person,
            Start = context.Today.ToDateTime(new TimeOnly(7, 0)).AddMinutes(dice.Below(150)),
            Facility = context.PlaceFor(person, protocol, dice),
            Protocol = protocol,
            Main = protocol.Codes[0],
            Form = "01",
            HomeStation = context.StationOf(person),
            HomeDistrict = context.DistrictOf(person),
            Ordinal = 9_999,
        };
    }
}
