using Mach.Demo.Catalogue;
using Mach.Demo.Life;
using Mach.Vietnam.Bhyt;

namespace Mach.Demo.Writing;

/// <summary>XML4: values of the laboratory, readings of images and tracings.</summary>
internal sealed class ResultRows(Medicine medicine, LabValues values, Staff staff)
{
    private static readonly string[] BloodGroups = ["O", "O", "O", "O", "B", "B", "B", "A", "A", "AB"];

    public static string BloodGroup(long person) => BloodGroups[(int)(person % 10)];

    public void Write(Dossier dossier, Visit visit, Bill bill)
    {
        DossierTable? table = null;
        foreach (var line in bill.Services)
        {
            if (line.Service is not { Group: 1 or 2 or 3 } service)
            {
                continue;
            }

            table ??= Tables.Add(dossier, "XML4", DateOnly.FromDateTime(visit.Start));
            if (service.Indicators.Count > 0)
            {
                foreach (var indicator in service.Indicators)
                {
                    if (values.Of(indicator, visit, line, values.NoiseOf(visit, indicator, line)) is { } value)
                    {
                        Row(table, visit, line, indicator.Code, indicator.Name).Set(("GIA_TRI", value), ("DON_VI_DO", indicator.Unit == "-" ? "" : indicator.Unit));
                    }
                }
            }
            else if (service.Group == 1)
            {
                Row(table, visit, line, service.Id, service.Name).Set(("GIA_TRI", Word(service.Id, visit)));
            }
            else
            {
                var (description, conclusion) = medicine.Reading(visit.Protocol.Id, service);
                Row(table, visit, line, service.Id, service.Name).Set(("MO_TA", description), ("KET_LUAN", conclusion));
            }
        }
    }

    private DossierRow Row(DossierTable table, Visit visit, BillLine line, string code, string name)
    {
        var row = Tables.Row(table, DossierWriter.MaLk(visit));
        row.Set(("MA_DICH_VU", line.Service!.Code), ("MA_CHI_SO", code), ("TEN_CHI_SO", name),
            ("NGAY_KQ", Tables.Minute(line.Result!.Value)),
            ("MA_BS_DOC_KQ", staff.Technician(visit.Facility, line.Service.Group, visit.Start.Day).Licence));
        return row;
    }

    private static string Word(string service, Visit visit) => (service, visit.Protocol.Id) switch
    {
        ("GRP", _) => "Nhóm " + BloodGroup(visit.Person.Index),
        ("QDEN", "dengue" or "dengstay") => "Dương tính (NS1)",
        ("QMEA", "measles") => "Dương tính",
        ("QEV", "hfmd") => visit.Ordinal % 3 == 0 ? "Âm tính" : "Dương tính",
        ("QFLU", "flu") => visit.Main == "J10.1" ? "Influenza A dương tính" : "Âm tính",
        ("QCOV", "covid") => "Dương tính",
        ("AFB", "tb") => visit.Extra is TuberculosisMonth { Month: 1, Proven: true } ? "Dương tính 1+" : "Âm tính",
        ("CUL", _) => visit.Ordinal % 2 == 0 ? "Không mọc sau 48 giờ" : "E. coli > 10^5 CFU/ml, nhạy Ceftriaxone",
        _ => "Âm tính",
    };
}
