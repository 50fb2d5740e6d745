using System.Globalization;
using Mach.Demo.Catalogue;
using Mach.Demo.Life;

namespace Mach.Demo.Writing;

/// <summary>Measured values that belong to the person: the own level, moved by disease and by years, with a little noise.</summary>
internal sealed class LabValues(ulong seed, Medicine medicine)
{
    /// <summary>Value as the laboratory writes it; null where the indicator says nothing (eGFR of a child).</summary>
    public string? Of(Indicator indicator, Visit visit, BillLine line, Dice noise)
    {
        var value = indicator.Code == "EGFR" ? Egfr(visit, line) : Value(indicator, visit, line, noise);
        return value is { } v ? Math.Clamp(v, indicator.Least, indicator.Most).ToString("F" + Tables.Text(indicator.Decimals), CultureInfo.InvariantCulture) : null;
    }

    private double Value(Indicator indicator, Visit visit, BillLine line, Dice noise)
    {
        var person = visit.Person;
        var own = Dice.For(seed, person.Index, Streams.LabBase, indicator.Number).Normal();
        var (mean, sd) = person.Sex == 1 ? (indicator.ManMean, indicator.ManSd) : (indicator.WomanMean, indicator.WomanSd);
        var value = mean + (own * sd * 0.75) + (noise.Normal() * sd * 0.45);
        var day = DateOnly.FromDateTime(visit.Start);
        var strongest = 0.0;
        if (medicine.EffectOf(visit.Protocol.Id, indicator.Code) is { } effect && !visit.FollowUp)
        {
            Apply(effect, LifeContext.First);
        }

        foreach (var condition in visit.Also)
        {
            if (medicine.EffectOf(condition.Protocol.Id, indicator.Code) is { } other)
            {
                Apply(other, condition.Since);
            }
        }

        if (visit.InBed && line.StayDay > 0)
        {
            value = mean + ((value - mean) * (1 - (0.7 * line.StayDay / visit.Days)));
        }

        return indicator.Code == "CRE" && person.AgeOn(day) < 15 ? value * 0.55 : value;

        void Apply(Effect e, DateOnly since)
        {
            var years = Math.Clamp((day.DayNumber - Math.Max(since.DayNumber, LifeContext.First.DayNumber)) / 365.25, 0, 6);
            var moved = e.Mean + (own * e.Sd * 0.8) + (e.PerYear * years) + (noise.Normal() * e.Sd * 0.3);
            if (Math.Abs(moved - mean) > strongest)
            {
                (strongest, value) = (Math.Abs(moved - mean), moved);
            }
        }
    }

    /// <summary>CKD-EPI 2021 from the creatinine of the same sample (Inker et al., NEJM 2021;385:1737).</summary>
    private double? Egfr(Visit visit, BillLine line)
    {
        var age = visit.Person.AgeOn(DateOnly.FromDateTime(visit.Start));
        if (age < 18)
        {
            return null;
        }

        var creatinine = medicine.Service("CRE").Indicators[0];
        var cre = Math.Clamp(Value(creatinine, visit, line, NoiseOf(visit, creatinine, line)), creatinine.Least, creatinine.Most) / 88.4;
        var (k, a, factor) = visit.Person.Sex == 2 ? (0.7, -0.241, 1.012) : (0.9, -0.302, 1.0);
        return 142 * Math.Pow(Math.Min(cre / k, 1), a) * Math.Pow(Math.Max(cre / k, 1), -1.2) * Math.Pow(0.9938, age) * factor;
    }

    public Dice NoiseOf(Visit visit, Indicator indicator, BillLine line) =>
        Dice.For(seed, visit.Person.Index, Streams.Lab, (visit.Ordinal * 1_000_000L) + (indicator.Number * 100L) + line.StayDay);
}
