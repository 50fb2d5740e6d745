using System.Globalization;
using Mach.Demo.Life;
using Mach.Vietnam.Bhyt;

namespace Mach.Demo.Writing;

/// <summary>XML5: the course of the illness with vital signs as <c>CSST&lt;M75_T37_HA120/70_NT18_HL2&gt;</c> (vietnam-formats §1.7).</summary>
internal sealed class NoteRows(Staff staff, ulong seed)
{
    public void Write(Dossier dossier, Visit visit)
    {
        var longTerm = visit.Form is "05" && (visit.Facility.Kind != "station" || visit.Ordinal % 3 == 0);
        if (!visit.InBed && !longTerm && visit.Form != "08")
        {
            return;
        }

        var table = Tables.Add(dossier, "XML5", DateOnly.FromDateTime(visit.Start));
        var step = visit.Days > 6 ? 2 : 1;
        for (var day = 0; day == 0 || (visit.InBed && day < visit.Days - 1); day += step)
        {
            var at = day == 0 ? visit.Start.AddMinutes(visit.InBed ? 55 : 12) : visit.Start.Date.AddDays(day).AddHours(7.5);
            var row = Tables.Row(table, dossier.MaLk);
            row.Set(("DIEN_BIEN_LS", Words(visit, day) + " " + Vitals(visit, day)), ("THOI_DIEM_DBLS", Tables.Minute(at)),
                ("NGUOI_THUC_HIEN", staff.Doctor(visit.Facility, BillRows.DepartmentOf(visit), (int)visit.Person.Index).Licence));
            if (day == 0 && visit.Protocol.Procedures.Any(p => p.Service.Group == 8) && visit.InBed)
            {
                row.Set(("PHAU_THUAT", visit.Protocol.Procedures.First(p => p.Service.Group == 8).Service.Name + ". Cuộc mổ diễn biến thuận lợi."));
            }
        }
    }

    private static string Words(Visit visit, int day) => day == 0 ? visit.Protocol.Note + "."
        : visit.Outcome is 5 or 6 ? "Bệnh diễn biến nặng, đáp ứng điều trị kém."
        : day < 3 ? "Bệnh nhân tỉnh, triệu chứng giảm, tiếp tục theo dõi và dùng thuốc theo y lệnh."
        : "Toàn trạng ổn định, ăn ngủ được, triệu chứng cải thiện rõ.";

    private string Vitals(Visit visit, int stayDay)
    {
        var dice = Dice.For(seed, visit.Person.Index, Streams.Visit, (visit.Ordinal * 100L) + stayDay + 50_000_000);
        var own = Dice.For(seed, visit.Person.Index, Streams.LabBase, 9000).Normal();
        var age = visit.Person.AgeOn(DateOnly.FromDateTime(visit.Start));
        var raised = visit.Protocol.Id is "htn" or "ckd" or "dialysis" || visit.Also.Any(c => c.Protocol.Id == "htn");
        var years = (visit.Start - LifeContext.First.ToDateTime(TimeOnly.MinValue)).TotalDays / 365.25;
        var systolic = (int)((age < 12 ? 95 : raised ? 146 - (years * 3) : 118) + (own * 7) + (dice.Normal() * 6));
        var diastolic = (int)((systolic * 0.6) + 4 + (dice.Normal() * 3));
        var fever = visit.InBed && stayDay < 2 && visit.Protocol.Id is "pneu" or "pneuchild" or "sepsis" or "pyelo" or "dengstay" or "append" or "cellul";
        var temperature = (fever ? 38.6 : 36.7) + (dice.Normal() * 0.2);
        var pulse = (age < 2 ? 122 : age < 12 ? 96 : 76) + (fever ? 16 : 0) + (int)(dice.Normal() * 5);
        return string.Create(CultureInfo.InvariantCulture,
            $"CSST<M{pulse}_T{temperature:F1}_HA{systolic}/{diastolic}_NT{(age < 2 ? 36 : fever ? 22 : 18)}_HL2>");
    }
}
