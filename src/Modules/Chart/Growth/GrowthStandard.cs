using System.Collections.Frozen;
using Mach.Chart.Flowsheets;
using Mach.Chart.Reading;

namespace Mach.Chart.Growth;

/// <summary>WHO Child Growth Standards of 2006, birth to 60 months, by the LMS method. From Data/who-growth.tsv.</summary>
internal static class GrowthStandard
{
    /// <summary>Days of a month in the standard.</summary>
    public const double Month = 30.4375;
    public const int Months = 60;
    /// <summary>Standard deviations whose curves are drawn.</summary>
    public static readonly int[] Curves = [-3, -2, 0, 2, 3];

    private static readonly Lazy<FrozenDictionary<(string Key, string Sex), (double L, double M, double S)[]>> s_table = new(static () => Table.Rows("who-growth.tsv")
        .GroupBy(c => (c[0], c[1])).ToFrozenDictionary(g => g.Key, g => g.Select(c => (Analyte.Number(c[3])!.Value, Analyte.Number(c[4])!.Value, Analyte.Number(c[5])!.Value)).ToArray()));

    /// <summary>
    /// How many standard deviations from the median. Beyond three the distance counts in the width between the second and the third, for weight alone.
    /// Null for a sex, an age or an analyte that the standard does not have.
    /// </summary>
    /// <param name="key">weight (kg) or height (cm).</param>
    /// <param name="days">Age, rounded to days.</param>
    /// <remarks>Source: WHO Child Growth Standards, Methods and development (2006), computation of centiles and z-scores.</remarks>
    public static double? Z(string key, string? sex, int days, double value)
    {
        if (Lms(key, sex, days / Month) is not { } p || value <= 0)
        {
            return null;
        }

        var z = (Math.Pow(value / p.M, p.L) - 1) / (p.L * p.S);
        if (key != "weight" || Math.Abs(z) <= 3)
        {
            return z;
        }

        var (third, second) = (At(p, 3 * Math.Sign(z)), At(p, 2 * Math.Sign(z)));
        return (3 * Math.Sign(z)) + ((value - third) / Math.Abs(third - second));
    }

    /// <summary>The value that lies so many standard deviations from the median; null outside of the standard.</summary>
    public static double? Value(string key, string? sex, double months, int deviations) => Lms(key, sex, months) is { } p ? At(p, deviations) : null;

    /// <summary>Beyond this a value is taken for a mistake. Source: WHO Anthro, flags: WAZ below -6 or above 5, HAZ beyond 6.</summary>
    public static bool IsImplausible(string key, double z) => key == "weight" ? z is < -6 or > 5 : Math.Abs(z) > 6;

    private static double At((double L, double M, double S) p, int deviations) => p.M * Math.Pow(1 + (p.L * p.S * deviations), 1 / p.L);

    /// <summary>Between two months in proportion. At 24 months the length becomes a height: what lies between 23 and 24 months goes on with the lengths.</summary>
    private static (double L, double M, double S)? Lms(string key, string? sex, double months)
    {
        if (sex is null || months is < 0 or > Months || !s_table.Value.TryGetValue((key, sex), out var rows))
        {
            return null;
        }

        var month = (int)Math.Floor(months);
        var rest = months - month;
        if (rest == 0 || month == Months)
        {
            return rows[month];
        }

        var (a, b) = (rows[month], rows[month + 1]);
        if (key == "height" && month == 23)
        {
            b = (b.L, a.M + (a.M - rows[22].M), a.S + (a.S - rows[22].S));
        }

        return (a.L + ((b.L - a.L) * rest), a.M + ((b.M - a.M) * rest), a.S + ((b.S - a.S) * rest));
    }
}
