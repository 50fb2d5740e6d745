using System.Text.Json;
using Mach.Intake.Mapping.Tree;
using Mach.Vietnam;
using Mach.Vietnam.Bhyt;
using static Mach.Intake.Mapping.Tree.Shape;

namespace Mach.Intake.Mapping.Tables;

/// <summary>XML2: a MedicationRequest per row, a MedicationDispense when it was given, and the row's item in the Claim.</summary>
internal sealed class MedicationMap : TableMap
{
    private static readonly JsonEncodedText s_authorizing = JsonEncodedText.Encode("authorizingPrescription");

    private readonly Fragment _request;
    private readonly Fragment _dispense;
    private readonly Fragment _item;

    public MedicationMap(BhytTable table) : base(table)
    {
        _request = Add(Request(new Shape(table)));
        _dispense = Add(Dispense(new Shape(table)));
        _item = Add(Item(new Shape(table)));
        Close();
    }

    public override IEnumerable<Fragment> Mains => [_request];

    public override void Plan(DossierScope scope, RowPlan row)
    {
        var key = scope.Keys.Next("rx", row.Row, "MA_THUOC", "TEN_THUOC", "HAM_LUONG");
        row.Main = new(_request, scope.Id("rx", key));
        row.Link = row.Main.Id;
        if (row["NGAY_TH_YL"] is { } given && AsDateTime.Accepts(given))
        {
            row.AddOther(_dispense, scope.Id("disp", key));
        }

        row.ClaimItem = _item;
        row.Covered |= _item.Own;
    }

    private static Fragment Request(Shape s) => s.Build("rx", "MedicationRequest",
    [
        Fixed("status", "completed"),
        Fixed("intent", "order"),
        Required("medicationCodeableConcept", Arr("coding", s.Coding(Systems.DrugCode, "MA_THUOC")), s.Text("text", "TEN_THUOC")),
        FhirParts.Patient("subject"),
        FhirParts.Encounter(),
        s.Time("authoredOn", "NGAY_YL"),
        s.Named("requester", Practitioners.Licence, "MA_BAC_SI"),
        Arr("dosageInstruction", Shape.Item(
            s.Text("text", "LIEU_DUNG"),
            s.Text("patientInstruction", "CACH_DUNG"),
            Obj("route", Arr("coding", s.Coding(Systems.BhytList("DUONG_DUNG"), "DUONG_DUNG"))))),
        Obj("dispenseRequest", Obj("quantity", s.Decimal("value", "SO_LUONG"), s.Text("unit", "DON_VI_TINH"))),
    ]);

    private static Fragment Dispense(Shape s) => s.Build("disp", "MedicationDispense",
    [
        Fixed("status", "completed"),
        Required("medicationCodeableConcept", Arr("coding", s.CodingCopy(Systems.DrugCode, "MA_THUOC")), s.Copy("text", "TEN_THUOC", AsSent)),
        FhirParts.Patient("subject"),
        FhirParts.Encounter("context"),
        Made(WritePrescription),
        Obj("quantity", s.Copy("value", "SO_LUONG", AsDecimal), s.Copy("unit", "DON_VI_TINH", AsSent)),
        s.Time("whenHandedOver", "NGAY_TH_YL"),
    ]);

    private static Fragment Item(Shape s) => s.Build("item", "Claim.item",
    [
        Obj("category", Arr("coding", s.Coding(Systems.BhytList("MA_NHOM"), "MA_NHOM"))),
        ClaimTemplate.Product((Systems.DrugCode, "MA_THUOC")),
        Obj("quantity", s.Copy("value", "SO_LUONG", AsDecimal)),
        Obj("unitPrice", s.Decimal("value", "DON_GIA"), Fixed("currency", "VND")),
        Obj("net", s.Decimal("value", "THANH_TIEN_BV"), Fixed("currency", "VND")),
        s.Own("TT_THAU", "PHAM_VI", "TYLE_TT_BH", "THANH_TIEN_BH", "T_NGUONKHAC_NSNN", "T_NGUONKHAC_VTNN", "T_NGUONKHAC_VTTN", "T_NGUONKHAC_CL",
            "T_NGUONKHAC", "MUC_HUONG", "T_BNTT", "T_BNCCT", "T_BHTT", "MA_PTTT", "NGUON_CTRA"),
    ]);

    private static void WritePrescription(Pen pen)
    {
        var array = pen.BeginArray(s_authorizing);
        FhirParts.WriteItem(pen, "MedicationRequest", pen.Plan.Link!);
        pen.EndArray(array);
    }
}
