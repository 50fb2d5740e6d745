using Mach.Demo.Catalogue;
using Mach.Demo.People;

namespace Mach.Demo.Life;

/// <summary>Long treatments with their own rhythm: dialysis, tuberculosis, HIV, cancer.</summary>
internal static class Courses
{
    /// <summary>Household whose head has been on dialysis all the years shown: the longest record.</summary>
    public const int LongestRecordHousehold = 3;

    public static bool IsLongestRecord(Person person) => person.Household.Number == LongestRecordHousehold && person.Slot == 0;

    public static void Plan(Person person, List<Condition> known, LifeContext context, List<Visit> visits)
    {
        var dice = context.Dice(person, Streams.Course);
        var age = person.AgeOn(context.Today);
        var (dialysis, tb, hiv, cancer) = (dice.Unit(), dice.Unit(), dice.Unit(), dice.Unit());
        if (IsLongestRecord(person) || (age is > 30 and < 80 && dialysis < 0.0003))
        {
            Dialysis(person, known, context, dice, visits);
        }
        else if (age is > 20 and < 85 && (tb < 0.006 || person.Household.Number == 11 && person.Slot == 1))
        {
            Tuberculosis(person, context, dice, visits);
        }
        else if (age is >= 22 and <= 58 && (hiv < 0.002 || person.Household.Number == 17 && person.Slot == 0))
        {
            Hiv(person, context, dice, visits);
        }
        else if (age is > 38 and < 80 && (cancer < 0.007 || person.Household.Number == 23 && person.Slot == 1))
        {
            Cancer(person, context, dice, visits);
        }
    }

    private static void Dialysis(Person person, List<Condition> known, LifeContext context, Dice dice, List<Visit> visits)
    {
        var protocol = context.Medicine.Protocol("dialysis");
        var day = IsLongestRecord(person) ? LifeContext.First : LifeContext.First.AddDays(dice.Below(context.Days));
        var place = dice.Chance(0.5) || IsLongestRecord(person) ? context.Places.Provincial(person.Commune) : context.DistrictOf(person);
        var early = dice.Chance(0.5);
        for (var session = 0; day < context.Today; session++)
        {
            if (day.DayOfWeek is DayOfWeek.Monday or DayOfWeek.Wednesday or DayOfWeek.Friday && !dice.Chance(0.008))
            {
                visits.Add(new Visit
                {
                    Person = person,
                    Start = day.ToDateTime(new TimeOnly(early ? 6 : 11, 10)).AddMinutes(dice.Below(40)),
                    Facility = place,
                    Protocol = protocol,
                    Main = "N18.5",
                    Also = known.FindAll(c => c.Since <= day && c.Protocol.Id is "htn" or "dm2" or "hepb"),
                    Form = "08",
                    Days = 1,
                    Tests = day.Day <= 7 && day.DayOfWeek == DayOfWeek.Wednesday,
                    Outcome = 2,
                });
            }

            day = day.AddDays(1);
        }
    }

    private static void Tuberculosis(Person person, LifeContext context, Dice dice, List<Visit> visits)
    {
        var started = LifeContext.First.AddDays(dice.Below(Math.Max(1, context.Days - 40)));
        var place = dice.Chance(0.5) ? context.Places.Special("lung", person.Commune) : context.DistrictOf(person);
        var proven = dice.Chance(0.7);
        var code = proven ? "A15.0" : "A15.3";
        for (var month = 1; month <= 6; month++)
        {
            var day = started.AddDays((month - 1) * 30);
            if (day >= context.Today)
            {
                return;
            }

            visits.Add(new Visit
            {
                Person = person,
                Start = LifeContext.Morning(day, dice),
                Facility = place,
                Protocol = context.Medicine.Protocol("tb"),
                Main = code,
                Form = "05",
                Days = 30,
                Tests = month is 1 or 3 or 6,
                Next = month < 6 ? day.AddDays(30) : null,
                Outcome = month == 6 ? 1 : 2,
                SentFrom = month == 1 ? context.StationOf(person) : null,
                Extra = new TuberculosisMonth(month, started, proven),
            });
        }
    }

    private static void Hiv(Person person, LifeContext context, Dice dice, List<Visit> visits)
    {
        var confirmed = LifeContext.First.AddDays(dice.Between(-900, 600));
        var started = confirmed.AddDays(dice.Between(7, 40));
        var place = context.Places.Provincial(person.Commune);
        var day = started < LifeContext.First ? LifeContext.First.AddDays(dice.Below(30)) : started;
        for (var month = 1; day < context.Today; month++)
        {
            visits.Add(new Visit
            {
                Person = person,
                Start = LifeContext.Morning(day, dice),
                Facility = place,
                Protocol = context.Medicine.Protocol("hiv"),
                Main = "B24",
                Form = "05",
                Days = 30,
                Tests = month % 6 == 1,
                Next = day.AddDays(30),
                Extra = new HivMonth(month, confirmed, started),
            });
            day = day.AddDays(30 + dice.Between(-2, 2));
        }
    }

    private static void Cancer(Person person, LifeContext context, Dice dice, List<Visit> visits)
    {
        var chemo = context.Medicine.Protocol("chemo");
        var code = person.Sex == 2 && dice.Chance(0.45) ? "C50.9" : dice.Pick(chemo.Codes.Where(c => c != "C50.9").ToArray());
        var place = context.Places.Provincial(person.Commune);
        var day = LifeContext.First.AddDays(dice.Below(Math.Max(1, context.Days - 60)));
        for (var cycle = 0; cycle < 6 && day.AddDays(6) < context.Today; cycle++, day = day.AddDays(21))
        {
            visits.Add(Planned(chemo, "03", dice.Between(3, 4)));
        }

        while (day < context.Today)
        {
            visits.Add(Planned(context.Medicine.Protocol("cancerfollow"), "01", 28));
            day = day.AddDays(88 + dice.Below(10));
        }

        Visit Planned(Protocol protocol, string form, int days) => new()
        {
            Person = person,
            Start = LifeContext.Morning(day, dice),
            Facility = place,
            Protocol = protocol,
            Main = code,
            Form = form,
            Days = days,
            SentFrom = form == "03" ? context.DistrictOf(person) : null,
            Next = day.AddDays(form == "03" ? 21 : 90),
        };
    }
}
