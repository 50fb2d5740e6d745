using Mach.Demo.Catalogue;
using Mach.Demo.People;

namespace Mach.Demo.Life;

/// <summary>What comes and goes: colds, stomach upsets, wounds, operations; by age, sex and season. Some are sent up, some come back.</summary>
internal sealed class Episodes
{
    /// <summary>Sums the rates so that one draw finds the illness: [list][sex-1][age] → cumulated cases a year per person.</summary>
    private readonly double[][][] _acute;
    private readonly double[][][] _stays;
    private readonly LifeContext _context;

    public Episodes(LifeContext context)
    {
        _context = context;
        _acute = Cumulate(context.Medicine.Acute);
        _stays = Cumulate(context.Medicine.Stays);
    }

    public void Plan(Person person, List<Condition> known, List<Visit> visits)
    {
        for (var year = LifeContext.First.Year; year <= _context.Today.Year; year++)
        {
            var age = Math.Clamp(year - person.Birth.Year, 0, 100);
            if (year < person.Birth.Year)
            {
                continue;
            }

            var dice = _context.Dice(person, Streams.Acute, year);
            foreach (var (protocol, day) in Draw(_context.Medicine.Acute, _acute[person.Sex - 1][age], person.Frailty, year, dice))
            {
                Outpatient(person, protocol, day, known, dice, visits);
            }

            dice = _context.Dice(person, Streams.Stay, year);
            foreach (var (protocol, day) in Draw(_context.Medicine.Stays, _stays[person.Sex - 1][age], person.Frailty, year, dice))
            {
                Stay(person, protocol, day, known, dice, visits);
            }
        }
    }

    private void Outpatient(Person person, Protocol protocol, DateOnly day, List<Condition> known, Dice dice, List<Visit> visits)
    {
        if (Outside(person, day) || !protocol.Fits(person.AgeOn(day), person.Sex))
        {
            return;
        }

        var place = person.Index % 911 == 5 ? _context.Places.Unregistered : _context.PlaceFor(person, protocol, dice);
        var visit = new Visit
        {
            Person = person,
            Start = LifeContext.Morning(day, dice),
            Facility = place,
            Protocol = protocol,
            Main = dice.PickEarly(protocol.Codes),
            Also = Known(known, day, dice),
            Form = "01",
            Days = dice.Between(protocol.DaysLeast, protocol.DaysMost),
            Tests = place.Kind != "station" && dice.Chance(0.65),
            Outcome = dice.Chance(0.3) ? 1 : 2,
            Extra = protocol.Id is "backpain" or "wound" or "sprain" or "flu" or "gout" && place.Kind != "station" && dice.Chance(0.5) ? new SickLeave(dice.Between(2, 7)) : null,
        };
        visits.Add(visit);
        if (place.Kind == "station" && dice.Chance(0.05))
        {
            SendOn(visit, _context.DistrictOf(person), dice.Between(0, 1), dice, visits);
        }
    }

    /// <summary>The same complaint taken further: sent with a paper, seen there with tests.</summary>
    private static void SendOn(Visit visit, Facility to, int afterDays, Dice dice, List<Visit> visits)
    {
        (visit.SentTo, visit.Leave) = (to, 2);
        visits.Add(new Visit
        {
            Person = visit.Person,
            Start = afterDays == 0 ? visit.Start.AddMinutes(150) : LifeContext.Morning(DateOnly.FromDateTime(visit.Start).AddDays(afterDays), dice),
            Facility = to,
            Protocol = visit.Protocol,
            Main = visit.Main,
            Also = visit.Also,
            Form = "01",
            Days = visit.Days,
            SentFrom = visit.Facility,
            SentBy = visit,
            Next = DateOnly.FromDateTime(visit.Start).AddDays(14),
        });
    }

    private void Stay(Person person, Protocol protocol, DateOnly day, List<Condition> known, Dice dice, List<Visit> visits)
    {
        if (Outside(person, day) || !protocol.Fits(person.AgeOn(day), person.Sex))
        {
            return;
        }

        var place = _context.PlaceFor(person, protocol, dice);
        var days = dice.Between(protocol.DaysLeast, protocol.DaysMost);
        if (day.AddDays(days + 1) >= _context.Today)
        {
            return;
        }

        var code = dice.PickEarly(protocol.Codes);
        var start = day.ToDateTime(new TimeOnly(6, 0)).AddMinutes(dice.Below(900));
        var sender = place.Kind == "district" ? _context.StationOf(person) : _context.DistrictOf(person);
        var sent = dice.Chance(0.3);
        var sending = sent
            ? new Visit
            {
                Person = person,
                Start = start.AddMinutes(-200),
                Facility = sender,
                Protocol = protocol,
                Main = code,
                Also = Known(known, day, dice),
                Form = "01",
                Tests = false,
                FollowUp = true,
                Outcome = 3,
                Leave = 2,
                SentTo = place,
            }
            : null;
        if (sending is not null)
        {
            visits.Add(sending);
        }

        var stay = new Visit
        {
            Person = person,
            Start = start,
            Facility = place,
            Protocol = protocol,
            Main = code,
            Also = Known(known, day, dice),
            Form = "03",
            Days = days,
            Outcome = dice.Chance(0.25) ? 1 : 2,
            SentFrom = sent ? sender : null,
            SentBy = sending,
            Emergency = !sent && protocol.Department is not ("K16" or "K30" or "K27" or "K28"),
            Next = day.AddDays(days + 13),
            Extra = person.CardGroup == "DN4" && person.AgeOn(day) >= 18 ? new SickLeave(dice.Between(7, 30)) : null,
        };
        visits.Add(stay);
        if (dice.Chance(0.55) && stay.Next < _context.Today)
        {
            FollowUp(stay, sent ? sender.Kind == "station" ? place : sender : place, dice, visits);
        }
    }

    private static void FollowUp(Visit stay, Facility at, Dice dice, List<Visit> visits) => visits.Add(new Visit
    {
        Person = stay.Person,
        Start = LifeContext.Morning(stay.Next!.Value, dice),
        Facility = at,
        Protocol = stay.Protocol,
        Main = stay.Main,
        Also = stay.Also,
        Form = "01",
        Days = 10,
        FollowUp = true,
        Tests = dice.Chance(0.4),
        SentFrom = at == stay.Facility ? null : stay.Facility,
        Outcome = 1,
    });

    private bool Outside(Person person, DateOnly day) => day < LifeContext.First || day >= _context.Today || day <= person.Birth;

    private static List<Condition> Known(List<Condition> known, DateOnly day, Dice dice) =>
        known.Count > 0 && dice.Chance(0.6) ? known.FindAll(c => c.Since <= day) : [];

    private static List<(Protocol Protocol, DateOnly Day)> Draw(IReadOnlyList<Protocol> list, double[] upTo, double frailty, int year, Dice dice)
    {
        var drawn = new List<(Protocol, DateOnly)>();
        // Poisson by Knuth's product of uniform numbers; the mean is small.
        var none = Math.Exp(-upTo[^1] * frailty);
        for (var product = dice.Unit(); product > none; product *= dice.Unit())
        {
            var at = Array.BinarySearch(upTo, dice.Unit() * upTo[^1]);
            var protocol = list[Math.Min(at >= 0 ? at : ~at, list.Count - 1)];
            var day = new DateOnly(year, 1, 1).AddDays(dice.Below(365));
            for (var i = 0; i < 4 && !dice.Chance(protocol.InSeason(day.Month) / 1.8); i++)
            {
                day = new DateOnly(year, 1, 1).AddDays(dice.Below(365));
            }

            drawn.Add((protocol, day));
        }

        return drawn;
    }

    private static double[][][] Cumulate(IReadOnlyList<Protocol> list)
    {
        var sums = new double[2][][];
        for (var sex = 1; sex <= 2; sex++)
        {
            sums[sex - 1] = new double[101][];
            for (var age = 0; age <= 100; age++)
            {
                var sum = 0.0;
                sums[sex - 1][age] = [.. list.Select(p => sum += p.Fits(age, sex) ? p.PerThousand(age) / 1000 : 0)];
            }
        }

        return sums;
    }
}
