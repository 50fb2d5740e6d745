using System.Globalization;

namespace Mach.Vietnam.Bhyt.Checks;

/// <summary>What each field's definition asks: presence, length, form, list.</summary>
internal static class FieldChecks
{
    /// <summary>Dates that may lie ahead: plans, and the end of what is granted.</summary>
    private static readonly HashSet<string> Ahead =
    [
        "GT_THE_TU", "GT_THE_DEN", "NGAY_TAI_KHAM", "NGAY_HEN_KL", "TU_NGAY", "DEN_NGAY", "NGOAITRU_TUNGAY", "NGOAITRU_DENNGAY",
        "NGAY_KET_THUC_XU_TRI", "NGAYKT_DTRI_LAO", "NAM_NAM_LIEN_TUC", "NGAY_MIEN_CCT",
    ];

    /// <summary>Smallest and greatest value. Source: QĐ 130, texts of the fields.</summary>
    private static readonly Dictionary<string, (decimal Low, decimal High)> Ranges = new(StringComparer.Ordinal)
    {
        ["THANG_QT"] = (1, 12),
        ["TUOI_THAI"] = (1, 42),
        ["TYLE_TT_BH"] = (0, 100),
        ["TYLE_TT_DV"] = (0, 100),
        ["MUC_HUONG"] = (0, 100),
    };

    public static void Run(CheckContext context)
    {
        foreach (var table in context.Dossier.Tables)
        {
            foreach (var row in table.Rows)
            {
                foreach (var field in row.Table.Fields)
                {
                    Check(context, row, field);
                }
            }
        }
    }

    private static void Check(CheckContext context, DossierRow row, BhytField field)
    {
        var value = row[field.Index];
        var text = value.AsSpan().Trim();
        if (text.IsEmpty)
        {
            if (field.Required == BhytRequired.Always || (field.When is { } when && when.Holds(row)))
            {
                context.Add(CheckRules.FieldRequired, row, field.Name, "trường bắt buộc nhưng trống. Hãy bổ sung.", "the field is required but empty. Fill it in.");
            }

            return;
        }

        if (field.Required == BhytRequired.Always && text is "." or "-" or "..." or "x")
        {
            context.Add(CheckRules.FieldPlaceholder, row, field.Name, "chỉ có ký hiệu thay thế. Hãy ghi giá trị thật.", "holds only a placeholder. State the real value.");
        }

        if (field.Form != BhytForm.Text && text.Length != value!.Length)
        {
            context.Add(CheckRules.FieldBlanks, row, field.Name, "có khoảng trắng ở đầu hoặc cuối. Hãy bỏ khoảng trắng.", "has blanks before or after it. Remove them.");
        }

        var length = field.Type == BhytType.Number ? text.Length - text.Count('.') - text.Count('-') : text.Length;
        if (length > field.MaxLength)
        {
            context.Add(CheckRules.FieldLength, row, field.Name,
                string.Create(CultureInfo.InvariantCulture, $"dài {length} ký tự, quy định tối đa {field.MaxLength}. Hãy rút gọn."),
                string.Create(CultureInfo.InvariantCulture, $"has {length} characters, at most {field.MaxLength} are allowed. Shorten it."));
        }

        CheckForm(context, row, field, text);
    }

    private static void CheckForm(CheckContext context, DossierRow row, BhytField field, ReadOnlySpan<char> text)
    {
        if (field.Form is BhytForm.Text or BhytForm.Code)
        {
            return;
        }

        var repeats = field.Repeats || field.Form is BhytForm.IcdCodes or BhytForm.FacilityCodes;
        var parts = 0;
        foreach (var range in text.Split(';'))
        {
            var part = text[range].Trim();
            parts++;
            if (part.IsEmpty && repeats)
            {
                continue; // an empty place among several
            }

            CheckPart(context, row, field, repeats ? part : text);
            if (!repeats)
            {
                break;
            }
        }

        if (field.Name == "MA_BENH_KT" && parts > 12)
        {
            context.Add(CheckRules.IcdCount, row, field.Name, "có hơn 12 mã bệnh kèm theo. Hãy ghi tối đa 12 mã.", "has more than 12 codes. At most 12 are allowed.");
        }
    }

    private static void CheckPart(CheckContext context, DossierRow row, BhytField field, ReadOnlySpan<char> part)
    {
        switch (field.Form)
        {
            case BhytForm.Integer or BhytForm.Decimal:
                CheckNumber(context, row, field, part);
                break;
            case BhytForm.Date8 or BhytForm.DateTime12 or BhytForm.BirthDate12:
                CheckDate(context, row, field, part);
                break;
            case BhytForm.CodeList when CodeLists.Find(field.CodeList!) is { } list && !list.Permits(part.ToString(), context.Day):
                context.Add(CheckRules.FieldCode, row, field.Name, $"không có trong danh mục {list.Vi} ({Some(list)}). Hãy chọn mã đúng.", $"is not in the list {list.En} ({Some(list)}). Choose a listed code.");
                break;
            case BhytForm.IcdCode or BhytForm.IcdCodes when !IcdShape.Is(part):
                context.Add(CheckRules.FieldIcd, row, field.Name, "không đúng dạng mã ICD-10 (ví dụ J18.9; nhiều mã cách nhau bằng dấu chấm phẩy). Hãy sửa mã.", "is not of the form of ICD-10 (such as J18.9; several are separated by semicolons). Correct the code.");
                break;
            case BhytForm.FacilityCode or BhytForm.FacilityCodes when part.Length != 5 || !IsUpperAlphanumeric(part):
                context.Add(CheckRules.FieldFacility, row, field.Name, "mã cơ sở phải có 5 ký tự. Hãy ghi mã do cơ quan có thẩm quyền cấp.", "a facility code has 5 characters. State the code that was assigned.");
                break;
        }
    }

    private static void CheckNumber(CheckContext context, DossierRow row, BhytField field, ReadOnlySpan<char> part)
    {
        if (!decimal.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            var comma = part.Contains(',');
            context.Add(CheckRules.FieldNumber, row, field.Name,
                comma ? "có dấu phẩy; dấu thập phân phải là dấu chấm và không có dấu ngăn nghìn. Hãy sửa." : "không phải số không âm. Hãy ghi bằng chữ số.",
                comma ? "has a comma; the decimal sign is a point, and thousands are not separated. Correct it." : "is not a number of zero or more. Write it in digits.");
            return;
        }

        var point = part.IndexOf('.');
        var allowed = field.Form == BhytForm.Integer ? 0 : field.Name.StartsWith("DON_GIA", StringComparison.Ordinal) || field.Name == "SO_LUONG" ? 3 : 2;
        if (point >= 0 && part[(point + 1)..].TrimEnd('0').Length > allowed)
        {
            context.Add(CheckRules.FieldDecimals, row, field.Name,
                string.Create(CultureInfo.InvariantCulture, $"có nhiều hơn {allowed} chữ số thập phân. Hãy làm tròn."),
                string.Create(CultureInfo.InvariantCulture, $"has more than {allowed} decimals. Round it."));
        }

        if (Ranges.TryGetValue(field.Name, out var range) && (number < range.Low || number > range.High))
        {
            context.Add(CheckRules.FieldRange, row, field.Name,
                string.Create(CultureInfo.InvariantCulture, $"phải từ {range.Low} đến {range.High}. Hãy kiểm tra lại."),
                string.Create(CultureInfo.InvariantCulture, $"must be from {range.Low} to {range.High}. Check it."));
        }
    }

    private static void CheckDate(CheckContext context, DossierRow row, BhytField field, ReadOnlySpan<char> part)
    {
        var expected = field.Form == BhytForm.Date8 ? 8 : 12;
        // Freedom from co-payment is a day on its paper and a time on the bill (QĐ 130, NGAY_MIEN_CCT).
        var rightLength = part.Length == expected || (field.Name == "NGAY_MIEN_CCT" && part.Length == 8);
        if (!rightLength || !Kernel.PartialDate.TryParseDigits(part, out var date) || (date.Day == 0 && field.Form != BhytForm.BirthDate12) || date.Year < 1880)
        {
            context.Add(CheckRules.FieldDate, row, field.Name,
                expected == 8 ? "không phải ngày dạng yyyymmdd. Hãy sửa ngày." : "không phải thời điểm dạng yyyymmddHHMM. Hãy sửa ngày giờ.",
                expected == 8 ? "is not a date of the form yyyymmdd. Correct it." : "is not a time of the form yyyymmddHHMM. Correct it.");
            return;
        }

        if (!Ahead.Contains(field.Name) && (date.Date ?? new DateOnly(date.Year, Math.Max(date.Month, 1), 1)) > context.Today)
        {
            context.Add(CheckRules.DateFuture, row, field.Name, "ở tương lai. Hãy kiểm tra ngày hoặc đồng hồ của máy.", "lies in the future. Check the date or the computer's clock.");
        }
    }

    private static bool IsUpperAlphanumeric(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c) && !char.IsAsciiLetterUpper(c))
            {
                return false;
            }
        }

        return true;
    }

    private static string Some(CodeList list) => string.Join(", ", list.Values.Take(10).Select(v => v.Code)) + (list.Values.Count > 10 ? ", …" : "");
}
