using System.Globalization;
using Mach.Demo.Catalogue;
using Mach.Demo.Life;
using Mach.Demo.People;
using Mach.Vietnam.Bhyt;

namespace Mach.Demo.Writing;

/// <summary>XML1, and the identity fields that other tables repeat.</summary>
internal sealed class SummaryRow(Medicine medicine)
{
    private static readonly Dictionary<string, string> Accidents = new(StringComparer.Ordinal)
    {
        ["clavicle"] = "1",
        ["tibia"] = "1",
        ["head"] = "1",
        ["hip"] = "8",
        ["forearm"] = "8",
        ["wound"] = "8",
        ["sprain"] = "8",
        ["dogbite"] = "8",
        ["poison"] = "7",
    };

    public void Write(Dossier dossier, Visit visit, Bill bill, string? card)
    {
        var row = Tables.Row(Tables.Add(dossier, "XML1", DateOnly.FromDateTime(visit.Start)), dossier.MaLk);
        Who(row, visit, card);
        var person = visit.Person;
        row.Set(("NHOM_MAU", bill.Services.Exists(s => s.Service?.Id == "GRP") ? ResultRows.BloodGroup(person.Index) : ""),
            ("MA_QUOCTICH", "000"), ("MA_DANTOC", person.Ethnic), ("MA_NGHE_NGHIEP", person.Job));
        Why(row, visit, bill);
        When(row, visit);
        Sums(row, bill);
        row.Set(("MA_LOAI_KCB", visit.Form), ("MA_KHOA", BillRows.DepartmentOf(visit)), ("MA_CSKCB", visit.Facility.Code),
            ("CAN_NANG", Tables.Text(WeightKg(visit))), ("CAN_NANG_CON", visit.Extra is BirthOf birth ? Tables.Text(birth.WeightGram) : ""),
            ("NAM_NAM_LIEN_TUC", card is not null && person.AgeOn(DateOnly.FromDateTime(visit.Start)) > 10 ? "20200101" : ""),
            ("NGAY_TAI_KHAM", Papers.Appointed(visit) ? Tables.Day(visit.Next!.Value) : ""),
            ("MA_HSBA", string.Create(CultureInfo.InvariantCulture, $"{visit.Start:yy}.{person.Index:D7}.{visit.Ordinal:D3}")), ("MA_TTDV", Staff.Head(visit.Facility)));
    }

    /// <summary>Name, number, card and address as the facility wrote them on the day; fields that a table lacks are left out.</summary>
    public static void Who(DossierRow row, Visit visit, string? card)
    {
        var person = visit.Person;
        var day = DateOnly.FromDateTime(visit.Start);
        var age = person.AgeOn(day);
        var unnamed = visit.Extra as NewbornOf;
        var twoTiers = day >= Boundaries.TwoTiersFrom;
        row.Set(("MA_BN", PatientNumber(visit)), ("HO_TEN", unnamed is null ? person.Name : "CON BÀ " + unnamed.Mother.Name.ToUpperInvariant()),
            ("SO_CCCD", unnamed is null && person.ShowsCccd && (age >= 1 || person.Index % 3 == 0) ? person.Cccd : ""),
            ("NGAY_SINH", person.BirthText), ("GIOI_TINH", Tables.Text(person.Sex)),
            ("DIA_CHI", person.Household.AddressOn(day)), ("MATINH_CU_TRU", twoTiers ? "25" : person.Commune.Former.Code),
            ("MAHUYEN_CU_TRU", twoTiers ? "" : person.Commune.OldDistrictCode), ("MAXA_CU_TRU", person.Commune.Code), ("DIEN_THOAI", person.Phone(age)));
        if (card is not null)
        {
            var toddler = card.StartsWith("TE1", StringComparison.Ordinal);
            row.Set(("MA_THE_BHYT", card), ("MA_DKBD", Registered(visit)),
                ("GT_THE_TU", toddler ? Tables.Day(person.Birth) : string.Create(CultureInfo.InvariantCulture, $"{day.Year}0101")),
                ("GT_THE_DEN", toddler ? Tables.Day(person.Birth.AddMonths(72).AddDays(30)) : string.Create(CultureInfo.InvariantCulture, $"{visit.End.Year}1231")));
        }
    }

    /// <summary>MA_BN: one number per person in most facilities, one per stay in some (vietnam-formats §1.14.3).</summary>
    public static string PatientNumber(Visit visit) => visit.Facility.Number % 9 == 4
        ? string.Create(CultureInfo.InvariantCulture, $"{visit.Start:yyMMdd}{visit.Person.Index % 100_000:D5}")
        : string.Create(CultureInfo.InvariantCulture, $"{visit.Facility.Number:D3}{visit.Person.Index:D8}");

    /// <summary>MA_DKBD: the station for two in three, else the district centre.</summary>
    public static string Registered(Visit visit) => visit.Extra is NewbornOf
        ? visit.Person.Commune.Former.Code + "000"
        : visit.Person.Index % 3 == 0 || visit.HomeStation is null ? visit.HomeDistrict?.Code ?? visit.Facility.Code : visit.HomeStation.Code;

    public static decimal WeightKg(Visit visit)
    {
        if (visit.Extra is NewbornOf newborn)
        {
            return newborn.WeightGram / 1000m;
        }

        var months = Math.Max(0, visit.Person.MonthsOn(DateOnly.FromDateTime(visit.Start)));
        var own = visit.Person.Index * 7919 % 17 - 8;
        var kg = months < 12 ? 3.4m + (months * 0.55m)
            : months < 216 ? 8.5m + ((months - 12) * (visit.Person.Sex == 1 ? 0.235m : 0.2m))
            : (visit.Person.Sex == 1 ? 60m : 52m) + own;
        return Math.Round(kg + (visit.Extra is PregnancyWeek week ? week.Week * 0.25m : 0) + ((visit.Ordinal % 5) * 0.1m), 1);
    }

    public string Diagnosis(Visit visit) => visit.Also.Count == 0 ? medicine.Disease(visit.Main)
        : medicine.Disease(visit.Main) + "; " + string.Join("; ", visit.Also.Take(6).Select(c => medicine.Disease(c.Code)));

    public static string Secondary(Visit visit) => string.Join(';', visit.Also.Take(6).Select(c => c.Code).Where(c => c != visit.Main).Distinct());

    public static string Treatment(Visit visit, Bill bill) => bill.Services.Exists(s => s.Group == 8) ? "Phẫu thuật kết hợp điều trị nội khoa"
        : bill.Services.Exists(s => s.Group == 18) ? "Nội khoa kết hợp thủ thuật" : visit.Protocol.Department == "K16" ? "Y học cổ truyền kết hợp y học hiện đại" : "Nội khoa";

    private void Why(DossierRow row, Visit visit, Bill bill) => row.Set(
        ("LY_DO_VV", visit.FollowUp && visit.Leave == 1 ? "Khám lại sau điều trị" : visit.Protocol.Reason), ("LY_DO_VNT", visit.InBed ? visit.Protocol.Reason : ""),
        ("CHAN_DOAN_VAO", medicine.Disease(visit.Main)), ("CHAN_DOAN_RV", visit.Extra is PregnancyWeek && visit.Main == "O20.0" ? Diagnosis(visit) + ", nghỉ dưỡng thai" : Diagnosis(visit)),
        ("MA_BENH_CHINH", visit.Main), ("MA_BENH_KT", Secondary(visit)),
        ("MA_PTTT_QT", string.Join(';', bill.Services.Where(s => s.Group is 8 or 18 && s.Service!.Icd9.Length > 0).Select(s => s.Service!.Icd9).Distinct())),
        ("MA_DOITUONG_KCB", Attendance(visit, bill)), ("MA_NOI_DI", visit.SentFrom?.Code), ("MA_NOI_DEN", visit.SentTo?.Code),
        ("MA_TAI_NAN", visit.FollowUp && visit.Leave == 1 ? "" : Accidents.GetValueOrDefault(visit.Protocol.Id)), ("PP_DIEU_TRI", Treatment(visit, bill)),
        ("KET_QUA_DTRI", Tables.Text(visit.Outcome)), ("MA_LOAI_RV", Tables.Text(visit.Leave)),
        ("GHI_CHU", visit.Next is null ? "" : "Khám lại theo hẹn, uống thuốc theo đơn"));

    /// <summary>MA_DOITUONG_KCB: emergency, sent, at the place of registration, elsewhere, not insured.</summary>
    public static string Attendance(Visit visit, Bill bill) => !bill.Insured ? "9" : visit.Emergency ? "2" : visit.SentFrom is not null ? "1.3"
        : visit.FollowUp && visit.Leave == 1 ? "1.4" : Registered(visit) == visit.Facility.Code ? "1.1" : "1.2";

    private static void When(DossierRow row, Visit visit) => row.Set(
        ("NGAY_VAO", Tables.Minute(visit.Start)), ("NGAY_VAO_NOI_TRU", visit.InBed ? Tables.Minute(visit.Start.AddMinutes(40)) : ""), ("NGAY_RA", Tables.Minute(visit.End)),
        ("GIAY_CHUYEN_TUYEN", visit.SentFrom is null ? "" : Papers.ReferralNumber(visit.SentFrom, visit.Person.Index, (visit.SentBy ?? visit).Start)),
        ("SO_NGAY_DTRI", Tables.Text(visit.Form switch { "03" or "05" => visit.Days, "08" => 1, _ => 0 })),
        ("NGAY_TTOAN", Tables.Minute(visit.End.AddMinutes(12))), ("NAM_QT", Tables.Text(visit.End.Year)), ("THANG_QT", visit.End.ToString("MM", CultureInfo.InvariantCulture)));

    private static void Sums(DossierRow row, Bill bill) => row.Set(
        ("T_THUOC", Sum(bill.Drugs, l => l.Hospital)), ("T_VTYT", Sum(bill.Services.Where(s => s.Supply is not null), l => l.Hospital)),
        ("T_TONGCHI_BV", Sum(bill.Lines, l => l.Hospital)), ("T_TONGCHI_BH", Sum(bill.Lines, l => l.Insured)), ("T_BNTT", Sum(bill.Lines, l => l.Own)),
        ("T_BNCCT", Sum(bill.Lines, l => l.CoPay)), ("T_BHTT", Sum(bill.Lines, l => l.Fund)), ("T_NGUONKHAC", "0"), ("T_BHTT_GDV", Sum(bill.Lines, l => l.Fund)));

    private static string Sum(IEnumerable<BillLine> lines, Func<BillLine, decimal> amount) => Tables.Text(lines.Sum(amount));
}
