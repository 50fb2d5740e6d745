using Mach.Demo.Catalogue;
using Mach.Demo.People;

namespace Mach.Demo.Life;

/// <summary>Lasting diseases: who has them since when, and the monthly visits with repeat prescriptions.</summary>
internal static class LongTermCare
{
    /// <summary>About half of those who have such a disease are under care; the rates of the catalogue count all who have it.</summary>
    private const double UnderCare = 0.48;

    /// <summary>The one that leads when a person has several.</summary>
    private static readonly string[] Lead =
        ["cirrho", "hf", "ckd", "epilepsy", "schizo", "parkinson", "dm2", "copd", "asthma", "thyrohyper", "hepb", "afib", "ihd", "stroke", "ra", "depress", "htn"];

    private static readonly string[] AtStations = ["htn", "dm2", "epilepsy", "schizo", "asthma", "dyslip", "depress", "osteop", "stroke"];

    public static List<Condition> ConditionsOf(Person person, LifeContext context)
    {
        var conditions = new List<Condition>();
        var dice = context.Dice(person, Streams.Conditions);
        var age = person.AgeOn(context.Today);
        foreach (var protocol in context.Medicine.Chronic)
        {
            var chance = dice.Unit();
            var when = dice.Unit();
            var code = dice.Pick(protocol.Codes);
            if (!protocol.Fits(age, person.Sex) || chance > protocol.PerThousand(age) / 1000 * UnderCare)
            {
                continue;
            }

            var since = when < 0.6 ? LifeContext.First.AddDays(-(int)(when * 3600)) : LifeContext.First.AddDays((int)((when - 0.6) / 0.4 * (context.Days - 90)));
            if (person.AgeOn(since) >= protocol.AgeLeast)
            {
                conditions.Add(new Condition(protocol, code, since));
            }
        }

        conditions.Sort((a, b) => Rank(a).CompareTo(Rank(b)));
        return conditions;
    }

    public static void Plan(Person person, List<Condition> conditions, LifeContext context, List<Visit> visits)
    {
        if (conditions.Count == 0)
        {
            return;
        }

        var dice = context.Dice(person, Streams.Chronic);
        var first = conditions.Min(c => c.Since);
        var interval = conditions.Exists(c => c.Protocol.Id is "htn" or "dm2" or "epilepsy" or "schizo" or "hf" or "copd") ? 30 : dice.Chance(0.5) ? 30 : 60;
        var keeps = 0.5 + dice.Unit() * 0.45;
        var local = conditions.TrueForAll(c => AtStations.Contains(c.Protocol.Id)) && dice.Chance(0.64);
        var provincial = !local && dice.Chance(0.15);
        var day = (first < LifeContext.First ? LifeContext.First : first).AddDays(dice.Below(interval));
        var months = 0;
        while (day < context.Today)
        {
            if (dice.Chance(keeps))
            {
                var active = conditions.FindAll(c => c.Since <= day);
                var quarter = months % 3 == 0;
                var place = local && months % 6 != 5 ? context.StationOf(person)
                    : provincial ? context.SpecialFor(person, active[0].Protocol) : context.DistrictOf(person);
                var sending = local && place.Kind != "station" && dice.Chance(0.5) ? SendFor(person, active, day.AddDays(-2), place, context, dice) : null;
                if (sending is not null)
                {
                    visits.Add(sending);
                }

                visits.Add(new Visit
                {
                    Person = person,
                    Start = LifeContext.Morning(day, dice),
                    Facility = place,
                    Protocol = active[0].Protocol,
                    Main = active[0].Code,
                    Also = active[1..],
                    Form = "05",
                    Days = interval > 30 ? interval : 30,
                    Tests = place.Kind != "station" && (quarter || months % 6 == 5),
                    SentFrom = sending?.Facility,
                    SentBy = sending,
                    Next = day.AddDays(interval),
                    Outcome = 2,
                });
                months++;
            }
            else if (dice.Chance(0.06))
            {
                day = day.AddDays(dice.Between(60, 200));
            }

            day = day.AddDays(interval + dice.Between(-3, 3));
        }
    }

    /// <summary>A short visit at the station for the paper that sends the person up for the half-yearly tests.</summary>
    private static Visit? SendFor(Person person, List<Condition> active, DateOnly day, Facility to, LifeContext context, Dice dice) => day <= LifeContext.First ? null : new Visit
    {
        Person = person,
        Start = LifeContext.Morning(day, dice),
        Facility = context.StationOf(person),
        Protocol = active[0].Protocol,
        Main = active[0].Code,
        Also = active[1..],
        Form = "01",
        Tests = false,
        Outcome = 3,
        Leave = 2,
        SentTo = to,
    };

    private static int Rank(Condition condition) => Array.IndexOf(Lead, condition.Protocol.Id) is var i and >= 0 ? i : Lead.Length;
}
