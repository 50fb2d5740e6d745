using Mach.Kernel;
using Mach.Vietnam.Bhyt;

namespace Mach.Vietnam.Tests.Bhyt;

/// <summary>A small inpatient dossier in which nothing is wrong; the tests change one value each. The person is made up.</summary>
internal static class CheckSample
{
    internal static readonly DateOnly Today = new(2025, 6, 1);
    private static readonly DateOnly Day = new(2025, 3, 3);

    private const string Zeros = "T_NGUONKHAC_NSNN=0|T_NGUONKHAC_VTNN=0|T_NGUONKHAC_VTTN=0|T_NGUONKHAC_CL=0|T_NGUONKHAC=0";

    private static readonly (string Table, string Values)[] Rows =
    [
        ("XML1", "MA_LK=LK1|STT=1|MA_BN=BN1|HO_TEN=NGUYỄN THỊ THỬ|SO_CCCD=025165000001|NGAY_SINH=196507120000|GIOI_TINH=2|MA_QUOCTICH=000|MA_DANTOC=01|MA_NGHE_NGHIEP=00000|DIA_CHI=Xã Thử|MATINH_CU_TRU=25|MAHUYEN_CU_TRU=227|MAXA_CU_TRU=07900"
            + "|DIEN_THOAI=0912345678|MA_THE_BHYT=DN4250123456789|MA_DKBD=25001|GT_THE_TU=20250101|GT_THE_DEN=20251231|LY_DO_VV=Ho, sốt|CHAN_DOAN_VAO=Viêm phổi|CHAN_DOAN_RV=Viêm phổi|MA_BENH_CHINH=J18.9|MA_BENH_KT=I10;E11.9|MA_DOITUONG_KCB=1.1"
            + "|NGAY_VAO=202503010800|NGAY_VAO_NOI_TRU=202503010900|NGAY_RA=202503031000|SO_NGAY_DTRI=3|KET_QUA_DTRI=1|MA_LOAI_RV=1|NGAY_TTOAN=202503031030|T_THUOC=20000|T_VTYT=0|T_TONGCHI_BV=120000|T_TONGCHI_BH=120000|T_BNTT=0|T_BNCCT=24000|T_BHTT=96000"
            + "|T_NGUONKHAC=0|T_BHTT_GDV=96000|NAM_QT=2025|THANG_QT=3|MA_LOAI_KCB=03|MA_KHOA=K03|MA_CSKCB=25001|CAN_NANG=52.5|MA_HSBA=BA1|MA_TTDV=0000000001"),
        ("XML2", "MA_LK=LK1|STT=1|MA_THUOC=40.1|MA_NHOM=4|TEN_THUOC=Paracetamol|DON_VI_TINH=Viên|HAM_LUONG=500mg|DUONG_DUNG=1.01|LIEU_DUNG=1 viên|SO_DANG_KY=VD-1|TT_THAU=QD1;G1;N1;2025|PHAM_VI=1|TYLE_TT_BH=100|SO_LUONG=10|DON_GIA=2000|THANH_TIEN_BV=20000"
            + "|THANH_TIEN_BH=20000|MUC_HUONG=80|T_BNTT=0|T_BNCCT=4000|T_BHTT=16000|MA_KHOA=K03|MA_BAC_SI=001|NGAY_YL=202503010930|MA_PTTT=1|NGUON_CTRA=1|" + Zeros),
        ("XML3", "MA_LK=LK1|STT=1|MA_DICH_VU=23.0001.0001|MA_NHOM=1|TEN_DICH_VU=Glucose|DON_VI_TINH=Lần|PHAM_VI=1|SO_LUONG=1|DON_GIA_BV=100000|DON_GIA_BH=100000|TYLE_TT_DV=100|TYLE_TT_BH=100|THANH_TIEN_BV=100000|THANH_TIEN_BH=100000|MUC_HUONG=80|T_BNTT=0"
            + "|T_BNCCT=20000|T_BHTT=80000|MA_KHOA=K03|MA_BAC_SI=001|NGUOI_THUC_HIEN=002|MA_BENH=J18.9|NGAY_YL=202503011000|NGAY_TH_YL=202503011010|NGAY_KQ=202503011100|MA_PTTT=1|MA_MAY=SH.1.25001.A1|" + Zeros),
        ("XML4", "MA_LK=LK1|STT=1|MA_DICH_VU=23.0001.0001|MA_CHI_SO=1|TEN_CHI_SO=Glucose|GIA_TRI=5.6|DON_VI_DO=mmol/L|NGAY_KQ=202503011100"),
        ("XML5", "MA_LK=LK1|STT=1|DIEN_BIEN_LS=Tỉnh|THOI_DIEM_DBLS=202503020800|NGUOI_THUC_HIEN=001"),
        ("XML7", "MA_LK=LK1|SO_LUU_TRU=1|MA_YTE=1|MA_KHOA_RV=K03|NGAY_VAO=202503010800|NGAY_RA=202503031000|CHAN_DOAN_RV=Viêm phổi|PP_DIEUTRI=Kháng sinh|MA_TTDV=0000000001|MA_BS=001|TEN_BS=Bác Sĩ Thử|NGAY_CT=20250303"),
        ("XML8", "MA_LK=LK1|MA_LOAI_KCB=03|NGAY_VAO=202503010800|NGAY_RA=202503031000|CHAN_DOAN_VAO=Viêm phổi|CHAN_DOAN_RV=Viêm phổi|QT_BENHLY=Ho|TOMTAT_KQ=Đỡ|PP_DIEUTRI=Kháng sinh|KET_QUA_DTRI=1|MA_TTDV=0000000001|NGAY_CT=20250303"),
    ];

    internal static Dossier Good()
    {
        var dossier = new Dossier { Position = 3, FacilityCode = "25001", MaLk = "LK1" };
        foreach (var (table, values) in Rows)
        {
            Add(dossier, table, values);
        }

        return dossier;
    }

    internal static DossierRow Add(Dossier dossier, string table, string values)
    {
        var shape = BhytTables.Find(table, Day)!;
        if (dossier[table] is null)
        {
            dossier.Tables.Add(new DossierTable { Name = table, Definition = shape });
        }

        var row = new DossierRow(shape, dossier[table]!.Rows.Count + 1);
        Set(row, values);
        dossier[table]!.Rows.Add(row);
        return row;
    }

    internal static void Set(DossierRow row, string values)
    {
        foreach (var pair in values.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            row[pair[..equals]] = pair[(equals + 1)..];
        }
    }

    internal static IReadOnlyList<Finding> Check(Dossier dossier) => DossierChecks.Check(dossier, Today);
}
