using System.Globalization;
using Mach.Intake.Mapping.Tree;
using Mach.Vietnam;
using Mach.Vietnam.Bhyt;
using static Mach.Intake.Mapping.Tree.Shape;

namespace Mach.Intake.Mapping.Tables;

/// <summary>The papers (XML7 discharge, XML8 summary, XML9 birth, XML10 and XML11 leave, XML12 assessment): one Composition each; a birth also the child and its weight.</summary>
internal sealed class PaperMap : TableMap
{
    private static readonly string[] s_texts =
    [
        "CHAN_DOAN_VAO", "CHAN_DOAN_RV", "QT_BENHLY", "TOMTAT_KQ", "PP_DIEUTRI", "TINH_TRANG_CON", "NGUYENNHAN_DINHCHI",
        "KET_QUA_KHAM", "DUOC_XACDINH", "DE_NGHI", "GHI_CHU",
    ];

    private readonly Fragment _paper;
    private readonly Fragment? _child;
    private readonly Fragment? _weight;

    public PaperMap(BhytTable table) : base(table)
    {
        _paper = Add(Paper(new Shape(table), "p" + table.Name[3..]));
        if (table.IndexOf("NGAY_SINH_CON") >= 0)
        {
            _child = Add(Child(new Shape(table)));
            _weight = Add(Weight(new Shape(table)));
        }

        Close();
    }

    /// <summary>A Composition that only carries a row: XML0 beside XML1, or a second row where one is allowed.</summary>
    public static Fragment Carrier(Shape s, string kind) => s.Build(kind, "Composition", [.. Head(s), Made(pen => pen.String(FhirParts.Title, s.Table.Vi))]);

    public override IEnumerable<Fragment> Mains => [_paper];

    public override void Plan(DossierScope scope, RowPlan row)
    {
        var number = row.Ordinal.ToString(CultureInfo.InvariantCulture);
        row.Main = new(_paper, scope.Id(_paper.Kind, number));
        if (_child is null || _weight is null)
        {
            return;
        }

        var child = scope.Id(_child.Kind, number);
        row.AddOther(_child, child);
        row.Link = child;
        if (row["CAN_NANG_CON"] is { } weight && AsDecimal.Accepts(weight))
        {
            row.AddOther(_weight, scope.Id(_weight.Kind, number));
        }
    }

    private static Node[] Head(Shape s) =>
    [
        Fixed("status", "final"),
        Type(s.Table.Name),
        FhirParts.Patient("subject"),
        FhirParts.Encounter(),
        s.RequiredTime("date", "NGAY_CT"),
        FhirParts.InArray("author", scope => scope.Organization),
    ];

    private static Fragment Paper(Shape s, string kind) => s.Build(kind, "Composition",
    [
        Obj("identifier", s.Text("value", s.FirstOf("SO_CT", "SO", "SO_SERI", "SO_LUU_TRU", "SO_BIEN_BAN"))),
        .. Head(s),
        Fixed("title", s.Table.Vi),
        Arr("attester",
            ItemBy("mode", "official", s.Named("party", Practitioners.SocialInsurance, "MA_TTDV")),
            ItemBy("mode", "professional", Obj("party",
                Obj("identifier", Fixed("system", Practitioners.SocialInsurance), s.Code("value", "MA_BS")),
                s.Text("display", s.FirstOf("TEN_BS", "NGUOI_GHI_PHIEU", "NGUOI_CHU_TRI"))))),
        Arr("event", Item(Obj("period",
            s.Time("start", s.FirstOf("TU_NGAY", "NGOAITRU_TUNGAY")),
            s.End("end", s.FirstOf("DEN_NGAY", "NGOAITRU_DENNGAY"), s.FirstOf("TU_NGAY", "NGOAITRU_TUNGAY"))))),
        Arr("section", Array.ConvertAll(s_texts, s.Section)),
    ]);

    private static Fragment Child(Shape s) => s.Build("child", "RelatedPerson",
    [
        Arr("identifier", ItemBy("system", Systems.InsuranceCard, s.Code("value", "MA_THE_TAM"))),
        FhirParts.Patient("patient"),
        Concept("relationship", "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "CHILD", inArray: true),
        Arr("name", Item(s.Text("text", "HO_TEN_CON"))),
        s.Field("gender", "GIOI_TINH_CON", AsGender),
        s.Day("birthDate", "NGAY_SINH_CON"),
    ]);

    private static Fragment Weight(Shape s) => s.Build("bw", "Observation",
    [
        Fixed("status", "final"),
        Concept("category", "http://terminology.hl7.org/CodeSystem/observation-category", "vital-signs", inArray: true),
        Concept("code", "http://loinc.org", "8339-4"),
        FhirParts.Patient("subject"),
        Arr("focus", Item(Made(pen => pen.String(FhirParts.Reference, "RelatedPerson/" + pen.Plan.Link)))),
        FhirParts.Encounter(),
        s.Copy("effectiveDateTime", "NGAY_SINH_CON", AsDateTime),
        Obj("valueQuantity", s.Decimal("value", "CAN_NANG_CON"), Fixed("unit", "g"), Fixed("system", "http://unitsofmeasure.org"), Fixed("code", "g")),
    ]);

    private static Node Type(string table) => table switch
    {
        "XML7" => Concept("type", "http://loinc.org", "18842-5"),
        "XML8" => Concept("type", "http://loinc.org", "34133-9"),
        _ => Concept("type", Systems.Own + "/CodeSystem/bhyt-table", table),
    };
}
