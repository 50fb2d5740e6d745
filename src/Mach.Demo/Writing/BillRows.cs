using System.Globalization;
using Mach.Demo.Catalogue;
using Mach.Demo.Life;
using Mach.Vietnam.Bhyt;

namespace Mach.Demo.Writing;

/// <summary>XML2 (drugs) and XML3 (services, beds, supplies).</summary>
internal sealed class BillRows(Staff staff)
{
    public void Write(Dossier dossier, Visit visit, Bill bill)
    {
        var on = DateOnly.FromDateTime(visit.Start);
        if (bill.Drugs.Count > 0)
        {
            var table = Tables.Add(dossier, "XML2", on);
            foreach (var line in bill.Drugs)
            {
                Drug(Tables.Row(table, dossier.MaLk), visit, bill, line);
            }
        }

        var services = Tables.Add(dossier, "XML3", on);
        foreach (var line in bill.Services)
        {
            Service(Tables.Row(services, dossier.MaLk), visit, bill, line);
        }
    }

    public static string DepartmentOf(Visit visit) => visit.InBed ? visit.Protocol.Department : visit.Form == "08" ? "K06" : "K01";

    private void Drug(DossierRow row, Visit visit, Bill bill, BillLine line)
    {
        var drug = line.Drug!;
        row.Set(("MA_THUOC", drug.Code), ("MA_NHOM", "4"), ("TEN_THUOC", drug.Name), ("DON_VI_TINH", drug.Unit), ("HAM_LUONG", drug.Strength),
            ("DUONG_DUNG", drug.Route), ("DANG_BAO_CHE", drug.Form), ("LIEU_DUNG", line.Dose), ("CACH_DUNG", line.Advice),
            ("SO_DANG_KY", RegistrationNumber(drug)), ("TT_THAU", Tender(line)), ("DON_GIA", Tables.Text(drug.PriceDong)),
            ("MA_BAC_SI", staff.Doctor(visit.Facility, DepartmentOf(visit), (int)visit.Person.Index).Licence), ("NGUON_CTRA", "1"));
        Money(row, visit, bill, line);
    }

    private void Service(DossierRow row, Visit visit, Bill bill, BillLine line)
    {
        var price = Tables.Text(line.PriceDong);
        row.Set(("MA_NHOM", Tables.Text(line.Group)), ("DON_GIA_BV", price), ("DON_GIA_BH", bill.Insured ? price : "0"), ("TYLE_TT_DV", "100"),
            ("MA_BAC_SI", staff.Doctor(visit.Facility, DepartmentOf(visit), (int)visit.Person.Index).Licence), ("MA_BENH", visit.Main));
        if (line.Supply is { } supply)
        {
            row.Set(("MA_VAT_TU", supply.Code), ("TEN_VAT_TU", supply.Name), ("DON_VI_TINH", supply.Unit), ("TT_THAU", Tender(line)));
        }
        else
        {
            var service = line.Service!;
            row.Set(("MA_DICH_VU", service.Code), ("TEN_DICH_VU", service.Name), ("DON_VI_TINH", service.Group is 15 or 16 ? "Ngày" : "Lần"));
            if (service.Group is 1 or 2 or 3 or 8 or 18)
            {
                row.Set(("NGUOI_THUC_HIEN", staff.Technician(visit.Facility, service.Group, visit.Start.Day).Licence));
            }

            if (service.Group is 8 or 18)
            {
                row.Set(("MA_PTTT_QT", service.Icd9));
            }

            if (service.Group == 8)
            {
                row.Set(("PP_VO_CAM", service.Id is "LTH" or "KXC" or "TKH" or "PHA" ? "2" : "1"));
            }

            if (service.Machine.Length > 0)
            {
                row.Set(("MA_MAY", string.Create(CultureInfo.InvariantCulture, $"{service.Machine}.1.{visit.Facility.Code}.{(visit.Start.Day % 2) + 1:D3}")));
            }

            if (service.Group == 15)
            {
                row.Set(("MA_GIUONG", string.Create(CultureInfo.InvariantCulture, $"H{(visit.Person.Index % 48) + 1:D3}")));
            }
        }

        if (line.Result is { } result && line.Group is 1 or 2 or 3 or 8 or 18)
        {
            row.Set(("NGAY_KQ", Tables.Minute(result)));
        }

        Money(row, visit, bill, line);
    }

    private static void Money(DossierRow row, Visit visit, Bill bill, BillLine line) =>
        row.Set(("PHAM_VI", bill.Insured ? "1" : "2"), ("TYLE_TT_BH", bill.Insured ? "100" : "0"), ("SO_LUONG", Tables.Text(line.Quantity)),
            ("THANH_TIEN_BV", Tables.Text(line.Hospital)), ("THANH_TIEN_BH", Tables.Text(line.Insured)),
            ("T_NGUONKHAC_NSNN", "0"), ("T_NGUONKHAC_VTNN", "0"), ("T_NGUONKHAC_VTTN", "0"), ("T_NGUONKHAC_CL", "0"), ("T_NGUONKHAC", "0"),
            ("MUC_HUONG", Tables.Text(bill.Percent)), ("T_BNTT", Tables.Text(line.Own)), ("T_BNCCT", Tables.Text(line.CoPay)), ("T_BHTT", Tables.Text(line.Fund)),
            ("MA_KHOA", DepartmentOf(visit)), ("NGAY_YL", Tables.Minute(line.Ordered)), ("NGAY_TH_YL", line.Done is { } done ? Tables.Minute(done) : ""),
            ("MA_PTTT", "1"));

    /// <summary>Numbers from 99xxx on belong to no product.</summary>
    private static string RegistrationNumber(Drug drug) =>
        string.Create(CultureInfo.InvariantCulture, $"VD-99{(int)(drug.PriceDong % 900) + 100}-{20 + (drug.Id.Length % 5)}");

    private static string Tender(BillLine line) => string.Create(CultureInfo.InvariantCulture, $"{700 + (line.Ordered.Year * 7 % 200)}/QĐ-SYT;G1;N4;{line.Ordered.Year};25");
}
