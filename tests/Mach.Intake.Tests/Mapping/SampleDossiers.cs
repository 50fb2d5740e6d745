using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Tests.Mapping;

/// <summary>Hand-written dossiers of invented people.</summary>
internal static class SampleDossiers
{
    /// <summary>An outpatient with diabetes: two medicines, an examination, one laboratory order with three results, one note, an appointment.</summary>
    public static Dossier Outpatient()
    {
        var d = new Dossier { FacilityCode = "25001", MaLk = "NT2507010001" };
        Add(d, "XML1", """
            MA_LK=NT2507010001|STT=1|MA_BN=BN000123|HO_TEN=Nguyễn Thị Lụa|SO_CCCD=025165001234|NGAY_SINH=196503120000|GIOI_TINH=2|NHOM_MAU=O+
            MA_QUOCTICH=000|MA_DANTOC=01|MA_NGHE_NGHIEP=60000|DIA_CHI=Khu 4, phường Việt Trì, tỉnh Phú Thọ|MATINH_CU_TRU=25|MAXA_CU_TRU=07900|DIEN_THOAI=0912000111
            MA_THE_BHYT=DN4252512345678;GD4252512345678|MA_DKBD=25001;25014|GT_THE_TU=20250101;20250615|GT_THE_DEN=20250614;20251231
            LY_DO_VV=Mệt, khát nước nhiều|CHAN_DOAN_VAO=Theo dõi đái tháo đường|CHAN_DOAN_RV=Đái tháo đường típ 2; Tăng huyết áp; Rối loạn lipid máu
            MA_BENH_CHINH=E11.9|MA_BENH_KT=I10;E78.5|MA_DOITUONG_KCB=1.1|NGAY_VAO=202507010745|NGAY_RA=202507011030|SO_NGAY_DTRI=0|PP_DIEU_TRI=Thuốc uống, chế độ ăn
            KET_QUA_DTRI=2|MA_LOAI_RV=1|GHI_CHU=Tập thể dục 30 phút mỗi ngày|NGAY_TTOAN=202507011045|T_THUOC=168000.00|T_VTYT=0|T_TONGCHI_BV=318200.00|T_TONGCHI_BH=318200.00
            T_BNTT=0|T_BNCCT=63640.00|T_BHTT=254560.00|T_NGUONKHAC=0|T_BHTT_GDV=254560.00|NAM_QT=2025|THANG_QT=7|MA_LOAI_KCB=01|MA_KHOA=K01|MA_CSKCB=25001
            CAN_NANG=58.50|NGAY_TAI_KHAM=20250730|MA_HSBA=KB/25/000123|MA_TTDV=2512345678
            """);
        Add(d, "XML2", """
            MA_LK=NT2507010001|STT=1|MA_THUOC=40.775|MA_NHOM=4|TEN_THUOC=Glucophage|DON_VI_TINH=Viên|HAM_LUONG=850mg|DUONG_DUNG=1.01|LIEU_DUNG=1 viên * 2 lần * 30 ngày [2 viên/ngày]|CACH_DUNG=Uống sau ăn|SO_DANG_KY=VN-21993-19|TT_THAU=123/QĐ-SYT;G1;N1;2025|PHAM_VI=1|TYLE_TT_BH=100|SO_LUONG=60|DON_GIA=2000.000|THANH_TIEN_BV=120000.00|THANH_TIEN_BH=120000.00|T_NGUONKHAC_NSNN=0|T_NGUONKHAC_VTNN=0|T_NGUONKHAC_VTTN=0|T_NGUONKHAC_CL=0|T_NGUONKHAC=0|MUC_HUONG=80|T_BNTT=0|T_BNCCT=24000.00|T_BHTT=96000.00|MA_KHOA=K01|MA_BAC_SI=001234/PT-CCHN|NGAY_YL=202507011000|NGAY_TH_YL=202507011030|MA_PTTT=1|NGUON_CTRA=1
            --
            MA_LK=NT2507010001|STT=2|MA_THUOC=40.510|MA_NHOM=4|TEN_THUOC=Amlodipin|DON_VI_TINH=Viên|HAM_LUONG=5mg|DUONG_DUNG=1.01|LIEU_DUNG=1 viên * 1 lần * 30 ngày|CACH_DUNG=Uống sáng|PHAM_VI=1|TYLE_TT_BH=100|SO_LUONG=30|DON_GIA=1600|THANH_TIEN_BV=48000|THANH_TIEN_BH=48000|T_NGUONKHAC=0|MUC_HUONG=80|T_BNTT=0|T_BNCCT=9600|T_BHTT=38400|MA_KHOA=K01|MA_BAC_SI=001234/PT-CCHN|NGAY_YL=202507011000|MA_PTTT=1|NGUON_CTRA=1
            """);
        Add(d, "XML3", """
            MA_LK=NT2507010001|STT=1|MA_DICH_VU=03.1895|MA_NHOM=13|TEN_DICH_VU=Khám Nội|DON_VI_TINH=Lần|PHAM_VI=1|SO_LUONG=1|DON_GIA_BV=50600|DON_GIA_BH=50600|TYLE_TT_DV=100|TYLE_TT_BH=100|THANH_TIEN_BV=50600|THANH_TIEN_BH=50600|MUC_HUONG=80|T_BNCCT=10120|T_BHTT=40480|MA_KHOA=K01|MA_BAC_SI=001234/PT-CCHN|MA_BENH=E11.9|NGAY_YL=202507010745|MA_PTTT=1
            --
            MA_LK=NT2507010001|STT=2|MA_DICH_VU=23.0075.1494|MA_NHOM=1|TEN_DICH_VU=Định lượng Glucose [Máu]|DON_VI_TINH=Lần|PHAM_VI=1|SO_LUONG=1|DON_GIA_BV=99600|DON_GIA_BH=99600|TYLE_TT_DV=100|TYLE_TT_BH=100|THANH_TIEN_BV=99600|THANH_TIEN_BH=99600|MUC_HUONG=80|T_BNCCT=19920|T_BHTT=79680|MA_KHOA=K01|MA_BAC_SI=001234/PT-CCHN|NGUOI_THUC_HIEN=004321/PT-CCHN|MA_BENH=E11.9|NGAY_YL=202507010800|NGAY_TH_YL=202507010815|NGAY_KQ=202507010910|MA_PTTT=1|MA_MAY=SH.1.25001.A1
            """);
        Add(d, "XML4", """
            MA_LK=NT2507010001|STT=1|MA_DICH_VU=23.0075.1494|MA_CHI_SO=2300751|TEN_CHI_SO=Glucose|GIA_TRI=9,8|DON_VI_DO=mmol/L|NGAY_KQ=202507010910|MA_BS_DOC_KQ=004321/PT-CCHN
            --
            MA_LK=NT2507010001|STT=2|MA_DICH_VU=23.0075.1494|MA_CHI_SO=2300752|TEN_CHI_SO=HbA1c|GIA_TRI=8.1|DON_VI_DO=%|NGAY_KQ=202507010910|MA_BS_DOC_KQ=004321/PT-CCHN
            --
            MA_LK=NT2507010001|STT=3|MA_DICH_VU=23.0075.1494|MA_CHI_SO=2300753|TEN_CHI_SO=Ceton niệu|GIA_TRI=Âm tính|NGAY_KQ=202507010910|MA_BS_DOC_KQ=004321/PT-CCHN
            """);
        Add(d, "XML5", "MA_LK=NT2507010001|STT=1|DIEN_BIEN_LS=Tỉnh, da niêm mạc hồng. CSST<M75_T37_HA150/90_NT18>|THOI_DIEM_DBLS=202507010750|NGUOI_THUC_HIEN=001234/PT-CCHN");
        Add(d, "XML14", "MA_LK=NT2507010001|SO_GIAYHEN_KL=HK-77|MA_CSKCB=25001|HO_TEN=Nguyễn Thị Lụa|NGAY_SINH=196503120000|GIOI_TINH=2|NGAY_HEN_KL=20250730|MA_BAC_SI=001234/PT-CCHN|NGAY_CT=20250701");
        return d;
    }

    /// <summary>One row and more of every table, with the oddities that real dossiers have (a birth, a referral and TB in one stay: no real stay has all).</summary>
    public static Dossier EveryTable()
    {
        var d = new Dossier { FacilityCode = "25017", MaLk = "BA-25/0042" };
        Add(d, "XML1", """
            MA_LK=BA-25/0042|STT=1|MA_BN=77|HO_TEN=Trần Thị Gạo|SO_CCCD=131234567|NGAY_SINH=199400000000|GIOI_TINH=2|MA_QUOCTICH=000|MA_DANTOC=03|DIA_CHI=Xóm Dốc, xã Cao Phong|MATINH_CU_TRU=25|MAXA_CU_TRU=05089
            MA_THE_BHYT= HN2252598765432 |MA_DKBD=25017|GT_THE_TU=20250101|GT_THE_DEN=20251231|LY_DO_VV=Đau bụng|LY_DO_VNT=Chuyển dạ|MA_LY_DO_VNT=2|CHAN_DOAN_RV=Sinh thường
            MA_BENH_CHINH=O80|MA_BENH_KT=A15.0; B20|MA_DOITUONG_KCB=1.1|MA_NOI_DI=25123|MA_NOI_DEN=25001|NGAY_VAO=202506280215|NGAY_VAO_NOI_TRU=202506280230|NGAY_RA=202507021000
            SO_NGAY_DTRI=5|KET_QUA_DTRI=1|MA_LOAI_RV=2|T_THUOC=12,5|T_TONGCHI_BV=1500000|MA_LOAI_KCB=03|MA_KHOA=K27|MA_CSKCB=25017|CAN_NANG=.|CAN_NANG_CON=3100;2900
            """);
        d["XML1"]!.Rows[0].Unknown = [new("MA_MOI", " x "), new("MA_MOI", "")];
        Add(d, "XML0", "MA_LK=BA-25/0042|STT=1|HO_TEN=Trần Thị Gạo|NGAY_VAO=202506280215|MA_LOAI_KCB=03|MA_CSKCB=25017");
        Add(d, "XML2", "MA_LK=BA-25/0042|STT=0|MA_THUOC= 40.30.528 |TEN_THUOC=Oxytocin\n5UI/ml|SO_LUONG=2,5|DON_GIA=3150.000|NGAY_YL=20250628|MA_NHOM=4|MA_KHOA=K27");
        Add(d, "XML3", """
            MA_LK=BA-25/0042|STT=5|MA_DICH_VU=13.0033.0614|MA_PTTT_QT=73.59|MA_NHOM=8|TEN_DICH_VU=Đỡ đẻ thường ngôi chỏm|SO_LUONG=1|DON_GIA_BV=736000|THANH_TIEN_BV=736000|NGAY_YL=202506280300|NGAY_TH_YL=202506280400|NGAY_KQ=202506280350|NGUOI_THUC_HIEN=000777/HB-CCHN;000778/HB-CCHN|PP_VO_CAM=4
            --
            MA_LK=BA-25/0042|STT=6|MA_VAT_TU=N03.05.060|MA_NHOM=10|TEN_VAT_TU=Kim luồn|DON_VI_TINH=Cái|SO_LUONG=1|DON_GIA_BV=4500|THANH_TIEN_BV=4500|TAI_SU_DUNG=1
            --
            MA_LK=BA-25/0042|STT=7|MA_DICH_VU=18.0119.0028|MA_NHOM=2|TEN_DICH_VU=Chụp Xquang ngực thẳng|SO_LUONG=1|DON_GIA_BV=65400|THANH_TIEN_BV=65400|NGAY_YL=202506280310
            """);
        Add(d, "XML4", "MA_LK=BA-25/0042|STT=1|MA_DICH_VU=18.0119.0028|MO_TA=Hai trường phổi sáng\n<không> có dịch|KET_LUAN=Bình thường|NGAY_KQ=202506280330");
        Add(d, "XML5", "MA_LK=BA-25/0042|STT=1|DIEN_BIEN_LS=Ối vỡ|HOI_CHAN=Theo dõi đẻ thường|THOI_DIEM_DBLS=202506280300");
        Add(d, "XML6", "MA_LK=BA-25/0042|HO_TEN=|NGAYKD_HIV=20190501|BDDT_ARV=20190515|MA_PHAC_DO_DIEU_TRI=1d|KQ_XNTL_VR=1|NGAY_XN_TLVR=20250601|MA_LOAI_BN=1".Replace("HO_TEN=|", "", StringComparison.Ordinal));
        Add(d, "XML7", "MA_LK=BA-25/0042|SO_LUU_TRU=LT-9|MA_YTE=77|NGAY_VAO=202506280215|NGAY_RA=202507021000|CHAN_DOAN_RV=Sinh thường|PP_DIEUTRI=Theo dõi hậu sản|MA_TTDV=2598700001|MA_BS=2598700002|TEN_BS=Bùi Văn Nếp|NGAY_CT=20250702|SO_NGAY_NGHI=30|NGOAITRU_TUNGAY=20250702|NGOAITRU_DENNGAY=20250801");
        Add(d, "XML8", "MA_LK=BA-25/0042|MA_LOAI_KCB=03|NGAY_VAO=202506280215|NGAY_RA=202507021000|CHAN_DOAN_RV=Sinh thường|QT_BENHLY=Thai 39 tuần|TOMTAT_KQ=Hb 118 g/L|NGAY_CT=20260230");
        Add(d, "XML9", "MA_LK=BA-25/0042|HO_TEN_NND=Trần Thị Gạo|HO_TEN_CON=Bùi Bảo An|GIOI_TINH_CON=1|SO_CON=1|CAN_NANG_CON=3100|NGAY_SINH_CON=202506280412|TINH_TRANG_CON=Khoẻ mạnh|NGAY_CT=20250628|SO=15|QUYEN_SO=2|MA_THE_TAM=TE1252500000015");
        Add(d, "XML10", "MA_LK=BA-25/0042|SO_SERI=S1|SO_CT=CT1|SO_NGAY=5|CHAN_DOAN_RV=Doạ sảy, dưỡng thai|TU_NGAY=20250101|DEN_NGAY=20250105|NGAY_CT=20250101");
        Add(d, "XML11", "MA_LK=BA-25/0042|SO_CT=CT2|SO_KCB=7|DON_VI=Công ty Chè|MA_BHXH=2598765432|SO_NGAY_NGHI=2|TU_NGAY=20250702|DEN_NGAY=20250703|MAU_SO=CT07|NGAY_CT=20250702");
        Add(d, "XML13", "MA_LK=BA-25/0042|SO_HOSO=12|GIAY_CHUYEN_TUYEN=GCT-5|MA_CSKCB_DEN=25001|CHAN_DOAN_RV=Sinh thường|MA_BENH_CHINH=O80|QT_BENHLY=Ổn định|TINH_TRANG_CT=Tỉnh|MA_LYDO_CT=1|HUONG_DIEU_TRI=Điều trị lao|PHUONGTIEN_VC=Xe cứu thương|MA_BAC_SI=000777/HB-CCHN");
        Add(d, "XML14", "MA_LK=BA-25/0042|SO_GIAYHEN_KL=HK-1|NGAY_HEN_KL=202507150800|NGAY_CT=20250702");
        Add(d, "XML15", "MA_LK=BA-25/0042|STT=1|PHANLOAI_LAO_VITRI=1|PHANLOAI_LAO_HIV=1|LOAI_DTRI_LAO=2|NGAYBD_DTRI_LAO=20250630|PHACDO_DTRI_LAO=1|NGAYKD_HIV=20190501");
        d.Tables.Add(new DossierTable { Name = "XML16", Raw = "<X><Y>1</Y></X>" });
        return d;
    }

    /// <summary>A check-in of the same woman as <see cref="Outpatient"/>.</summary>
    public static Dossier CheckIn()
    {
        var d = new Dossier { FacilityCode = "25001", MaLk = "NT2507010001" };
        Add(d, "XML0", "MA_LK=NT2507010001|STT=1|MA_BN=BN000123|HO_TEN=Nguyễn Thị Lụa|SO_CCCD=025165001234|NGAY_SINH=196503120000|GIOI_TINH=2|MA_THE_BHYT=GD4252512345678|MA_DKBD=25014|GT_THE_TU=20250615|GT_THE_DEN=20251231|MA_DOITUONG_KCB=1.1|NGAY_VAO=202507010745|MA_LOAI_KCB=01|MA_CSKCB=25001|MA_DICH_VU=03.1895|TEN_DICH_VU=Khám Nội|NGAY_YL=202507010745");
        return d;
    }

    /// <summary>Adds a table in its newest shape: rows between lines of --, fields between bars; fields not named are empty tags.</summary>
    public static void Add(Dossier dossier, string name, string rows)
    {
        var table = new DossierTable { Name = name, Definition = BhytTables.Find(name)! };
        foreach (var text in rows.Split("\n--\n"))
        {
            var row = new DossierRow(table.Definition!, table.Rows.Count + 1);
            foreach (var field in table.Definition!.Fields)
            {
                row[field.Index] = "";
            }

            // A bar or a new line that starts a field ends the one before; a line break inside a value stays.
            var last = "";
            foreach (var part in text.Split(['|', '\n']))
            {
                var equals = part.IndexOf('=', StringComparison.Ordinal);
                if (equals > 0 && row.Table.IndexOf(part[..equals]) >= 0)
                {
                    last = part[..equals];
                    row[last] = part[(equals + 1)..];
                }
                else
                {
                    row[last] += "\n" + part;
                }
            }

            table.Rows.Add(row);
        }

        dossier.Tables.Add(table);
    }
}
