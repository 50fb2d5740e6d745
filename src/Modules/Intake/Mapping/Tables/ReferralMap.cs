using System.Globalization;
using System.Text.Json;
using Mach.Intake.Mapping.Tree;
using Mach.Vietnam;
using Mach.Vietnam.Bhyt;
using static Mach.Intake.Mapping.Tree.Shape;

namespace Mach.Intake.Mapping.Tables;

/// <summary>XML13, both shapes: the referral as a ServiceRequest to the receiving facility.</summary>
internal sealed class ReferralMap : TableMap
{
    public const string Kind = "ref";

    private static readonly JsonEncodedText s_authoredOn = JsonEncodedText.Encode("authoredOn");

    private static readonly string[] s_texts =
        ["DAU_HIEU_LS", "QT_BENHLY", "TOMTAT_KQ", "TEN_DICH_VU", "TEN_THUOC", "PP_DIEUTRI", "PP_DIEU_TRI", "TINH_TRANG_CT", "HUONG_DIEU_TRI", "PHUONGTIEN_VC"];

    private readonly Fragment _referral;

    public ReferralMap(BhytTable table) : base(table)
    {
        _referral = Add(Referral(new Shape(table)));
        Close();
    }

    public override IEnumerable<Fragment> Mains => [_referral];

    public override void Plan(DossierScope scope, RowPlan row) =>
        row.Main = new(_referral, scope.Id(_referral.Kind, row.Ordinal.ToString(CultureInfo.InvariantCulture)));

    private static Fragment Referral(Shape s) => s.Build(Kind, "ServiceRequest",
    [
        Arr("identifier",
            Number(s, "GIAY_CHUYEN_TUYEN"),
            Number(s, "SO_HOSO"),
            Number(s, "SO_CHUYENTUYEN")),
        Fixed("status", "active"),
        Fixed("intent", "order"),
        Concept("category", "http://snomed.info/sct", "3457005", inArray: true),
        Obj("code", Made(pen => pen.String(FhirParts.TextName, s.Table.Vi))),
        FhirParts.Patient("subject"),
        FhirParts.Encounter(),
        Made(WriteAuthored),
        s.Named("requester", Practitioners.Licence, "MA_BAC_SI"),
        Arr("performer", Item(Obj("identifier", Fixed("system", Systems.FacilityCode), s.Code("value", s.FirstOf("MA_CSKCB_DEN", "MA_NOI_DEN"))))),
        Arr("reasonCode",
            ItemBy("id", "MA_LYDO_CT", Arr("coding", s.Coding(Systems.BhytList("MA_LYDO_CT"), "MA_LYDO_CT"))),
            ItemBy("id", "MA_BENH_CHINH", Arr("coding", s.Coding(Systems.Icd10, "MA_BENH_CHINH")), s.Text("text", "CHAN_DOAN_RV"))),
        Arr("note", Array.ConvertAll(s_texts, s.Note)),
    ]);

    /// <summary>A patient is referred when the visit ends.</summary>
    private static void WriteAuthored(Pen pen)
    {
        if (pen.Scope.FirstTime("NGAY_RA", "NGAY_VAO") is { } time)
        {
            pen.String(s_authoredOn, time);
        }
    }

    private static ItemNode Number(Shape s, string field) =>
        ItemBy("system", $"{Systems.Own}/sid/bhyt-{field.ToLowerInvariant().Replace('_', '-')}", s.Code("value", field));
}
