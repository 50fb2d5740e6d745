using Mach.Demo.People;

namespace Mach.Demo.Life;

/// <summary>Puts the courses of one person's life together: in order of time, never two at once, nothing after death.</summary>
internal sealed class LifePlan(LifeContext context)
{
    private readonly Episodes _episodes = new(context);

    public List<Visit> Of(Person person)
    {
        var visits = new List<Visit>();
        var conditions = LongTermCare.ConditionsOf(person, context);
        var last = Death(person, conditions);
        LongTermCare.Plan(person, Courses.IsLongestRecord(person) ? [] : conditions, context, visits);
        _episodes.Plan(person, conditions, visits);
        Epidemics.Plan(person, context, visits);
        Courses.Plan(person, conditions, context, visits);
        if (person.Sex == 2)
        {
            Pregnancies.OfMother(person, context, visits);
        }

        Pregnancies.OfChild(person, context, visits);
        if (last is not null)
        {
            visits.Add(last);
        }

        return Ordered(person, visits);
    }

    /// <summary>Drops what overlaps a stay or another visit, and what would come after death.</summary>
    private List<Visit> Ordered(Person person, List<Visit> visits)
    {
        visits.Sort((a, b) => a.Start.CompareTo(b.Start));
        var end = context.Today.ToDateTime(TimeOnly.MinValue);
        var kept = new List<Visit>(visits.Count);
        var essential = visits.FindAll(v => v.Essential);
        foreach (var visit in visits)
        {
            if (visit.End >= end || (person.Death is { } death && DateOnly.FromDateTime(visit.End) >= death && !visit.Essential)
                || (!visit.Essential && (Overlaps(visit, kept) || essential.Exists(e => visit.Start < e.End.AddHours(12) && visit.End > e.Start.AddHours(-12)))))
            {
                continue;
            }

            kept.Add(visit);
            visit.Ordinal = kept.Count;
            (visit.HomeStation, visit.HomeDistrict) = (context.StationOf(person), context.DistrictOf(person));
            if (visit.Next is { } next && person.Death <= next)
            {
                visit.Next = null;
            }
        }

        return kept;
    }

    private static bool Overlaps(Visit visit, List<Visit> kept) => kept.Count > 0 && visit.Start <= kept[^1].End;

    /// <summary>Decides whether and when the person died; for some the last days were in hospital.</summary>
    private Visit? Death(Person person, List<Condition> conditions)
    {
        var dice = context.Dice(person, Streams.Death);
        for (var year = LifeContext.First.Year; year <= context.Today.Year; year++)
        {
            var age = year - person.Birth.Year;
            var risk = age < 55 ? 0.0006 : age < 65 ? 0.004 : age < 75 ? 0.013 : age < 85 ? 0.042 : 0.11;
            var (dies, day, inHospital) = (dice.Chance(risk), new DateOnly(year, 1, 1).AddDays(dice.Below(365)), dice.Chance(0.55));
            if (!dies || age < 40 || day < LifeContext.First.AddDays(40) || day >= context.Today.AddDays(-2) || Courses.IsLongestRecord(person))
            {
                continue;
            }

            person.Death = day;
            return inHospital ? LastStay(person, day, conditions, dice) : null;
        }

        return null;
    }

    private Visit LastStay(Person person, DateOnly day, List<Condition> conditions, Dice dice)
    {
        var protocol = context.Medicine.Protocol(dice.Pick<string>(["sepsis", "pneu", "strokeacute", "hfstay", "copdstay"]));
        var home = dice.Chance(0.6);
        var days = dice.Between(2, 6);
        return new Visit
        {
            Person = person,
            Start = day.AddDays(1 - days).ToDateTime(new TimeOnly(8, 0)).AddMinutes(dice.Below(600)),
            Facility = dice.Chance(0.5) ? context.DistrictOf(person) : context.Places.Provincial(person.Commune),
            Protocol = protocol,
            Main = protocol.Codes[0],
            Also = conditions.FindAll(c => c.Since <= day),
            Form = "03",
            Days = days,
            Outcome = home ? 6 : 5,
            Leave = home ? 4 : 1,
            Emergency = true,
            Essential = true,
        };
    }
}
