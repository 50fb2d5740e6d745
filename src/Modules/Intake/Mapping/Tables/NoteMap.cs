using Mach.Intake.Mapping.Tree;
using Mach.Vietnam.Bhyt;
using static Mach.Intake.Mapping.Tree.Shape;

namespace Mach.Intake.Mapping.Tables;

/// <summary>XML5: a ClinicalImpression per entry of the course of illness; vital signs found in its words become Observations beside it.</summary>
internal sealed class NoteMap : TableMap
{
    public const string Kind = "note";

    private readonly Fragment _note;

    public NoteMap(BhytTable table) : base(table)
    {
        _note = Add(Note(new Shape(table)));
        Close();
    }

    public override IEnumerable<Fragment> Mains => [_note];

    public override void Plan(DossierScope scope, RowPlan row)
    {
        // An entry is named by its day and author; the minute gets corrected.
        var time = row["THOI_DIEM_DBLS"] ?? "";
        var key = scope.Keys.Next(Kind, $"{time[..Math.Min(8, time.Length)]}|{row["NGUOI_THUC_HIEN"]}");
        row.Main = new(_note, scope.Id(Kind, key));
        row.Link = key;
    }

    private static Fragment Note(Shape s) => s.Build(Kind, "ClinicalImpression",
    [
        Fixed("status", "completed"),
        s.Text("description", "DIEN_BIEN_LS"),
        FhirParts.Patient("subject"),
        FhirParts.Encounter(),
        s.Time("effectiveDateTime", "THOI_DIEM_DBLS"),
        s.Named("assessor", Practitioners.Licence, "NGUOI_THUC_HIEN"),
        Arr("note", s.Note("GIAI_DOAN_BENH"), s.Note("HOI_CHAN"), s.Note("PHAU_THUAT")),
    ]);
}
