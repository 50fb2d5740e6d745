using Mach.Demo.People;

namespace Mach.Demo.Life;

/// <summary>Outbreaks that run over the communes as waves: each commune has its own day of the peak.</summary>
internal static class Epidemics
{
    /// <param name="Peak">Day of the peak over the province.</param>
    /// <param name="SpreadDays">Deviation of the cases round the commune's own peak.</param>
    /// <param name="Attack">Share of the people of the right age who are seen with it.</param>
    private sealed record Wave(string Protocol, DateOnly Peak, int SpreadDays, double Attack, double InBed);

    private static readonly Wave[] Fixed =
    [
        new("covid", new(2022, 3, 5), 14, 0.11, 0),
        new("dengue", new(2023, 10, 1), 24, 0.021, 0.3),
        new("dengue", new(2024, 10, 12), 20, 0.006, 0.25),
        new("dengue", new(2025, 10, 5), 22, 0.010, 0.25),
        new("measles", new(2025, 1, 20), 30, 0.11, 0),
    ];

    private static readonly Wave[] Yearly =
    [
        new("flu", new(2000, 1, 22), 22, 0.03, 0),
        new("hfmd", new(2000, 4, 20), 18, 0.08, 0),
        new("hfmd", new(2000, 10, 8), 16, 0.06, 0),
    ];

    public static void Plan(Person person, LifeContext context, List<Visit> visits)
    {
        var dice = context.Dice(person, Streams.Epidemic);
        var shift = (int)(uint.Parse(person.Commune.Code, System.Globalization.CultureInfo.InvariantCulture) * 2654435761U >> 16) % 41 - 20;
        foreach (var wave in Fixed)
        {
            Strike(person, wave, wave.Peak, shift, dice, context, visits);
        }

        for (var year = LifeContext.First.Year; year <= context.Today.Year; year++)
        {
            foreach (var wave in Yearly)
            {
                Strike(person, wave, new DateOnly(year, wave.Peak.Month, wave.Peak.Day), shift, dice, context, visits);
            }
        }
    }

    private static void Strike(Person person, Wave wave, DateOnly peak, int shift, Dice dice, LifeContext context, List<Visit> visits)
    {
        var hit = dice.Unit();
        var off = dice.Normal();
        if (hit > wave.Attack)
        {
            return;
        }

        var protocol = context.Medicine.Protocol(wave.Protocol);
        var day = peak.AddDays(shift + (int)(off * wave.SpreadDays));
        if (day < LifeContext.First || day >= context.Today.AddDays(-8) || day <= person.Birth || !protocol.Fits(person.AgeOn(day), person.Sex))
        {
            return;
        }

        var inBed = wave.InBed > 0 && dice.Chance(wave.InBed);
        var place = inBed ? context.DistrictOf(person) : context.PlaceFor(person, protocol, dice);
        var treated = inBed ? context.Medicine.Protocol("dengstay") : protocol;
        visits.Add(new Visit
        {
            Person = person,
            Start = LifeContext.Morning(day, dice),
            Facility = place,
            Protocol = treated,
            Main = dice.PickEarly(treated.Codes),
            Form = inBed ? "03" : "01",
            Days = inBed ? dice.Between(4, 6) : 5,
            Tests = place.Kind != "station" || wave.Protocol is "covid" or "dengue",
            Outcome = inBed || dice.Chance(0.5) ? 1 : 2,
            Emergency = inBed,
            Next = inBed ? null : day.AddDays(2),
        });
    }
}
