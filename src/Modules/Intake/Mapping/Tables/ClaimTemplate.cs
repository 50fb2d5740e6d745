using System.Globalization;
using System.Text.Json;
using Mach.Intake.Mapping.Tree;
using static Mach.Intake.Mapping.Tree.Shape;

namespace Mach.Intake.Mapping.Tables;

/// <summary>The bill: totals of XML1, one item per row of XML2 and XML3. Source of the elements: hl7.org/fhir/R4/claim.html.</summary>
internal static class ClaimTemplate
{
    public const string Kind = "claim";

    private static readonly JsonEncodedText s_created = JsonEncodedText.Encode("created");
    private static readonly JsonEncodedText s_createdUnknown = JsonEncodedText.Encode("_created");
    private static readonly JsonEncodedText s_insurance = JsonEncodedText.Encode("insurance");
    private static readonly JsonEncodedText s_sequence = JsonEncodedText.Encode("sequence");
    private static readonly JsonEncodedText s_focal = JsonEncodedText.Encode("focal");
    private static readonly JsonEncodedText s_coverage = JsonEncodedText.Encode("coverage");
    private static readonly JsonEncodedText s_item = JsonEncodedText.Encode("item");
    private static readonly JsonEncodedText s_id = JsonEncodedText.Encode("id");

    public static Fragment Build(Shape s) => s.Build(Kind, "Claim",
    [
        Fixed("status", "active"),
        Concept("type", "http://terminology.hl7.org/CodeSystem/claim-type", "institutional"),
        Fixed("use", "claim"),
        FhirParts.Patient("patient"),
        Obj("billablePeriod", s.Copy("start", "NGAY_VAO", AsDateTime)),
        Made(WriteCreated),
        FhirParts.Organization("provider"),
        Concept("priority", "http://terminology.hl7.org/CodeSystem/processpriority", "normal"),
        Made(WriteInsurance),
        Made(WriteItems),
        Obj("total", s.Decimal("value", "T_TONGCHI_BV"), Fixed("currency", "VND")),
        s.Own("T_THUOC", "T_VTYT", "T_TONGCHI_BH", "T_BNTT", "T_BNCCT", "T_BHTT", "T_NGUONKHAC", "T_BHTT_GDV", "NAM_QT", "THANG_QT", "NGAY_TTOAN", "NGAY_MIEN_CCT", "NAM_NAM_LIEN_TUC"),
    ]);

    /// <summary>The product of an item: its code, else its name, else unknown (R4 requires one).</summary>
    public static Node Product(params (string System, string Field)[] codes) => new ProductNode(codes);

    private static void WriteCreated(Pen pen)
    {
        if (pen.Scope.FirstTime("NGAY_TTOAN", "NGAY_RA", "NGAY_VAO") is { } time)
        {
            pen.String(s_created, time);
        }
        else
        {
            DataAbsent.WritePrimitive(pen, s_createdUnknown);
        }
    }

    private static void WriteInsurance(Pen pen)
    {
        var array = pen.BeginArray(s_insurance);
        var ids = pen.Scope.Coverages.Ids;
        for (var i = 0; i < ids.Length; i++)
        {
            var item = pen.BeginObject(null);
            pen.Number(s_sequence, i + 1);
            // The newest card, sent last, is the one that pays.
            pen.Boolean(s_focal, i == ids.Length - 1);
            var coverage = pen.BeginObject(s_coverage);
            pen.String(FhirParts.Reference, string.Concat("Coverage/", ids[i]));
            pen.EndObject(coverage);
            pen.EndObject(item);
        }

        pen.EndArray(array);
    }

    private static void WriteItems(Pen pen)
    {
        var (row, ordinal, plan, covered, inexact) = (pen.Row, pen.Ordinal, pen.Plan, pen.Covered, pen.Inexact);
        var array = pen.BeginArray(s_item);
        var sequence = 0;
        foreach (var line in pen.Scope.Rows)
        {
            if (line.ClaimItem is not { } fragment)
            {
                continue;
            }

            pen.Turn(line.Row, line.Ordinal, line);
            var isMain = line.Main.Fragment is null;
            pen.Covered = isMain ? line.Covered : default;
            var item = pen.BeginObject(null);
            pen.String(s_id, string.Create(CultureInfo.InvariantCulture, $"{line.Row.Table.Name}-{line.Ordinal}"));
            pen.Number(s_sequence, ++sequence);
            fragment.WriteBody(pen, isMain);
            pen.EndObject(item);
        }

        pen.EndArray(array);
        pen.Turn(row, ordinal, plan);
        (pen.Covered, pen.Inexact) = (covered, inexact);
    }

    private sealed class ProductNode((string System, string Field)[] codes) : Node
    {
        private static readonly JsonEncodedText s_product = JsonEncodedText.Encode("productOrService");
        private static readonly JsonEncodedText s_extension = JsonEncodedText.Encode("extension");

        private readonly (JsonEncodedText System, string Field)[] _codes = Array.ConvertAll(codes, c => (JsonEncodedText.Encode(c.System), c.Field));

        public override void Write(Pen pen)
        {
            var mark = pen.BeginObject(s_product);
            var array = pen.BeginArray(FhirParts.CodingName);
            foreach (var (system, field) in _codes)
            {
                if (pen.Row[field].AsSpan().Trim() is var code && CodeForm.IsCode(code))
                {
                    var item = pen.BeginObject(null);
                    pen.String(FhirParts.System, system);
                    pen.String(FhirParts.CodeName, code);
                    pen.EndObject(item);
                    break;
                }
            }

            pen.EndArray(array);
            if (!pen.EndObject(mark))
            {
                mark = pen.BeginObject(s_product);
                DataAbsent.Write(pen, s_extension);
                pen.EndObject(mark);
            }
        }
    }
}
