using System.Globalization;
using Mach.Kernel;

namespace Mach.Vietnam.Bhyt.Checks;

/// <summary>Tables that must be there, rows that belong together, values that two tables repeat.</summary>
internal static class TableChecks
{
    /// <summary>Fields that, when filled, repeat XML1. Source: BHXH validator workbook.</summary>
    private static readonly (string Table, string[] Fields)[] Repeated =
    [
        ("XML6", ["NGAY_SINH", "GIOI_TINH", "MA_CSKCB"]),
        ("XML7", ["NGAY_VAO", "NGAY_RA"]),
        ("XML8", ["MA_LOAI_KCB", "NGAY_VAO", "NGAY_RA", "KET_QUA_DTRI"]),
        ("XML13", ["MA_CSKCB", "HO_TEN", "NGAY_SINH", "GIOI_TINH", "NGAY_VAO", "NGAY_RA", "MA_BENH_CHINH", "MA_LOAI_RV"]),
        ("XML14", ["MA_CSKCB", "HO_TEN", "NGAY_SINH", "GIOI_TINH", "NGAY_VAO", "NGAY_RA", "MA_BENH_CHINH"]),
        ("XML15", ["HO_TEN", "SO_CCCD", "MA_CSKCB"]),
    ];

    public static void Run(CheckContext context)
    {
        if (!context.Dossier.IsCheckIn)
        {
            CheckRequired(context);
        }

        foreach (var table in context.Dossier.Tables)
        {
            if (table.Definition is { Row: not null } shape && shape.IndexOf("STT") >= 0)
            {
                CheckStt(context, table);
            }
        }

        foreach (var (table, fields) in Repeated)
        {
            foreach (var row in context.Rows(table))
            {
                foreach (var field in fields)
                {
                    CheckRepeated(context, row, field);
                }
            }
        }

        CheckLeave(context);
    }

    /// <summary>Source: BHXH validator workbook, conditions of each table.</summary>
    private static void CheckRequired(CheckContext context)
    {
        var care = context.KindOfCare;
        var (left, summary) = (context.Summary.Get("MA_LOAI_RV"), context.Summary);
        Require(context, "XML2", AmountChecks.Number(summary, "T_THUOC") > 0, "T_THUOC > 0");
        Require(context, "XML3", AmountChecks.Number(summary, "T_TONGCHI_BV") - (AmountChecks.Number(summary, "T_THUOC") ?? 0) > 1, "T_TONGCHI_BV > T_THUOC");
        Require(context, "XML5", care is "02" or "03" or "04" or "06" or "09", $"MA_LOAI_KCB = {care}");
        Require(context, "XML7", care is "02" or "03" or "04" && left != "3", $"MA_LOAI_KCB = {care}");
        Require(context, "XML8", care is "03" or "04" or "06", $"MA_LOAI_KCB = {care}");
        Require(context, "XML13", left is "2" or "5", $"MA_LOAI_RV = {left}");
        Require(context, "XML14", summary.Get("NGAY_TAI_KHAM") is not null, "NGAY_TAI_KHAM");
    }

    private static void Require(CheckContext context, string table, bool condition, string why)
    {
        if (condition && context.Rows(table).Count == 0)
        {
            context.Add(CheckRules.TableRequired, table, $"phải có bảng này ({why}) nhưng không có dòng nào. Hãy gửi bổ sung.", $"the table must be there ({why}), but it has no rows. Send it.");
        }
    }

    private static void CheckStt(CheckContext context, DossierTable table)
    {
        var seen = new HashSet<int>();
        var greatest = 0;
        foreach (var row in table.Rows)
        {
            if (!int.TryParse(row.Get("STT"), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return; // told as a field
            }

            greatest = Math.Max(greatest, number);
            if (number < 1 || !seen.Add(number))
            {
                context.Add(CheckRules.RowsStt, row, "STT", "bắt đầu từ 0 hoặc bị trùng. Hãy đánh số từ 1, không trùng.", "is 0 or occurs twice. Number the rows from 1, each once.");
                return;
            }
        }

        if (greatest > table.Rows.Count)
        {
            context.Add(CheckRules.RowsStt, table.Name,
                string.Create(CultureInfo.InvariantCulture, $"STT đến {greatest} nhưng chỉ có {table.Rows.Count} dòng. Hãy kiểm tra có dòng nào bị thiếu."),
                string.Create(CultureInfo.InvariantCulture, $"STT goes up to {greatest}, but there are {table.Rows.Count} rows. Check that no row is missing."));
        }
    }

    private static void CheckRepeated(CheckContext context, DossierRow row, string field)
    {
        if (row.Get(field) is not { } own || context.Summary.Get(field) is not { } first || own == first)
        {
            return;
        }

        if (field != "HO_TEN" || VietnameseText.Fold(own) != VietnameseText.Fold(first))
        {
            context.Add(CheckRules.CrossDiffers, row, field, $"khác XML1 (\"{first}\"). Hãy ghi giống XML1.", $"differs from XML1 (\"{first}\"). Make it the same.");
        }
    }

    /// <summary>Source: QĐ 130, XML11 SO_NGAY_NGHI (30 days; tuberculosis 180; end of pregnancy 50) and XML10 under QĐ 3176.</summary>
    private static void CheckLeave(CheckContext context)
    {
        foreach (var row in context.Rows("XML11"))
        {
            var tuberculosis = context.Summary.Get("MA_BENH_CHINH") is { } code && code.Length >= 3 && code[0] == 'A' && string.CompareOrdinal(code[..3], "A15") >= 0 && string.CompareOrdinal(code[..3], "A19") <= 0;
            var most = tuberculosis ? 180 : row.Get("MA_DINH_CHI_THAI") == "1" ? 50 : 30;
            if (AmountChecks.Number(row, "SO_NGAY_NGHI") is not { } days)
            {
                continue;
            }

            if (days > most)
            {
                context.Add(CheckRules.LeaveDays, row, "SO_NGAY_NGHI",
                    string.Create(CultureInfo.InvariantCulture, $"vượt {most} ngày cho một lần cấp. Hãy cấp lại giấy."),
                    string.Create(CultureInfo.InvariantCulture, $"is more than the {most} days that one certificate may give. Issue it again."));
            }
            else if (CheckContext.Moment(row, "TU_NGAY")?.Date is { } from && CheckContext.Moment(row, "DEN_NGAY")?.Date is { } to && to >= from
                && to.DayNumber - from.DayNumber + 1 != days && to.DayNumber - from.DayNumber != days)
            {
                context.Add(CheckRules.LeaveDays, row, "SO_NGAY_NGHI", "không khớp TU_NGAY và DEN_NGAY. Hãy tính lại.", "does not fit TU_NGAY and DEN_NGAY. Count again.");
            }
        }

        foreach (var row in context.Rows("XML10"))
        {
            if (row.Get("CHAN_DOAN_RV") is { } diagnosis && !VietnameseText.Fold(diagnosis).Contains("duong thai", StringComparison.Ordinal))
            {
                context.Add(CheckRules.LeaveDiagnosis, row, "CHAN_DOAN_RV", "không có chữ \"dưỡng thai\". Hãy ghi rõ.", "does not say \"dưỡng thai\" (pregnancy leave). State it.");
            }
        }
    }
}
