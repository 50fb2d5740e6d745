using System.Globalization;
using Mach.Demo.Catalogue;
using Mach.Demo.Life;
using Mach.Demo.People;
using Mach.Vietnam.Bhyt;

namespace Mach.Demo.Writing;

/// <summary>Makes the dossier of a planned visit, as the facility's system would send it.</summary>
internal sealed class DossierWriter
{
    private readonly ulong _seed;
    private readonly Orders _orders;
    private readonly SummaryRow _summary;
    private readonly BillRows _bill;
    private readonly ResultRows _results;
    private readonly NoteRows _notes;
    private readonly Papers _papers;
    private readonly Programmes _programmes;
    private readonly Defects _defects;

    /// <param name="typingErrors">Share of people who once get another's identity number, or a mistyped one.</param>
    public DossierWriter(ulong seed, Medicine medicine, Names names, double typingErrors)
    {
        _seed = seed;
        var staff = new Staff(seed, names);
        _orders = new Orders(seed, medicine);
        _summary = new SummaryRow(medicine);
        _bill = new BillRows(staff);
        _results = new ResultRows(medicine, new LabValues(seed, medicine), staff);
        _notes = new NoteRows(staff, seed);
        _papers = new Papers(staff, names, seed);
        _programmes = new Programmes(staff);
        _defects = new Defects(seed, typingErrors);
    }

    /// <summary>Date of arrival, person, place in the person's life: unique in the province, so also in the facility.</summary>
    public static string MaLk(Visit visit) => string.Create(CultureInfo.InvariantCulture, $"{visit.Start:yyMMdd}{visit.Person.Index:D8}{visit.Ordinal:D4}");

    /// <summary>The dossier, and the name of the defect it carries on purpose, or null.</summary>
    public (Dossier Dossier, string? Defect) Write(Visit visit)
    {
        var dice = Dice.For(_seed, visit.Person.Index, Streams.Visit, visit.Ordinal);
        var dossier = new Dossier { FacilityCode = visit.Facility.Code, MaLk = MaLk(visit) };
        var day = DateOnly.FromDateTime(visit.Start);
        var card = visit.Person.CardOn(day);
        var bill = _orders.For(visit, dice);
        bill.Split(card, visit.Facility.Kind == "station", day);
        _summary.Write(dossier, visit, bill, card);
        _bill.Write(dossier, visit, bill);
        _results.Write(dossier, visit, bill);
        _notes.Write(dossier, visit);
        _programmes.Write(dossier, visit);
        _papers.Write(dossier, visit, bill, card);
        return (dossier, _defects.Put(dossier, visit));
    }

    /// <summary>The message a facility sends when somebody arrives (XML0): the visit is still open.</summary>
    public static Dossier CheckIn(Visit visit)
    {
        var dossier = new Dossier { FacilityCode = visit.Facility.Code, MaLk = MaLk(visit) };
        var card = visit.Person.CardOn(DateOnly.FromDateTime(visit.Start));
        var row = Tables.Row(Tables.Add(dossier, "XML0", DateOnly.FromDateTime(visit.Start)), dossier.MaLk);
        var bill = new Bill();
        bill.Split(card, false, DateOnly.FromDateTime(visit.Start));
        SummaryRow.Who(row, visit, card);
        row.Set(("MA_DOITUONG_KCB", SummaryRow.Attendance(visit, bill)), ("NGAY_VAO", Tables.Minute(visit.Start)), ("MA_LOAI_KCB", visit.Form), ("MA_CSKCB", visit.Facility.Code),
            ("MA_DICH_VU", visit.Protocol.Exam.Code), ("TEN_DICH_VU", visit.Protocol.Exam.Name), ("NGAY_YL", Tables.Minute(visit.Start.AddMinutes(8))));
        return dossier;
    }
}
