using Mach.Demo.Catalogue;
using Mach.Demo.People;

namespace Mach.Demo.Life;

/// <summary>The months before each child of the household that was born in the years shown, the birth, and the child's first days.</summary>
internal static class Pregnancies
{
    private static readonly int[] Weeks = [8, 12, 17, 22, 28, 32, 36, 38];

    public static void OfMother(Person mother, LifeContext context, List<Visit> visits)
    {
        var order = 0;
        foreach (var child in mother.Household.Members)
        {
            if (child.Mother != mother)
            {
                continue;
            }

            order++;
            var conceived = child.Birth.AddDays(-273);
            if (child.Birth <= LifeContext.First || child.Birth.AddDays(9) >= context.Today)
            {
                continue;
            }

            var dice = context.Dice(mother, Streams.Pregnancy, child.Birth.DayNumber);
            var where = Where(child, context);
            Antenatal(mother, conceived, context, dice, visits);
            var (surgery, weight, days) = Facts(child, context);
            visits.Add(new Visit
            {
                Person = mother,
                Start = Arrival(child),
                Facility = where,
                Protocol = context.Medicine.Protocol(surgery ? "caesar" : "birth"),
                Main = dice.Pick(context.Medicine.Protocol(surgery ? "caesar" : "birth").Codes),
                Form = "03",
                Days = days,
                Outcome = 1,
                Essential = true,
                Extra = new BirthOf(child, order, weight, surgery),
            });
        }
    }

    /// <summary>The child's own dossier under its mother's name, and jaundice for some.</summary>
    public static void OfChild(Person child, LifeContext context, List<Visit> visits)
    {
        if (child.Mother is null || child.Birth <= LifeContext.First || child.Birth.AddDays(9) >= context.Today)
        {
            return;
        }

        var dice = context.Dice(child, Streams.Pregnancy);
        var (surgery, weight, days) = Facts(child, context);
        var born = child.Birth.ToDateTime(TimeOnly.MinValue).AddMinutes(child.BirthMinute);
        visits.Add(new Visit
        {
            Person = child,
            Start = born.AddMinutes(10),
            Facility = Where(child, context),
            Protocol = context.Medicine.Protocol("newborn"),
            Main = "Z38.0",
            Form = "03",
            Days = Math.Max(2, days - 1),
            Outcome = 1,
            Essential = true,
            Extra = new NewbornOf(child.Mother, weight, surgery),
        });
        if (dice.Chance(0.08) && child.Birth.AddDays(18) < context.Today)
        {
            visits.Add(new Visit
            {
                Person = child,
                Start = child.Birth.AddDays(8).ToDateTime(new TimeOnly(9, dice.Below(60))),
                Facility = context.Places.Special("maternity", child.Commune),
                Protocol = context.Medicine.Protocol("jaundice"),
                Main = "P59.9",
                Form = "03",
                Days = dice.Between(4, 6),
                Outcome = 1,
                Extra = new NewbornOf(child.Mother, weight, surgery),
            });
        }
    }

    private static void Antenatal(Person mother, DateOnly conceived, LifeContext context, Dice dice, List<Visit> visits)
    {
        var protocol = context.Medicine.Protocol("antenatal");
        var place = context.PlaceFor(mother, protocol, dice);
        foreach (var week in Weeks)
        {
            var day = conceived.AddDays(week * 7 - 14 + dice.Between(-3, 3));
            if (dice.Chance(0.2) || day < LifeContext.First || day >= context.Today)
            {
                continue;
            }

            var at = week is 12 or 22 or 32 && place.Kind == "station" ? context.DistrictOf(mother) : place;
            visits.Add(new Visit
            {
                Person = mother,
                Start = LifeContext.Morning(day, dice),
                Facility = at,
                Protocol = protocol,
                Main = "Z34.8",
                Form = "01",
                Days = 28,
                Tests = at.Kind != "station",
                Outcome = 7,
                Next = day.AddDays(28),
                Extra = new PregnancyWeek(week),
            });
        }

        var threat = conceived.AddDays(50 + dice.Below(30));
        if (dice.Chance(0.1) && threat > LifeContext.First && threat.AddDays(9) < context.Today)
        {
            visits.Add(new Visit
            {
                Person = mother,
                Start = LifeContext.Morning(threat, dice),
                Facility = context.Places.Special("maternity", mother.Commune),
                Protocol = context.Medicine.Protocol("threat"),
                Main = "O20.0",
                Form = "03",
                Days = dice.Between(3, 5),
                Emergency = true,
                Extra = new PregnancyWeek(9),
            });
        }
    }

    private static DateTime Arrival(Person child) => child.Birth.ToDateTime(TimeOnly.MinValue).AddMinutes(child.BirthMinute).AddHours(-6);

    /// <summary>Both the mother's and the child's plan ask; both must hear the same.</summary>
    private static (bool Surgery, int WeightGram, int Days) Facts(Person child, LifeContext context)
    {
        var dice = context.Dice(child, Streams.Course, 1);
        var surgery = dice.Chance(0.29);
        var days = surgery ? dice.Between(6, 7) : dice.Between(4, 5);
        return (surgery, 2600 + dice.Between(0, 13) * 100 + (dice.Chance(0.07) ? -700 : 0), days);
    }

    private static Facility Where(Person child, LifeContext context)
    {
        var dice = context.Dice(child, Streams.Course, 2);
        return dice.Chance(0.6) ? context.Places.District(child.Commune) : context.Places.Special("maternity", child.Commune);
    }
}
