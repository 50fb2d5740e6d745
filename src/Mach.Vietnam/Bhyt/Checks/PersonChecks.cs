using System.Globalization;
using Mach.Kernel;
using Mach.Vietnam.Identity;

namespace Mach.Vietnam.Bhyt.Checks;

/// <summary>Who the person is: numbers, cards, sex, age and telephone agree with each other.</summary>
internal static class PersonChecks
{
    private static readonly string[] PregnancyTables = ["XML9", "XML10"];

    public static void Run(CheckContext context)
    {
        CheckCitizenId(context);
        CheckBirth(context);
        CheckCards(context);
        CheckSexAndAge(context);
        if (context.Summary.Get("DIEN_THOAI") is { } phone && PhoneNumber.Normalise(phone) is null)
        {
            context.Add(CheckRules.PersonPhone, context.Summary, "DIEN_THOAI", "không có dạng số điện thoại Việt Nam. Hãy hỏi lại người bệnh.", "is not of the form of a Vietnamese telephone number. Ask the patient again.");
        }
    }

    private static void CheckCitizenId(CheckContext context)
    {
        if (context.Summary.Get("SO_CCCD") is not { } text)
        {
            return;
        }

        if (!CitizenId.TryParse(text, out var id))
        {
            var isOld = text.Length == 9 && text.All(char.IsAsciiDigit);
            var isPassport = text.Length == 8 && char.IsAsciiLetterUpper(text[0]) && text.AsSpan(1).ContainsAnyExceptInRange('0', '9') is false;
            if (!isOld && !isPassport)
            {
                context.Add(CheckRules.PersonIdForm, context.Summary, "SO_CCCD", "không đúng dạng CCCD (12 số), CMND (9 số) hay hộ chiếu (một chữ in và 7 số). Hãy quét lại thẻ.", "is not of the form of a citizen number (12 digits), an old card (9 digits) or a passport (a capital and 7 digits). Scan the card again.");
            }

            return;
        }

        if (!id.FitsSex(context.Sex))
        {
            context.Add(CheckRules.PersonIdSex, context.Summary, "SO_CCCD", "chữ số thứ tư cho thấy giới tính khác GIOI_TINH. Hãy đối chiếu thẻ.", "its fourth digit tells another sex than GIOI_TINH. Compare with the card.");
        }

        if (context.Birth is { } birth && !id.FitsBirthYear(birth.Year))
        {
            context.Add(CheckRules.PersonIdBirth, context.Summary, "SO_CCCD",
                string.Create(CultureInfo.InvariantCulture, $"cho thấy năm sinh {id.BirthYear}, khác NGAY_SINH ({birth.Year}). Hãy đối chiếu thẻ."),
                string.Create(CultureInfo.InvariantCulture, $"tells the birth year {id.BirthYear}, not that of NGAY_SINH ({birth.Year}). Compare with the card."));
        }
    }

    private static void CheckBirth(CheckContext context)
    {
        if (context.Birth is { } birth && context.Arrived is { } arrived && (birth.Low > arrived.High || arrived.Year - birth.Year > 130))
        {
            context.Add(CheckRules.PersonBirth, context.Summary, "NGAY_SINH", "sau ngày vào viện hoặc tuổi quá 130. Hãy sửa ngày sinh.", "is after the arrival, or makes the person older than 130. Correct the birth date.");
        }
    }

    private static void CheckCards(CheckContext context)
    {
        var summary = context.Summary;
        if (summary.Get("MA_THE_BHYT") is not { } text)
        {
            return;
        }

        var parts = text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var cards = InsuranceCard.ParseAll(text);
        if (cards.Count < parts.Length)
        {
            context.Add(CheckRules.CardForm, summary, "MA_THE_BHYT", "không đúng cấu trúc thẻ (15 ký tự: 2 chữ, mức hưởng 1–5, 2 số tỉnh, 10 số; hoặc 10 số). Hãy tra lại thẻ.", "is not of the form of a card (15 characters: 2 letters, level 1–5, 2 digits of the province, 10 digits; or 10 digits). Look the card up again.");
        }

        if (cards.DistinctBy(c => c.Number).Skip(1).Any())
        {
            context.Add(CheckRules.CardPersons, summary, "MA_THE_BHYT", "các thẻ có 10 số cuối khác nhau nên là của nhiều người. Hãy kiểm tra lại thẻ.", "the cards end in different numbers, so they belong to several people. Check the cards.");
        }

        foreach (var field in new[] { "MA_DKBD", "GT_THE_TU", "GT_THE_DEN" })
        {
            if (summary.Get(field) is { } value && value.Count(c => c == ';') != text.Count(c => c == ';'))
            {
                context.Add(CheckRules.CardParallel, summary, field, "số giá trị không bằng số thẻ trong MA_THE_BHYT. Hãy ghi song song, cách nhau bằng dấu chấm phẩy.", "does not have as many values as MA_THE_BHYT has cards. Write them in parallel, separated by semicolons.");
            }
        }

        CheckValidity(context, parts.Length);
    }

    private static void CheckValidity(CheckContext context, int cards)
    {
        var from = Days(context.Summary["GT_THE_TU"]);
        var to = Days(context.Summary["GT_THE_DEN"]);
        if (from.Count != cards || to.Count != cards)
        {
            return; // nothing sure can be said
        }

        foreach (var (field, moment) in new[] { ("NGAY_VAO", context.Arrived), ("NGAY_RA", context.Left) })
        {
            if (moment?.Date is { } day && !from.Zip(to).Any(c => c.First <= day && day <= c.Second))
            {
                context.Add(CheckRules.CardValidity, context.Summary, field, "nằm ngoài thời hạn của mọi thẻ BHYT đã ghi. Hãy tra lại thẻ hoặc đối tượng khám.", "lies outside the validity of every insurance card stated. Look the card up again, or correct the kind of attendance.");
            }
        }
    }

    private static List<DateOnly> Days(string? text)
    {
        var days = new List<DateOnly>();
        foreach (var part in (text ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            if (PartialDate.TryParseDigits(part, out var date) && date.Date is { } day)
            {
                days.Add(day);
            }
        }

        return days;
    }

    private static void CheckSexAndAge(CheckContext context)
    {
        var ageYears = context.Birth is { } birth && context.Arrived is { } arrived ? arrived.Year - birth.Year : -1;
        foreach (var field in new[] { "MA_BENH_CHINH", "MA_BENH_KT" })
        {
            foreach (var code in (context.Summary.Get(field) ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (context.Sex > 0 && IcdShape.SexOf(code) is var sex and > 0 && sex != context.Sex)
                {
                    context.Add(CheckRules.SexIcd, context.Summary, field, $"mã {code} chỉ dùng cho {(sex == 1 ? "nam" : "nữ")}. Hãy kiểm tra giới tính hoặc mã bệnh.", $"the code {code} is for {(sex == 1 ? "men" : "women")} only. Check the sex or the code.");
                }

                if (ageYears > 1 && IcdShape.IsPerinatal(code))
                {
                    context.Add(CheckRules.AgeIcd, context.Summary, field, $"mã {code} dùng cho trẻ dưới 1 tuổi. Hãy kiểm tra mã bệnh.", $"the code {code} is for children under one year. Check the code.");
                }
            }
        }

        if (context.Sex != 1)
        {
            return;
        }

        foreach (var table in PregnancyTables)
        {
            if (context.Rows(table).Count == 0)
            {
                continue;
            }

            context.Add(CheckRules.SexPregnancy, table, "bảng này chỉ có ở người bệnh nữ nhưng GIOI_TINH là nam. Hãy kiểm tra giới tính.", "the table belongs to women, but GIOI_TINH says male. Check the sex.");
        }

        foreach (var row in context.Rows("XML7").Concat(context.Rows("XML11")).Where(r => r.Get("MA_DINH_CHI_THAI") == "1"))
        {
            context.Add(CheckRules.SexPregnancy, row, "MA_DINH_CHI_THAI", "chỉ có ở người bệnh nữ nhưng GIOI_TINH là nam. Hãy kiểm tra giới tính.", "belongs to women, but GIOI_TINH says male. Check the sex.");
        }
    }
}
