using System.Globalization;
using Mach.Kernel;

namespace Mach.Vietnam.Bhyt.Checks;

/// <summary>Times are in order and within the visit; days are counted right.</summary>
internal static class TimeChecks
{
    /// <summary>In each table, what must not come after what. Sources: BHXH validator workbook (&gt;= NGAY_VAO, &gt;= NGAY_YL, &gt;= NGAY_RA) and a production checker.</summary>
    private static readonly (string Table, string Earlier, string Later)[] Pairs =
    [
        ("XML0", "NGAY_VAO", "NGAY_VAO_NOI_TRU"),
        ("XML1", "NGAY_VAO", "NGAY_VAO_NOI_TRU"), ("XML1", "NGAY_VAO", "NGAY_RA"), ("XML1", "NGAY_VAO_NOI_TRU", "NGAY_RA"), ("XML1", "NGAY_RA", "NGAY_TTOAN"),
        ("XML2", "NGAY_YL", "NGAY_TH_YL"),
        ("XML3", "NGAY_YL", "NGAY_TH_YL"), ("XML3", "NGAY_TH_YL", "NGAY_KQ"), ("XML3", "NGAY_YL", "NGAY_KQ"),
        ("XML6", "NGAYBD_DTRI_LAO", "NGAYKT_DTRI_LAO"), ("XML6", "NGAY_XN_TLVR", "NGAY_KQ_XN_TLVR"), ("XML6", "NGAY_XN_PCR", "NGAY_KQ_XN_PCR"),
        ("XML7", "NGAY_VAO", "NGAY_RA"), ("XML7", "NGOAITRU_TUNGAY", "NGOAITRU_DENNGAY"),
        ("XML8", "NGAY_VAO", "NGAY_RA"), ("XML8", "NGAY_SINHCON", "NGAY_CONCHET"),
        ("XML10", "TU_NGAY", "DEN_NGAY"), ("XML11", "TU_NGAY", "DEN_NGAY"),
        ("XML14", "NGAY_RA", "NGAY_HEN_KL"), ("XML15", "NGAYBD_DTRI_LAO", "NGAYKT_DTRI_LAO"),
    ];

    /// <summary>Times that lie within the visit.</summary>
    private static readonly (string Table, string Field)[] Within =
        [("XML2", "NGAY_YL"), ("XML2", "NGAY_TH_YL"), ("XML3", "NGAY_YL"), ("XML3", "NGAY_TH_YL"), ("XML3", "NGAY_KQ"), ("XML4", "NGAY_KQ"), ("XML5", "THOI_DIEM_DBLS")];

    public static void Run(CheckContext context)
    {
        foreach (var (table, earlier, later) in Pairs)
        {
            foreach (var row in context.Rows(table))
            {
                if (CheckContext.Moment(row, earlier) is { } first && CheckContext.Moment(row, later) is { } second && second.High <= first.Low)
                {
                    context.Add(CheckRules.TimeOrder, row, later, $"trước {earlier} ({row[earlier]?.Trim()}). Hãy kiểm tra hai thời điểm.", $"is before {earlier} ({row[earlier]?.Trim()}). Check the two times.");
                }
            }
        }

        foreach (var (table, field) in Within)
        {
            foreach (var row in context.Rows(table))
            {
                CheckWithin(context, row, field);
            }
        }

        CheckDays(context);
    }

    private static void CheckWithin(CheckContext context, DossierRow row, string field)
    {
        if (CheckContext.Moment(row, field) is not { } moment)
        {
            return;
        }

        if (context.Arrived is { } arrived && moment.High <= arrived.Low)
        {
            context.Add(CheckRules.TimeOutside, row, field, $"trước ngày vào ({context.Summary["NGAY_VAO"]?.Trim()}). Hãy kiểm tra thời điểm.", $"is before the arrival ({context.Summary["NGAY_VAO"]?.Trim()}). Check the time.");
        }
        else if (context.Left is { } left && moment.Low >= left.High)
        {
            context.Add(CheckRules.TimeOutside, row, field, $"sau ngày ra ({context.Summary["NGAY_RA"]?.Trim()}). Hãy kiểm tra thời điểm.", $"is after the discharge ({context.Summary["NGAY_RA"]?.Trim()}). Check the time.");
        }
    }

    /// <summary>Source: QĐ 4750, SO_NGAY_DTRI. The count from admission is taken too: it is what wards count.</summary>
    private static void CheckDays(CheckContext context)
    {
        var summary = context.Summary;
        if (AmountChecks.Number(summary, "SO_NGAY_DTRI") is not { } stated)
        {
            return;
        }

        var days = context.KindOfCare switch
        {
            "01" or "07" or "09" => 0,
            "02" or "03" or "04" or "06" => Days(context.Arrived, context.Left),
            _ => -1,
        };
        if (days >= 0 && stated != days && (days == 0 || stated != Days(CheckContext.Moment(summary, "NGAY_VAO_NOI_TRU"), context.Left)))
        {
            context.Add(CheckRules.DaysCount, summary, "SO_NGAY_DTRI",
                string.Create(CultureInfo.InvariantCulture, $"phải là {days} theo hình thức {context.KindOfCare}. Hãy tính lại."),
                string.Create(CultureInfo.InvariantCulture, $"should be {days} for the kind of care {context.KindOfCare}. Count again."));
        }
    }

    private static int Days(PartialDate? from, PartialDate? to) =>
        from?.Date is { } first && to?.Date is { } last && last >= first ? last.DayNumber - first.DayNumber + 1 : -1;
}
