using System.Globalization;
using Mach.Contracts.Registry;
using Mach.Indicators.Cube;

namespace Mach.Indicators.Asking;

/// <summary>Amounts that stand below the line and are no records: bed days of the register. People are of the map (<see cref="Places.Population"/>).</summary>
internal sealed class KnownAmounts(IFacilityMeans means, IFacilityDirectory facilities, TimeProvider clock)
{
    public const string Population = "population", BedDaysPlanned = "bed-days-planned", BedDaysReal = "bed-days-real";

    /// <summary>What an indicator may be divided by.</summary>
    public static readonly IReadOnlyList<string> All = [Population, BedDaysPlanned, BedDaysReal];

    public static bool IsBedDays(string? known) => known is BedDaysPlanned or BedDaysReal;

    /// <summary>Bed days by the keys of a grouping, of the facilities that are asked for; nothing by what beds are not told apart by. Days to come do not count: nobody has lain in them.</summary>
    public async Task<Dictionary<string, decimal>> BedDaysAsync(string known, Grouping by, DateOnly from, DateOnly to, IReadOnlyList<string>? of, CancellationToken ct)
    {
        var (sums, last) = (new Dictionary<string, decimal>(StringComparer.Ordinal), Ui.Dates.Today(clock));
        to = to < last ? to : last;
        if (from > to || by is Grouping.Commune or Grouping.Stratum)
        {
            return sums;
        }

        for (var first = from; first <= to; first = by == Grouping.Month ? new DateOnly(first.Year, first.Month, 1).AddMonths(1) : to.AddDays(1))
        {
            var end = by == Grouping.Month && new DateOnly(first.Year, first.Month, 1).AddMonths(1).AddDays(-1) is var month && month < to ? month : to;
            foreach (var (facility, days) in await means.BedDaysAsync(known == BedDaysPlanned, first, end, ct))
            {
                if (of?.Contains(facility) != false)
                {
                    var key = by switch
                    {
                        Grouping.Month => Spans.MonthOf(first).ToString(CultureInfo.InvariantCulture),
                        Grouping.Facility => facility,
                        Grouping.Tier => facilities.Find(facility)?.Tier ?? "",
                        Grouping.FormerProvince => facilities.Find(facility)?.FormerProvince ?? "",
                        _ => "",
                    };
                    sums[key] = sums.GetValueOrDefault(key) + days;
                }
            }
        }

        return sums;
    }
}
