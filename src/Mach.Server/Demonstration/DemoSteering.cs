using Mach.Demo;
using Mach.Indicators;
using Mach.Kernel;
using Mach.Vietnam.Bhyt;

namespace Mach.Server.Demonstration;

/// <summary>What gives the director of the demonstration something to decide: plans that some keep to and some do not, a hospital that stopped sending, and one that sent visits twice.</summary>
internal sealed class DemoSteering(DateOnly today)
{
    /// <summary>Sends nothing since <see cref="SilentDays"/> days.</summary>
    public const string Silent = "25030";
    private const int SilentDays = 24;

    /// <summary>Sent some visits of the last month again, under other numbers.</summary>
    public const string Twice = "25038";
    private const int Again = 4;

    /// <summary>Plans ask for so much more than the year before; hospitals with fewer visits have none of their own.</summary>
    private const decimal Growth = 1.12m;
    private const int Least = 30;

    private readonly Dictionary<(string Indicator, string Facility), int> _before = [];
    private readonly List<Dossier> _again = [];

    /// <summary>Looks at a dossier on its way.</summary>
    /// <returns>False when it is not to be sent.</returns>
    public bool Pass(Dossier dossier)
    {
        if (dossier.IsCheckIn || !PartialDate.TryParseDigits(dossier.Summary["NGAY_VAO"], out var read) || read.Date is not { } arrived)
        {
            return dossier.FacilityCode != Silent || dossier.Day is not { } day || day < today.AddDays(-SilentDays);
        }

        if (arrived.Year == today.Year - 1)
        {
            Count("visits");
            if (dossier.Summary["MA_LOAI_KCB"] is "03" or "3")
            {
                Count("visits-inpatient");
            }
        }

        var last = today.AddMonths(-1);
        if (dossier.FacilityCode == Twice && arrived.Year == last.Year && arrived.Month == last.Month && _again.Count < Again)
        {
            _again.Add(dossier);
        }

        return dossier.FacilityCode != Silent || dossier.Day < today.AddDays(-SilentDays);

        void Count(string indicator) => _before[(indicator, dossier.FacilityCode)] = _before.GetValueOrDefault((indicator, dossier.FacilityCode)) + 1;
    }

    /// <summary>The visits that are sent twice, under other numbers; to be taken when all have been sent once.</summary>
    public IReadOnlyList<Dossier> SentAgain() => [.. _again.Select((dossier, i) =>
    {
        var copy = new Dossier { FacilityCode = dossier.FacilityCode, MaLk = dossier.MaLk + "-L2", Position = i + 1 };
        foreach (var row in dossier.Tables.SelectMany(t => t.Rows))
        {
            row["MA_LK"] = copy.MaLk;
        }

        copy.Tables.AddRange(dossier.Tables);
        return copy;
    })];

    /// <summary>States this year's plans, by tier and for the larger hospitals, where there are none.</summary>
    public async Task PlanAsync(Province province, IndicatorService indicators, CancellationToken ct)
    {
        var tiers = province.Facilities.ToDictionary(f => f.Code, f => f.Tier, StringComparer.Ordinal);
        foreach (var indicator in _before.Keys.Select(k => k.Indicator).Distinct())
        {
            var plan = _before.Where(b => b.Key.Indicator == indicator && tiers.ContainsKey(b.Key.Facility)).GroupBy(b => "t:" + tiers[b.Key.Facility]).ToDictionary(g => g.Key, g => Rounded(g.Sum(b => b.Value)), StringComparer.Ordinal);
            foreach (var (key, visits) in _before.Where(b => b.Key.Indicator == indicator && b.Value >= Least && tiers.GetValueOrDefault(b.Key.Facility) == "specialised"))
            {
                plan["f:" + key.Facility] = Rounded(visits);
            }

            await indicators.PlanAsync(indicator, today.Year, plan, "demo", "Kế hoạch minh họa", ct);
        }
    }

    private static decimal Rounded(int before) => decimal.Round(before * Growth / 10) * 10;
}
