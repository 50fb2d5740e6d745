using System.Globalization;
using Mach.Demo.Catalogue;
using Mach.Demo.Life;
using Mach.Demo.People;
using Mach.Vietnam.Bhyt;

namespace Mach.Demo.Writing;

/// <summary>The papers that a visit ends with: discharge (XML7), summary (XML8), leave (XML10, XML11), referral (XML13), appointment (XML14).</summary>
internal sealed class Papers(Staff staff, Names names, ulong seed)
{
    public static string ReferralNumber(Facility from, long person, DateTime at) =>
        string.Create(CultureInfo.InvariantCulture, $"{at:yyyyMM}{person % 100_000:D5}/GCT-{from.Code}");

    public void Write(Dossier dossier, Visit visit, Bill bill, string? card)
    {
        var xml1 = dossier.Summary;
        if (visit.InBed)
        {
            Discharge(Row(dossier, visit, "XML7"), visit, bill, xml1);
            Summary(Row(dossier, visit, "XML8"), visit, bill, xml1);
        }

        if (visit.Extra is PregnancyWeek && visit.Main == "O20.0" && card?.StartsWith("DN", StringComparison.Ordinal) == true)
        {
            PregnancyLeave(Row(dossier, visit, "XML10"), visit, xml1);
        }

        if (visit.Extra is SickLeave leave && !visit.InBed && card?.StartsWith("DN", StringComparison.Ordinal) == true)
        {
            LeaveCertificate(Row(dossier, visit, "XML11"), visit, bill, leave, card, xml1);
        }

        if (visit.SentTo is not null)
        {
            Referral(Row(dossier, visit, "XML13"), visit, bill, xml1);
        }

        if (Appointed(visit))
        {
            Appointment(Row(dossier, visit, "XML14"), visit, visit.Next!.Value, xml1);
        }
    }

    /// <summary>A third of the hospitals write appointments (NGAY_TAI_KHAM with XML14) for outpatients, all of them after a stay.</summary>
    public static bool Appointed(Visit visit) =>
        visit.Next is not null && visit.Leave == 1 && visit.Facility.Kind != "station" && (visit.InBed || visit.Facility.Number % 3 == 0);

    private static DossierRow Row(Dossier dossier, Visit visit, string table) => Tables.Row(Tables.Add(dossier, table, DateOnly.FromDateTime(visit.Start)), dossier.MaLk);

    /// <summary>Copies what this paper repeats from XML1.</summary>
    private static void Repeat(DossierRow row, DossierRow xml1, params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields)
        {
            row.Set((field, xml1[field]));
        }
    }

    private (string Licence, string Name) Doctor(Visit visit) => staff.Doctor(visit.Facility, BillRows.DepartmentOf(visit), (int)visit.Person.Index);

    /// <summary>MA_BS of papers: social insurance number of the signing doctor.</summary>
    private static string DoctorNumber(Visit visit) => string.Create(CultureInfo.InvariantCulture, $"258{visit.Facility.Number:D3}{visit.Person.Index % 40:D4}");

    private string Employer(Visit visit) => names.Pick("employer", Dice.For(seed, visit.Person.Index, Streams.Person, 77));

    private void Discharge(DossierRow row, Visit visit, Bill bill, DossierRow xml1)
    {
        Repeat(row, xml1, "NGAY_VAO", "NGAY_RA", "CHAN_DOAN_RV", "MA_TTDV");
        row.Set(("SO_LUU_TRU", xml1["MA_HSBA"]), ("MA_YTE", xml1["MA_BN"]), ("MA_KHOA_RV", visit.Protocol.Department), ("MA_DINH_CHI_THAI", "0"),
            ("PP_DIEUTRI", SummaryRow.Treatment(visit, bill)), ("MA_BS", DoctorNumber(visit)), ("TEN_BS", Doctor(visit).Name), ("NGAY_CT", Tables.Day(visit.End)));
        if (visit.Person.AgeOn(DateOnly.FromDateTime(visit.Start)) < 16)
        {
            row.Set(("MA_CHA", visit.Person.Father?.InsuranceNumber), ("MA_ME", visit.Person.Mother?.InsuranceNumber),
                ("HO_TEN_CHA", visit.Person.Father?.Name), ("HO_TEN_ME", visit.Person.Mother?.Name));
        }

        if (visit.Extra is NewbornOf)
        {
            row.Set(("MA_THE_TAM", xml1["MA_THE_BHYT"]));
        }

        if (visit.Extra is SickLeave leave && visit.Outcome < 5)
        {
            var from = DateOnly.FromDateTime(visit.End).AddDays(1);
            row.Set(("SO_NGAY_NGHI", Tables.Text(leave.Days)), ("NGOAITRU_TUNGAY", Tables.Day(from)), ("NGOAITRU_DENNGAY", Tables.Day(from.AddDays(leave.Days - 1))));
        }
    }

    private static void Summary(DossierRow row, Visit visit, Bill bill, DossierRow xml1)
    {
        Repeat(row, xml1, "MA_LOAI_KCB", "NGAY_VAO", "NGAY_RA", "CHAN_DOAN_VAO", "CHAN_DOAN_RV", "KET_QUA_DTRI", "MA_TTDV");
        row.Set(("QT_BENHLY", $"{visit.Protocol.Reason}. Khám lúc vào: {visit.Protocol.Note}."), ("TOMTAT_KQ", Results(bill)),
            ("PP_DIEUTRI", SummaryRow.Treatment(visit, bill)), ("NGAY_CT", Tables.Day(visit.End)));
        if (visit.Person.AgeOn(DateOnly.FromDateTime(visit.Start)) < 16)
        {
            row.Set(("HO_TEN_CHA", visit.Person.Father?.Name), ("HO_TEN_ME", visit.Person.Mother?.Name), ("GHI_CHU", "Trẻ dưới 16 tuổi, có người nhà chăm sóc"));
        }

        if (visit.Extra is NewbornOf)
        {
            row.Set(("MA_THE_TAM", xml1["MA_THE_BHYT"]));
        }
    }

    private static string Results(Bill bill)
    {
        var done = bill.Services.Where(s => s.Group is 1 or 2 or 3).Select(s => s.Service!.Name).Distinct().Take(6);
        return "Đã làm: " + string.Join(", ", done) + ". Kết quả chi tiết tại bảng cận lâm sàng.";
    }

    private void PregnancyLeave(DossierRow row, Visit visit, DossierRow xml1)
    {
        Repeat(row, xml1, "CHAN_DOAN_RV", "MA_TTDV");
        var from = DateOnly.FromDateTime(visit.End);
        row.Set(("SO_SERI", Serial(visit, "DT")), ("SO_CT", Serial(visit, "CT")), ("SO_NGAY", "14"), ("DON_VI", Employer(visit)), ("TU_NGAY", Tables.Day(from)),
            ("DEN_NGAY", Tables.Day(from.AddDays(14))), ("TEN_BS", Doctor(visit).Name), ("MA_BS", DoctorNumber(visit)), ("NGAY_CT", Tables.Day(from)));
    }

    private void LeaveCertificate(DossierRow row, Visit visit, Bill bill, SickLeave leave, string card, DossierRow xml1)
    {
        Repeat(row, xml1, "CHAN_DOAN_RV", "MA_TTDV");
        var from = DateOnly.FromDateTime(visit.Start);
        row.Set(("SO_CT", Serial(visit, "CT")), ("SO_SERI", Serial(visit, "BH")), ("SO_KCB", xml1["MA_HSBA"]), ("DON_VI", Employer(visit)), ("MA_BHXH", visit.Person.InsuranceNumber),
            ("MA_THE_BHYT", card), ("PP_DIEUTRI", SummaryRow.Treatment(visit, bill)), ("SO_NGAY_NGHI", Tables.Text(leave.Days)), ("TU_NGAY", Tables.Day(from)),
            ("DEN_NGAY", Tables.Day(from.AddDays(leave.Days - 1))), ("MA_BS", DoctorNumber(visit)), ("NGAY_CT", Tables.Day(from)), ("MAU_SO", "CT07"));
    }

    private void Referral(DossierRow row, Visit visit, Bill bill, DossierRow xml1)
    {
        Repeat(row, xml1, "HO_TEN", "NGAY_SINH", "GIOI_TINH", "MA_QUOCTICH", "MA_DANTOC", "MA_NGHE_NGHIEP", "DIA_CHI", "MA_THE_BHYT", "GT_THE_DEN", "NGAY_VAO",
            "NGAY_VAO_NOI_TRU", "NGAY_RA", "CHAN_DOAN_RV", "MA_BENH_CHINH", "MA_BENH_KT", "MA_LOAI_RV", "MA_TTDV", "MA_CSKCB");
        var number = ReferralNumber(visit.Facility, visit.Person.Index, visit.Start);
        row.Set(("SO_HOSO", xml1["MA_HSBA"]), ("SO_CHUYENTUYEN", Tables.Text((int)(visit.Person.Index % 9000) + 1)), ("GIAY_CHUYEN_TUYEN", number),
            ("MA_NOI_DI", ""), ("MA_NOI_DEN", visit.SentTo!.Code), ("MA_CSKCB_DI", visit.Facility.Code), ("MA_CSKCB_DEN", visit.SentTo.Code),
            ("DAU_HIEU_LS", visit.Protocol.Note), ("QT_BENHLY", visit.Protocol.Reason + ", đã điều trị ban đầu, cần chuyển tuyến trên"), ("TOMTAT_KQ", "Chưa có kết quả đặc hiệu"),
            ("PP_DIEUTRI", SummaryRow.Treatment(visit, bill)), ("TEN_DICH_VU", bill.Services[0].Service!.Name), ("TEN_THUOC", bill.Drugs.Count > 0 ? bill.Drugs[0].Drug!.Name : ""),
            ("PP_DIEU_TRI", xml1["PP_DIEU_TRI"]), ("TINH_TRANG_CT", "Tỉnh, mạch và huyết áp ổn định"), ("MA_LYDO_CT", "1"), ("HUONG_DIEU_TRI", "Khám chuyên khoa, làm cận lâm sàng, điều trị tiếp"),
            ("PHUONGTIEN_VC", visit.Emergency || visit.Outcome == 3 ? "Xe cứu thương" : "Tự túc"), ("MA_BAC_SI", Doctor(visit).Licence));
    }

    private void Appointment(DossierRow row, Visit visit, DateOnly next, DossierRow xml1)
    {
        Repeat(row, xml1, "MA_CSKCB", "HO_TEN", "NGAY_SINH", "GIOI_TINH", "DIA_CHI", "MA_THE_BHYT", "GT_THE_DEN", "NGAY_VAO", "NGAY_VAO_NOI_TRU", "NGAY_RA",
            "CHAN_DOAN_RV", "MA_BENH_CHINH", "MA_BENH_KT", "MA_DOITUONG_KCB", "MA_TTDV");
        var wide = row.Table.Fields[row.Table.IndexOf("NGAY_HEN_KL")].MaxLength >= 12;
        row.Set(("SO_GIAYHEN_KL", Serial(visit, "HK")), ("NGAY_HEN_KL", Tables.Day(next) + (wide ? "0800" : "")), ("MA_BAC_SI", Doctor(visit).Licence), ("NGAY_CT", Tables.Day(visit.End)));
    }

    private static string Serial(Visit visit, string kind) => string.Create(CultureInfo.InvariantCulture, $"{kind}{visit.Facility.Code}{visit.Start:yy}{visit.Person.Index:D7}{visit.Ordinal:D3}");
}
