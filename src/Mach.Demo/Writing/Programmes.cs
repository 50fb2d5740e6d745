using System.Globalization;
using Mach.Demo.Life;
using Mach.Demo.People;
using Mach.Vietnam.Bhyt;

namespace Mach.Demo.Writing;

/// <summary>Tables of programmes: HIV care (XML6), births (XML9), tuberculosis (XML15).</summary>
internal sealed class Programmes(Staff staff)
{
    public void Write(Dossier dossier, Visit visit)
    {
        switch (visit.Extra)
        {
            case HivMonth hiv:
                Hiv(Row(dossier, visit, "XML6"), visit, hiv, dossier.Summary);
                break;
            case BirthOf birth:
                Birth(Row(dossier, visit, "XML9"), visit, birth);
                break;
            case TuberculosisMonth tb:
                Tuberculosis(Row(dossier, visit, "XML15"), visit, tb, dossier.Summary);
                break;
        }
    }

    private static DossierRow Row(Dossier dossier, Visit visit, string table) => Tables.Row(Tables.Add(dossier, table, DateOnly.FromDateTime(visit.Start)), dossier.MaLk);

    private static void Hiv(DossierRow row, Visit visit, HivMonth hiv, DossierRow xml1)
    {
        foreach (var field in (string[])["MA_THE_BHYT", "SO_CCCD", "NGAY_SINH", "GIOI_TINH", "DIA_CHI", "MATINH_CU_TRU", "MAHUYEN_CU_TRU", "MAXA_CU_TRU", "MA_CSKCB"])
        {
            row.Set((field, xml1[field]));
        }

        var viral = hiv.Month % 12 == 7;
        row.Set(("NGAYKD_HIV", Tables.Day(hiv.Confirmed)), ("NOI_LAY_MAU_XN", visit.Facility.Code), ("NOI_XN_KD", visit.Facility.Code), ("NOI_BDDT_ARV", visit.Facility.Code),
            ("BDDT_ARV", Tables.Day(hiv.Started)), ("MA_PHAC_DO_DIEU_TRI_BD", "TDF+3TC+DTG"), ("MA_LYDO_DTRI", hiv.Month == 1 ? "1" : "4"), ("LOAI_DTRI_LAO", "0"), ("SANG_LOC_LAO", "2"),
            ("KQ_DTRI_LAO", "7"), ("MA_LYDO_XNTL_VR", viral ? "1" : ""), ("NGAY_XN_TLVR", viral ? Tables.Day(visit.Start) : ""), ("KQ_XNTL_VR", viral ? "1" : ""),
            ("NGAY_KQ_XN_TLVR", viral ? Tables.Day(visit.Start) : ""), ("MA_LOAI_BN", "1"), ("GIAI_DOAN_LAM_SANG", "1"), ("NHOM_DOI_TUONG", visit.Person.Index % 2 == 0 ? "5" : "11"),
            ("MA_TINH_TRANG_DK", "9"), ("MA_XU_TRI", "1"), ("NGAY_BAT_DAU_XU_TRI", Tables.Day(visit.Start)), ("NGAY_KET_THUC_XU_TRI", Tables.Day(visit.Start.AddDays(30))),
            ("MA_PHAC_DO_DIEU_TRI", "TDF+3TC+DTG"), ("SO_NGAY_CAP_THUOC_ARV", "30"), ("NGAY_CHUYEN_PHAC_DO", Tables.Day(hiv.Started)), ("LY_DO_CHUYEN_PHAC_DO", "5"));
    }

    private void Birth(DossierRow row, Visit visit, BirthOf birth)
    {
        var mother = visit.Person;
        var (on, day) = (DateOnly.FromDateTime(visit.Start), birth.Child.Birth);
        var twoTiers = on >= Boundaries.TwoTiersFrom;
        var midwife = staff.Doctor(visit.Facility, "K27", 2).Name;
        row.Set(("MA_BHXH_NND", mother.InsuranceNumber), ("MA_THE_NND", mother.CardOn(on)), ("HO_TEN_NND", mother.Name), ("NGAYSINH_NND", Tables.Day(mother.Birth)), ("MA_DANTOC_NND", mother.Ethnic),
            ("SO_CCCD_NND", mother.Cccd), ("NGAYCAP_CCCD_NND", "20210625"), ("NOICAP_CCCD_NND", "Cục Cảnh sát quản lý hành chính về trật tự xã hội"),
            ("NOI_CU_TRU_NND", mother.Household.AddressOn(on)), ("MA_QUOCTICH", "000"), ("MATINH_CU_TRU", twoTiers ? "25" : mother.Commune.Former.Code),
            ("MAHUYEN_CU_TRU", twoTiers ? "" : mother.Commune.OldDistrictCode), ("MAXA_CU_TRU", mother.Commune.Code), ("HO_TEN_CHA", birth.Child.Father?.Name));
        row.Set(("MA_THE_TAM", birth.Child.CardOn(day)), ("HO_TEN_CON", birth.Child.Name), ("GIOI_TINH_CON", Tables.Text(birth.Child.Sex)), ("SO_CON", "1"), ("LAN_SINH", Tables.Text(birth.Order)),
            ("SO_CON_SONG", Tables.Text(birth.Order)), ("CAN_NANG_CON", Tables.Text(birth.WeightGram)), ("NGAY_SINH_CON", birth.Child.BirthText), ("NOI_SINH_CON", visit.Facility.Name + ", tỉnh Phú Thọ"),
            ("TINH_TRANG_CON", birth.WeightGram < 2500 ? "Nhẹ cân, hồng hào" : "Khỏe mạnh"), ("SINHCON_PHAUTHUAT", birth.Surgery ? "1" : "0"), ("SINHCON_DUOI32TUAN", "0"),
            ("GHI_CHU", birth.Surgery ? "Sinh con phải phẫu thuật" : "Sinh thường"), ("NGUOI_DO_DE", midwife), ("NGUOI_GHI_PHIEU", midwife), ("NGAY_CT", Tables.Day(visit.End)),
            ("SO", string.Create(CultureInfo.InvariantCulture, $"{birth.Child.Index % 900 + 1}")), ("QUYEN_SO", string.Create(CultureInfo.InvariantCulture, $"{day.Year}-{day.Month:D2}")), ("MA_TTDV", Staff.Head(visit.Facility)));
    }

    private static void Tuberculosis(DossierRow row, Visit visit, TuberculosisMonth tb, DossierRow xml1) => row.Set(
        ("MA_BN", xml1["MA_BN"]), ("HO_TEN", xml1["HO_TEN"]), ("SO_CCCD", xml1["SO_CCCD"]), ("PHANLOAI_LAO_VITRI", "1"), ("PHANLOAI_LAO_TS", "1"), ("PHANLOAI_LAO_HIV", "2"),
        ("PHANLOAI_LAO_VK", tb.Proven ? "1" : "2"), ("PHANLOAI_LAO_KT", "7"), ("LOAI_DTRI_LAO", "2"), ("NGAYBD_DTRI_LAO", Tables.Day(tb.Started)), ("PHACDO_DTRI_LAO", "1"),
        ("NGAYKT_DTRI_LAO", tb.Month == 6 ? Tables.Day(visit.Start) : ""), ("KET_QUA_DTRI_LAO", tb.Month == 6 ? tb.Proven ? "1" : "2" : "6"), ("MA_CSKCB", visit.Facility.Code));
}
