using System.Globalization;
using Mach.Contracts.Registry;

namespace Mach.Indicators.Plans;

/// <summary>A plan as it is typed or pasted from a sheet: one line a place, its code and the amount, separated by a tab, a semicolon or several blanks. Pure.</summary>
internal static class PlanSheet
{
    public const int MostLines = 2_000;
    private const decimal Most = 1_000_000_000_000m;
    private static readonly string[] Tiers = ["specialised", "basic", "initial"];

    /// <returns>Amounts by place, and what is wrong by line; nothing is half read.</returns>
    public static (Dictionary<string, decimal> Plan, List<string> Problems) Read(string text, IFacilityDirectory facilities)
    {
        var (plan, problems) = (new Dictionary<string, decimal>(StringComparer.Ordinal), new List<string>());
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        if (lines.Length > MostLines)
        {
            return (plan, [Words.T.Format("plan-long", MostLines)]);
        }

        for (var i = 0; i < lines.Length; i++)
        {
            var cells = lines[i].Split(['\t', ';'], StringSplitOptions.TrimEntries);
            cells = cells.Length == 1 ? lines[i].Split("  ", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : cells;
            if (lines[i].Trim().Length == 0)
            {
                continue;
            }

            var place = cells.Length < 2 ? null : PlaceOf(cells[0], facilities);
            if (place is null)
            {
                problems.Add(Words.T.Format(cells.Length < 2 ? "plan-no-amount" : "plan-no-place", i + 1, cells[0]));
            }
            else if (Amount(cells[^1]) is not { } amount)
            {
                problems.Add(Words.T.Format("plan-no-number", i + 1, cells[^1]));
            }
            else if (!plan.TryAdd(place, amount))
            {
                problems.Add(Words.T.Format("plan-twice", i + 1, cells[0]));
            }
        }

        return (plan, problems);
    }

    public static string Write(IEnumerable<PlanEntry> plan) => string.Join('\n', plan.Select(p => string.Create(CultureInfo.InvariantCulture, $"{(p.Place.StartsWith("f:", StringComparison.Ordinal) || p.Place.StartsWith("t:", StringComparison.Ordinal) ? p.Place[2..] : p.Place)}\t{p.Value:0.##}")));

    private static string? PlaceOf(string code, IFacilityDirectory facilities) =>
        code is "*" ? "*" : Tiers.Contains(code) ? "t:" + code : facilities.Find(code.ToUpperInvariant()) is { } facility ? "f:" + facility.Code : null;

    /// <summary>12000, 12.000 and 12 000 are twelve thousand, as sheets of this country write it; a comma is decimal.</summary>
    private static decimal? Amount(string text)
    {
        var plain = text.Replace(" ", "", StringComparison.Ordinal).Replace("\u00a0", "", StringComparison.Ordinal);
        plain = plain.Contains('.', StringComparison.Ordinal) && plain.Split('.')[1..].All(p => p.Length >= 3 && p[..3].All(char.IsAsciiDigit) && (p.Length == 3 || p[3] == ',')) ? plain.Replace(".", "", StringComparison.Ordinal) : plain;
        return decimal.TryParse(plain.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && amount is >= 0 and <= Most ? amount : null;
    }
}
