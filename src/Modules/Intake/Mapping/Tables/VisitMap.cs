using Mach.Intake.Mapping.Tree;
using Mach.Vietnam.Bhyt;
using static Mach.Intake.Mapping.Tree.Shape;

namespace Mach.Intake.Mapping.Tables;

/// <summary>XML1 (or the XML0 of a check-in): the Encounter answers for the row; the person as sent, the diagnosis, weight, blood group and money have resources of their own.</summary>
internal sealed class VisitMap : TableMap
{
    private readonly Fragment _encounter;
    private readonly Fragment _document;
    private readonly Fragment _claim;
    private readonly Fragment _diagnosis;
    private readonly Fragment _weight;
    private readonly Fragment _bloodGroup;
    private readonly Fragment _again;
    private readonly int _coded;
    private readonly int _words;

    public VisitMap(BhytTable table) : base(table)
    {
        _coded = table.IndexOf("MA_BENH_CHINH");
        _words = table.IndexOf("CHAN_DOAN_RV");
        _encounter = Add(EncounterTemplate.Build(new Shape(table)));
        _document = Add(DocumentTemplate.Build(new Shape(table)));
        _claim = Add(ClaimTemplate.Build(new Shape(table)));
        _diagnosis = Add(DiagnosisTemplate.Build(new Shape(table)));
        _weight = Add(Measured(new Shape(table), "wt", "29463-7", "CAN_NANG"));
        _bloodGroup = Add(BloodGroup(new Shape(table)));
        UInt128 lists = default;
        foreach (var field in CoverageList.Fields.Append(DiagnosisList.Field))
        {
            if (table.IndexOf(field) is var index and >= 0)
            {
                lists |= UInt128.One << index;
            }
        }

        Close(lists);
        _again = Add(PaperMap.Carrier(new Shape(table), "again"));
    }

    public override void Plan(DossierScope scope, RowPlan row)
    {
        if (!scope.IsSummary(row.Row))
        {
            row.Main = new(_again, scope.Id("again", $"{Table.Name.ToLowerInvariant()}-{row.Ordinal}"));
            return;
        }

        row.Main = new(_encounter, scope.Prefix);
        row.Covered = scope.Coverages.Exact | scope.Diagnoses.Exact;
        if (HasText(row, _coded) || HasText(row, _words))
        {
            row.AddOther(_diagnosis, scope.Diagnoses.MainId!);
        }

        if (row["CAN_NANG"] is { } weight && AsDecimal.Accepts(weight) && weight.AsSpan().ContainsAnyInRange('1', '9'))
        {
            row.AddOther(_weight, scope.Id("wt"));
        }

        if (row["NHOM_MAU"] is not null)
        {
            row.AddOther(_bloodGroup, scope.Id("bg"));
        }

        if (scope.HasClaim)
        {
            row.AddOther(_claim, scope.Id("claim"));
        }

        row.AddOther(_document, scope.Id("doc"));
    }

    private static bool HasText(RowPlan row, int field) => field >= 0 && !string.IsNullOrWhiteSpace(row.Row[field]);

    /// <summary>Body weight of the visit, kg.</summary>
    private static Fragment Measured(Shape s, string kind, string loinc, string field) => s.Build(kind, "Observation",
    [
        Fixed("status", "final"),
        Concept("category", "http://terminology.hl7.org/CodeSystem/observation-category", "vital-signs", inArray: true),
        Concept("code", "http://loinc.org", loinc),
        FhirParts.Patient("subject"),
        FhirParts.Encounter(),
        s.Copy("effectiveDateTime", "NGAY_VAO", AsDateTime),
        Obj("valueQuantity", s.Decimal("value", field), Fixed("unit", "kg"), Fixed("system", "http://unitsofmeasure.org"), Fixed("code", "kg")),
    ]);

    private static Fragment BloodGroup(Shape s) => s.Build("bg", "Observation",
    [
        Fixed("status", "final"),
        Concept("category", "http://terminology.hl7.org/CodeSystem/observation-category", "laboratory", inArray: true),
        Concept("code", "http://loinc.org", "882-1"),
        FhirParts.Patient("subject"),
        FhirParts.Encounter(),
        s.Copy("effectiveDateTime", "NGAY_VAO", AsDateTime),
        Obj("valueCodeableConcept", s.Text("text", "NHOM_MAU")),
    ]);
}
