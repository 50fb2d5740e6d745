using System.Text.Json;
using Mach.Intake.Mapping.Tree;
using Mach.Vietnam;
using Mach.Vietnam.Bhyt;
using static Mach.Intake.Mapping.Tree.Shape;

namespace Mach.Intake.Mapping.Tables;

/// <summary>
/// XML4: an Observation per row and one DiagnosticReport per service and time of result, carried by the first row of it.
/// A first row with words but no value (imaging) is the report alone.
/// </summary>
internal sealed class ResultMap : TableMap
{
    private static readonly JsonEncodedText s_status = JsonEncodedText.Encode("status");
    private static readonly JsonEncodedText s_final = JsonEncodedText.Encode("final");
    private static readonly JsonEncodedText s_registered = JsonEncodedText.Encode("registered");
    private static readonly JsonEncodedText s_category = JsonEncodedText.Encode("category");
    private static readonly JsonEncodedText s_observationCategory = JsonEncodedText.Encode("http://terminology.hl7.org/CodeSystem/observation-category");
    private static readonly JsonEncodedText s_serviceSection = JsonEncodedText.Encode("http://terminology.hl7.org/CodeSystem/v2-0074");
    private static readonly JsonEncodedText s_basedOn = JsonEncodedText.Encode("basedOn");
    private static readonly JsonEncodedText s_result = JsonEncodedText.Encode("result");

    private readonly Fragment _observation;
    private readonly Fragment _report;
    private readonly Fragment _imaging;

    public ResultMap(BhytTable table) : base(table)
    {
        _observation = Add(Observation(new Shape(table)));
        _report = Add(Report(new Shape(table)));
        _imaging = Add(Imaging(new Shape(table)));
        Close();
    }

    public override IEnumerable<Fragment> Mains => [_observation, _imaging];

    public override void Plan(DossierScope scope, RowPlan row)
    {
        var service = row["MA_DICH_VU"] ?? "";
        var ordered = scope.Services.TryGetValue(service, out var order);
        row.Group = ordered ? order.Group : null;
        row.Link = ordered ? order.Id : null;
        var isFirst = !scope.Reports.TryGetValue((service, row["NGAY_KQ"] ?? ""), out var report);
        if (isFirst && row["GIA_TRI"] is null && (row["KET_LUAN"] is not null || row["MO_TA"] is not null))
        {
            row.Main = new(_imaging, scope.Id("img", scope.Keys.Next("img", service)));
        }
        else
        {
            var id = scope.Id("obs", scope.Keys.Next("obs", row.Row, "MA_DICH_VU", "MA_CHI_SO", "TEN_CHI_SO"));
            row.Main = new(_observation, id);
            if (isFirst)
            {
                row.AddOther(_report, scope.Id("rep", scope.Keys.Next("rep", service)));
            }

            ((report ?? row).Results ??= []).Add(id);
        }

        if (isFirst)
        {
            scope.Reports.Add((service, row["NGAY_KQ"] ?? ""), row);
        }
    }

    private static Fragment Observation(Shape s) => s.Build("obs", "Observation",
    [
        Made(WriteBasedOn),
        Made(WriteStatus),
        Made(WriteCategory),
        Required("code",
            Arr("coding", s.Coding(Systems.IndicatorCode, "MA_CHI_SO"), s.Coding(Systems.ServiceCode, "MA_DICH_VU")),
            s.Text("text", "TEN_CHI_SO")),
        FhirParts.Patient("subject"),
        FhirParts.Encounter(),
        s.Time("effectiveDateTime", "NGAY_KQ"),
        Performer(s, "performer"),
        s.Carry(new ValueNode(s.Table), "GIA_TRI", "DON_VI_DO"),
        Arr("note", s.Note("KET_LUAN"), s.Note("MO_TA")),
    ]);

    private static Fragment Report(Shape s) => s.Build("rep", "DiagnosticReport",
    [
        Obj("text", Fixed("status", "additional"), s.Field("div", "MO_TA", AsNarrative)),
        Made(WriteBasedOn),
        Made(WriteStatus),
        Made(WriteSection),
        Required("code", Arr("coding", s.CodingCopy(Systems.ServiceCode, "MA_DICH_VU")), Made(WriteServiceName)),
        FhirParts.Patient("subject"),
        FhirParts.Encounter(),
        s.Copy("effectiveDateTime", "NGAY_KQ", AsDateTime),
        Made(WriteResults),
        s.Text("conclusion", "KET_LUAN"),
    ]);

    private static Fragment Imaging(Shape s) => s.Build("img", "DiagnosticReport",
    [
        Obj("text", Fixed("status", "additional"), s.Field("div", "MO_TA", AsNarrative)),
        Made(WriteBasedOn),
        Made(WriteStatus),
        Made(WriteSection),
        Required("code",
            Arr("coding", s.Coding(Systems.ServiceCode, "MA_DICH_VU"), s.Coding(Systems.IndicatorCode, "MA_CHI_SO")),
            s.Text("text", "TEN_CHI_SO")),
        FhirParts.Patient("subject"),
        FhirParts.Encounter(),
        s.Time("effectiveDateTime", "NGAY_KQ"),
        Performer(s, "resultsInterpreter"),
        Made(WriteResults),
        s.Text("conclusion", "KET_LUAN"),
    ]);

    private static Node Performer(Shape s, string name) =>
        Arr(name, Item(Obj("identifier", Fixed("system", Practitioners.Licence), s.Code("value", "MA_BS_DOC_KQ"))));

    /// <summary>A row without value, words and time is an order whose result is still to come.</summary>
    private static void WriteStatus(Pen pen)
    {
        var row = pen.Row;
        var known = row.Get("GIA_TRI") is not null || row.Get("KET_LUAN") is not null || row.Get("MO_TA") is not null || row.Get("NGAY_KQ") is not null;
        pen.String(s_status, known ? s_final : s_registered);
    }

    private static void WriteCategory(Pen pen) => WriteConcept(pen, s_observationCategory, pen.Plan.Group switch { "2" => "imaging", "3" => "procedure", _ => "laboratory" });

    /// <summary>Words without an order may come from anywhere: then no section is said.</summary>
    private static void WriteSection(Pen pen)
    {
        if (pen.Plan.Group is not null || pen.Row.Get("GIA_TRI") is not null)
        {
            WriteConcept(pen, s_serviceSection, pen.Plan.Group switch { "2" => "RAD", "3" => "OTH", _ => "LAB" });
        }
    }

    private static void WriteConcept(Pen pen, JsonEncodedText system, string code)
    {
        var array = pen.BeginArray(s_category);
        var item = pen.BeginObject(null);
        var codings = pen.BeginArray(FhirParts.CodingName);
        var coding = pen.BeginObject(null);
        pen.String(FhirParts.System, system);
        pen.String(FhirParts.CodeName, code);
        pen.EndObject(coding);
        pen.EndArray(codings);
        pen.EndObject(item);
        pen.EndArray(array);
    }

    private static void WriteServiceName(Pen pen)
    {
        if (pen.Row.Get("MA_DICH_VU") is { } service && pen.Scope.Services.TryGetValue(service, out var order) && order.Name is { } name)
        {
            pen.String(FhirParts.TextName, name);
        }
    }

    private static void WriteBasedOn(Pen pen)
    {
        if (pen.Plan.Link is { } order)
        {
            var array = pen.BeginArray(s_basedOn);
            FhirParts.WriteItem(pen, "ServiceRequest", order);
            pen.EndArray(array);
        }
    }

    private static void WriteResults(Pen pen)
    {
        var array = pen.BeginArray(s_result);
        foreach (var id in pen.Plan.Results ?? [])
        {
            FhirParts.WriteItem(pen, "Observation", id);
        }

        pen.EndArray(array);
    }
}
