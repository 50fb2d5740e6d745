using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Tests;

/// <summary>Invented dossiers.</summary>
internal static class Samples
{
    public static Dossier Visit(
        string maLk = "LK1", string facility = "25001", string? national = "025199000123", string? card = "DN4252500012345", string name = "Nguyễn Thị Hoa",
        string birth = "199003070000", string sex = "2", string number = "BN1", string day = "202606101000", string diagnosis = "Viêm họng cấp", string? phone = null)
    {
        var dossier = new Dossier { FacilityCode = facility, MaLk = maLk };
        var summary = Row(dossier, "XML1", ("MA_LK", maLk), ("STT", "1"), ("MA_BN", number), ("HO_TEN", name), ("SO_CCCD", national ?? ""), ("NGAY_SINH", birth), ("GIOI_TINH", sex),
            ("MA_THE_BHYT", card ?? ""), ("DIA_CHI", "Khu 3, phường Việt Trì"), ("MATINH_CU_TRU", "25"), ("MAXA_CU_TRU", "07900"), ("LY_DO_VV", "Đau họng"), ("CHAN_DOAN_VAO", diagnosis),
            ("CHAN_DOAN_RV", diagnosis), ("MA_BENH_CHINH", "J02.9"), ("MA_DOITUONG_KCB", "1.1"), ("NGAY_VAO", day), ("NGAY_RA", day), ("KET_QUA_DTRI", "1"), ("MA_LOAI_RV", "1"),
            ("MA_LOAI_KCB", "01"), ("MA_KHOA", "K01"), ("MA_CSKCB", facility), ("NGAY_TTOAN", day));
        summary["DIEN_THOAI"] = phone ?? "";
        Row(dossier, "XML2", ("MA_LK", maLk), ("STT", "1"), ("MA_THUOC", "40.155"), ("TEN_THUOC", "Paracetamol"), ("HAM_LUONG", "500mg"), ("SO_LUONG", "10"), ("NGAY_YL", day));
        Row(dossier, "XML4", ("MA_LK", maLk), ("STT", "1"), ("MA_DICH_VU", "23.0075.1494"), ("MA_CHI_SO", "GLU"), ("TEN_CHI_SO", "Glucose"), ("GIA_TRI", "5,4"), ("DON_VI_DO", "mmol/L"), ("NGAY_KQ", day));
        return dossier;
    }

    public static Dossier CheckIn(string maLk = "LK1", string facility = "25001")
    {
        var dossier = new Dossier { FacilityCode = facility, MaLk = maLk };
        Row(dossier, "XML0", ("MA_LK", maLk), ("STT", "1"), ("MA_BN", "BN1"), ("HO_TEN", "Nguyễn Thị Hoa"), ("SO_CCCD", "025199000123"), ("NGAY_SINH", "199003070000"), ("GIOI_TINH", "2"),
            ("NGAY_VAO", "202606100900"), ("MA_LOAI_KCB", "01"), ("MA_CSKCB", facility), ("NGAY_YL", "202606100905"));
        return dossier;
    }

    public static byte[] Envelope(params Dossier[] dossiers)
    {
        using var bytes = new MemoryStream();
        EnvelopeWriter.Write(bytes, dossiers[0].FacilityCode, new DateOnly(2026, 6, 30), dossiers);
        return bytes.ToArray();
    }

    public static byte[] File(Dossier checkIn)
    {
        using var bytes = new MemoryStream();
        EnvelopeWriter.WriteCheckIn(bytes, checkIn);
        return bytes.ToArray();
    }

    private static DossierRow Row(Dossier dossier, string table, params (string Field, string Value)[] values)
    {
        var definition = BhytTables.Find(table)!;
        var kept = dossier[table];
        if (kept is null)
        {
            dossier.Tables.Add(kept = new DossierTable { Name = table, Definition = definition });
        }

        var row = new DossierRow(definition, kept.Rows.Count + 1);
        foreach (var (field, value) in values)
        {
            row[field] = value;
        }

        kept.Rows.Add(row);
        return row;
    }
}
