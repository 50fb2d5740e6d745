using Mach.Intake.Mapping.Tree;
using Mach.Vietnam;
using Mach.Vietnam.Bhyt;
using static Mach.Intake.Mapping.Tree.Shape;

namespace Mach.Intake.Mapping.Tables;

/// <summary>
/// XML3 by cost group (MA_NHOM): 1 laboratory, 2 imaging, 3 functional tests → ServiceRequest; 8 and 18 operations and
/// procedures, 9 services paid in part → Procedure; examinations, beds, transport, supplies → the Claim's item alone.
/// Source: Annex 3 of QĐ 5937/QĐ-BYT 2021.
/// </summary>
internal sealed class ServiceMap : TableMap
{
    private static readonly string[] s_money =
    [
        "GOI_VTYT", "PHAM_VI", "DON_GIA_BH", "TT_THAU", "TYLE_TT_DV", "TYLE_TT_BH", "THANH_TIEN_BH", "T_TRANTT", "MUC_HUONG",
        "T_NGUONKHAC_NSNN", "T_NGUONKHAC_VTNN", "T_NGUONKHAC_VTTN", "T_NGUONKHAC_CL", "T_NGUONKHAC", "T_BNTT", "T_BNCCT", "T_BHTT", "MA_PTTT",
    ];

    private readonly Fragment _order;
    private readonly Fragment _procedure;
    private readonly Fragment _item;
    private readonly Fragment _whole;

    public ServiceMap(BhytTable table) : base(table)
    {
        _order = Add(Order(new Shape(table)));
        _procedure = Add(Procedure(new Shape(table)));
        _item = Add(Item(new Shape(table)));
        _whole = Add(Whole(new Shape(table)));
        Close();
    }

    public override IEnumerable<Fragment> Mains => [_order, _procedure, _whole];

    public override void Plan(DossierScope scope, RowPlan row)
    {
        var group = row["MA_NHOM"] ?? "";
        var kind = KindOf(group);
        if (kind is null)
        {
            row.ClaimItem = _whole;
            return;
        }

        var id = scope.Id(kind, scope.Keys.Next(kind, row.Row, "MA_DICH_VU", "MA_VAT_TU", "TEN_DICH_VU", "TEN_VAT_TU"));
        row.Main = new(kind == "sr" ? _order : _procedure, id);
        row.ClaimItem = _item;
        row.Covered = _item.Own;
        if (kind == "sr" && row["MA_DICH_VU"] is { } service)
        {
            scope.Services.TryAdd(service, (id, group, row["TEN_DICH_VU"]));
        }
    }

    /// <summary>The fragment of a claim item, by the cost group that stands in it.</summary>
    public Fragment ItemOf(string? group) => KindOf(group?.Trim() ?? "") is null ? _whole : _item;

    private static string? KindOf(string group) => group switch
    {
        "1" or "2" or "3" => "sr",
        "8" or "18" or "9" => "proc",
        _ => null,
    };

    private static Fragment Order(Shape s) => s.Build("sr", "ServiceRequest",
    [
        Fixed("status", "completed"),
        Fixed("intent", "order"),
        Arr("category", Shape.Item(Arr("coding", s.CodingCopy(Systems.BhytList("MA_NHOM"), "MA_NHOM")))),
        Required("code", Arr("coding", s.Coding(Systems.ServiceCode, "MA_DICH_VU")), s.Text("text", "TEN_DICH_VU")),
        FhirParts.Patient("subject"),
        FhirParts.Encounter(),
        s.Time("occurrenceDateTime", "NGAY_TH_YL"),
        s.Time("authoredOn", "NGAY_YL"),
        s.Named("requester", Practitioners.Licence, "MA_BAC_SI"),
        Arr("performer", Shape.Item(Obj("identifier", Fixed("system", Practitioners.Licence), s.Code("value", "NGUOI_THUC_HIEN")))),
        Arr("reasonCode", Shape.Item(Arr("coding", s.Coding(Systems.Icd10, "MA_BENH")))),
        Arr("bodySite", Shape.Item(Arr("coding", s.Coding(Systems.BhytList("VI_TRI_TH_DVKT"), "VI_TRI_TH_DVKT")))),
    ]);

    private static Fragment Procedure(Shape s) => s.Build("proc", "Procedure",
    [
        Fixed("status", "completed"),
        Obj("category", Arr("coding", s.CodingCopy(Systems.BhytList("MA_NHOM"), "MA_NHOM"))),
        Required("code",
            Arr("coding", s.Coding(Systems.ServiceCode, "MA_DICH_VU"), s.Coding(Systems.Icd9Procedure, "MA_PTTT_QT")),
            s.Text("text", "TEN_DICH_VU")),
        FhirParts.Patient("subject"),
        FhirParts.Encounter(),
        Obj("performedPeriod", s.Time("start", "NGAY_TH_YL"), s.End("end", "NGAY_KQ", "NGAY_TH_YL")),
        s.Named("recorder", Practitioners.Licence, "MA_BAC_SI"),
        Arr("performer", Shape.Item(s.Named("actor", Practitioners.Licence, "NGUOI_THUC_HIEN"))),
        Arr("reasonCode", Shape.Item(Arr("coding", s.Coding(Systems.Icd10, "MA_BENH")))),
        Arr("bodySite", Shape.Item(Arr("coding", s.Coding(Systems.BhytList("VI_TRI_TH_DVKT"), "VI_TRI_TH_DVKT")))),
    ]);

    private static Fragment Item(Shape s) => s.Build("item", "Claim.item", [.. Price(s, ClaimTemplate.Product((Systems.ServiceCode, "MA_DICH_VU"), (Systems.SupplyCode, "MA_VAT_TU"))), s.Own(s_money)]);

    private static Fragment Whole(Shape s) => s.Build("whole", "Claim.item",
    [
        .. Price(s, Required("productOrService",
            Arr("coding", s.Coding(Systems.ServiceCode, "MA_DICH_VU"), s.Coding(Systems.SupplyCode, "MA_VAT_TU")),
            s.Text("text", "TEN_DICH_VU"))),
        s.Day("servicedDate", "NGAY_YL"),
    ]);

    private static Node[] Price(Shape s, Node product) =>
    [
        Obj("category", Arr("coding", s.Coding(Systems.BhytList("MA_NHOM"), "MA_NHOM"))),
        product,
        Obj("quantity", s.Decimal("value", "SO_LUONG"), s.Text("unit", "DON_VI_TINH")),
        Obj("unitPrice", s.Decimal("value", "DON_GIA_BV"), Fixed("currency", "VND")),
        Obj("net", s.Decimal("value", "THANH_TIEN_BV"), Fixed("currency", "VND")),
    ];
}
