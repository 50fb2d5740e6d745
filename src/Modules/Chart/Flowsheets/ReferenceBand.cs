using System.Globalization;
using Mach.Chart.Reading;

namespace Mach.Chart.Flowsheets;

/// <summary>Between what a value is usual. Either end may be open.</summary>
/// <param name="Low">Lowest usual value.</param>
/// <param name="High">Highest usual value; for bands of Data/reference-bands.tsv the first that no longer is.</param>
/// <param name="Second">The band of the second part: diastolic pressure.</param>
/// <param name="Source">Who says so; null for a range that came with the value.</param>
internal sealed record ReferenceBand(double? Low, double? High, (double? Low, double? High) Second = default, string? Source = null)
{
    private static readonly Lazy<ILookup<string, (string Sex, int From, int Below, DateOnly Since, ReferenceBand Band)>> s_table = new(Read);

    /// <summary>The band for somebody of this sex and age on this day; the one that came into force last. Null when the table has none.</summary>
    /// <param name="sex">FHIR administrative gender; null when not known.</param>
    /// <param name="ageDays">Null when the birth date is not known: only bands for every age count.</param>
    public static ReferenceBand? Find(string analyte, string? sex, int? ageDays, DateOnly on) =>
        s_table.Value[analyte].Where(row => (row.Sex == "any" || row.Sex == sex) && row.Since <= on && (ageDays is { } days ? row.From <= days && days < row.Below : row.From == 0 && row.Below == 99999))
            .OrderByDescending(row => row.Since).Select(row => row.Band).FirstOrDefault();

    /// <summary>-1 below, 1 above, 0 within; null when there is nothing to hold it against.</summary>
    public int? Place(double value, double? second = null)
    {
        if (Low is null && High is null)
        {
            return null;
        }

        return IsAbove(value, High) || (second is { } s && IsAbove(s, Second.High)) ? 1 : value < Low || second < Second.Low ? -1 : 0;
    }

    private bool IsAbove(double value, double? high) => high is { } h && (Source is null ? value > h : value >= h);

    public string Text => (Low, High) switch
    {
        (null, null) => "",
        (null, { } high) when Second.High is { } second => string.Create(CultureInfo.InvariantCulture, $"< {high:0.###}/{second:0.###}"),
        (null, { } high) => string.Create(CultureInfo.InvariantCulture, $"{(Source is null ? "≤" : "<")} {high:0.###}"),
        ({ } low, null) => string.Create(CultureInfo.InvariantCulture, $"≥ {low:0.###}"),
        ({ } low, { } high) => string.Create(CultureInfo.InvariantCulture, $"{low:0.###} – {high:0.###}"),
    };

    private static ILookup<string, (string, int, int, DateOnly, ReferenceBand)> Read() => Table.Rows("reference-bands.tsv").ToLookup(c => c[0], c => (
        c[1],
        int.Parse(c[2], CultureInfo.InvariantCulture),
        int.Parse(c[3], CultureInfo.InvariantCulture),
        DateOnly.Parse(c[8], CultureInfo.InvariantCulture),
        new ReferenceBand(Analyte.Number(c[4]), Analyte.Number(c[5]), (Analyte.Number(c[6]), Analyte.Number(c[7])), c[9])), StringComparer.Ordinal);
}
