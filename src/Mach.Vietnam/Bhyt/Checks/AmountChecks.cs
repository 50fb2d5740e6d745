using System.Globalization;

namespace Mach.Vietnam.Bhyt.Checks;

/// <summary>The money adds up, within a đồng of rounding. Source: QĐ 130 and 4750, formulas of XML2, XML3 and XML1.</summary>
internal static class AmountChecks
{
    /// <summary>Systems round to two decimals, to whole đồng, or per unit; a đồng apart is no fault.</summary>
    private const decimal Tolerance = 1m;

    public static void Run(CheckContext context)
    {
        foreach (var row in context.Rows("XML2"))
        {
            var (quantity, price, rate) = (Number(row, "SO_LUONG"), Number(row, "DON_GIA"), Rate(row, "TYLE_TT_BH"));
            Line(context, row, "THANH_TIEN_BV", "SO_LUONG × DON_GIA", quantity * price);
            Line(context, row, "THANH_TIEN_BH", "SO_LUONG × DON_GIA × TYLE_TT_BH/100", quantity * price * rate);
            Split(context, row);
        }

        foreach (var row in context.Rows("XML3"))
        {
            var (quantity, own, insured) = (Number(row, "SO_LUONG"), Number(row, "DON_GIA_BV"), Number(row, "DON_GIA_BH"));
            var (service, rate) = (Rate(row, "TYLE_TT_DV"), Rate(row, "TYLE_TT_BH"));
            Line(context, row, "THANH_TIEN_BV", "SO_LUONG × DON_GIA_BV × TYLE_TT_DV/100", quantity * own * service);
            // Both forms are in the decision: the service rate counts only where special rates apply.
            Line(context, row, "THANH_TIEN_BH", "SO_LUONG × DON_GIA_BH × TYLE_TT_DV/100 × TYLE_TT_BH/100", quantity * insured * service * rate, quantity * insured * rate, Number(row, "T_TRANTT"));
            Split(context, row);
        }

        if (!context.Dossier.IsCheckIn)
        {
            Totals(context);
        }
    }

    private static void Line(CheckContext context, DossierRow row, string field, string formula, decimal? expected, decimal? other = null, decimal? ceiling = null)
    {
        if (Number(row, field) is { } stated && expected is { } value && !Near(stated, value) && !Near(stated, other) && !(ceiling > 0 && stated <= ceiling))
        {
            Differs(context, CheckRules.AmountLine, row, field, formula, value);
        }
    }

    private static void Split(CheckContext context, DossierRow row)
    {
        var others = Number(row, "T_NGUONKHAC") ?? 0;
        if (Sum(row, "T_NGUONKHAC_NSNN", "T_NGUONKHAC_VTNN", "T_NGUONKHAC_VTTN", "T_NGUONKHAC_CL") is { } sources && !Near(others, sources))
        {
            Differs(context, CheckRules.AmountSources, row, "T_NGUONKHAC", "NSNN + VTNN + VTTN + CL", sources);
        }

        if (Number(row, "THANH_TIEN_BV") is { } whole && Sum(row, "T_BNTT", "T_BNCCT", "T_BHTT") is { } paid && !Near(whole, paid + others))
        {
            Differs(context, CheckRules.AmountSplit, row, "THANH_TIEN_BV", "T_BNTT + T_BNCCT + T_BHTT + T_NGUONKHAC", paid + others);
        }

        if (others == 0 && Number(row, "T_BHTT") is { } insured && Number(row, "THANH_TIEN_BH") * Rate(row, "MUC_HUONG") is { } due && !Near(insured, due))
        {
            Differs(context, CheckRules.AmountBenefit, row, "T_BHTT", "THANH_TIEN_BH × MUC_HUONG/100", due);
        }
    }

    private static void Totals(CheckContext context)
    {
        var drugs = context.Rows("XML2");
        var services = context.Rows("XML3");
        var both = drugs.Concat(services).ToList();
        Total(context, "T_THUOC", "THANH_TIEN_BV (XML2)", drugs, "THANH_TIEN_BV");
        Total(context, "T_VTYT", "THANH_TIEN_BV (XML3, MA_VAT_TU)", services.FindAll(r => r.Get("MA_VAT_TU") is not null), "THANH_TIEN_BV");
        Total(context, "T_TONGCHI_BV", "THANH_TIEN_BV (XML2, XML3)", both, "THANH_TIEN_BV");
        Total(context, "T_TONGCHI_BH", "THANH_TIEN_BH (XML2, XML3)", both, "THANH_TIEN_BH");
        foreach (var field in new[] { "T_BNTT", "T_BNCCT", "T_BHTT", "T_NGUONKHAC" })
        {
            Total(context, field, $"{field} (XML2, XML3)", both, field);
        }

        // Cards of army, police and cipher staff are settled otherwise.
        if (!(context.Summary.Get("MA_THE_BHYT") ?? "").Split(';').Any(c => c.Trim() is ['C', 'A' or 'Y', ..] or ['Q', 'N', ..]))
        {
            Total(context, "T_BHTT_GDV", "T_BHTT (MA_PTTT = 1)", both.FindAll(r => r.Get("MA_PTTT") == "1"), "T_BHTT");
        }
    }

    private static void Total(CheckContext context, string field, string formula, List<DossierRow> rows, string rowField)
    {
        if (Number(context.Summary, field) is not { } stated)
        {
            return;
        }

        var sum = rows.Sum(r => Number(r, rowField) ?? 0);
        if (Math.Abs(stated - sum) > Tolerance * Math.Max(1, rows.Count))
        {
            Differs(context, CheckRules.TotalDiffers, context.Summary, field, "Σ " + formula, sum);
        }
    }

    private static void Differs(CheckContext context, CheckRule rule, DossierRow row, string field, string formula, decimal expected)
    {
        var amount = expected.ToString("0.##", CultureInfo.InvariantCulture);
        context.Add(rule, row, field, $"phải là {amount} ({formula}). Hãy tính lại.", $"should be {amount} ({formula}). Calculate it again.");
    }

    private static decimal? Sum(DossierRow row, params ReadOnlySpan<string> fields)
    {
        decimal? sum = null;
        foreach (var field in fields)
        {
            if (Number(row, field) is { } number)
            {
                sum = (sum ?? 0) + number;
            }
        }

        return sum;
    }

    private static bool Near(decimal stated, decimal? expected) => expected is { } value && Math.Abs(stated - value) <= Tolerance;

    /// <summary>A percentage as a fraction; null above 1000 %, which is no rate.</summary>
    private static decimal? Rate(DossierRow row, string field) => Number(row, field) is { } percent and <= 1000 ? percent / 100 : null;

    /// <summary>The number of a field; null when it is empty, no number, or beyond what money can be (so that no product overflows).</summary>
    internal static decimal? Number(DossierRow row, string field) =>
        decimal.TryParse(row[field], NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) && number < 100_000_000_000m
            ? number
            : null;
}
