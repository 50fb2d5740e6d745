using System.Globalization;
using Mach.Intake.Mapping.Tree;
using Mach.Vietnam;
using Mach.Vietnam.Bhyt;
using static Mach.Intake.Mapping.Tree.Shape;

namespace Mach.Intake.Mapping.Tables;

/// <summary>XML6: HIV care as a CarePlan and the viral load as an Observation, both restricted.</summary>
internal sealed class HivMap : TableMap
{
    private readonly Fragment _plan;
    private readonly Fragment _load;

    public HivMap(BhytTable table) : base(table)
    {
        _plan = Add(Plan(new Shape(table)));
        _load = Add(Load(new Shape(table)));
        Close();
    }

    public override IEnumerable<Fragment> Mains => [_plan];

    public override void Plan(DossierScope scope, RowPlan row)
    {
        var number = row.Ordinal.ToString(CultureInfo.InvariantCulture);
        row.Main = new(_plan, scope.Id(_plan.Kind, number));
        if (row["KQ_XNTL_VR"] is { } load && AsCode.Accepts(load))
        {
            row.AddOther(_load, scope.Id(_load.Kind, number));
        }
    }

    private static Fragment Plan(Shape s) => Restricted(s, "hiv", "CarePlan",
    [
        Fixed("status", "active"),
        Fixed("intent", "plan"),
        Concept("category", Systems.Own + "/CodeSystem/bhyt-table", s.Table.Name, inArray: true),
        Fixed("title", s.Table.Vi),
        FhirParts.Patient("subject"),
        FhirParts.Encounter(),
        Obj("period", s.Time("start", "BDDT_ARV")),
        Arr("activity", Item(Obj("detail",
            Fixed("status", "in-progress"),
            Obj("code", Arr("coding", s.Coding(Systems.BhytList("MA_PHAC_DO_DIEU_TRI"), "MA_PHAC_DO_DIEU_TRI"))),
            Obj("scheduledPeriod", s.Time("start", "NGAY_BAT_DAU_XU_TRI"), s.End("end", "NGAY_KET_THUC_XU_TRI", "NGAY_BAT_DAU_XU_TRI"))))),
    ]);

    private static Fragment Load(Shape s) => Restricted(s, "vl", "Observation",
    [
        Fixed("status", "final"),
        Concept("category", "http://terminology.hl7.org/CodeSystem/observation-category", "laboratory", inArray: true),
        Concept("code", "http://loinc.org", "20447-9"),
        FhirParts.Patient("subject"),
        FhirParts.Encounter(),
        s.Time("effectiveDateTime", "NGAY_XN_TLVR"),
        Obj("valueCodeableConcept", Arr("coding", s.Coding(Systems.BhytList("KQ_XNTL_VR"), "KQ_XNTL_VR"))),
    ]);

    private static Fragment Restricted(Shape s, string kind, string type, Node[] nodes) => new(kind, type, nodes, s.Native, s.Kept) { IsRestricted = static _ => true };
}

/// <summary>XML15: treatment of tuberculosis as a CarePlan; restricted when it tells the HIV status.</summary>
internal sealed class TuberculosisMap : TableMap
{
    private readonly Fragment _plan;

    public TuberculosisMap(BhytTable table) : base(table)
    {
        _plan = Add(Plan(new Shape(table)));
        Close();
    }

    public override IEnumerable<Fragment> Mains => [_plan];

    public override void Plan(DossierScope scope, RowPlan row) =>
        row.Main = new(_plan, scope.Id(_plan.Kind, row.Ordinal.ToString(CultureInfo.InvariantCulture)));

    private static Fragment Plan(Shape s)
    {
        Node[] nodes =
        [
            Made(static pen => pen.String(FhirParts.Status, pen.Row.Get("NGAYKT_DTRI_LAO") is null ? "active" : "completed")),
            Fixed("intent", "plan"),
            Concept("category", Systems.Own + "/CodeSystem/bhyt-table", s.Table.Name, inArray: true),
            Fixed("title", s.Table.Vi),
            FhirParts.Patient("subject"),
            FhirParts.Encounter(),
            Obj("period", s.Time("start", "NGAYBD_DTRI_LAO"), s.End("end", "NGAYKT_DTRI_LAO", "NGAYBD_DTRI_LAO")),
            Arr("activity", Item(Obj("detail",
                Fixed("status", "in-progress"),
                Obj("code", Arr("coding", s.Coding(Systems.BhytList("PHACDO_DTRI_LAO"), "PHACDO_DTRI_LAO")))))),
        ];
        return new Fragment("tb", "CarePlan", nodes, s.Native, s.Kept)
        {
            IsRestricted = static pen => pen.Row.Get("NGAYKD_HIV") is not null || pen.Row.Get("BDDT_ARV") is not null || pen.Row.Get("PHANLOAI_LAO_HIV") is "1",
        };
    }
}
