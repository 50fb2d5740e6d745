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

    public VisitMap(BhytTable table) : base(table)
    {
        _encounter = Add(EncounterTemplate.Build(new Shape(table)));
        _document = Add(DocumentTemplate.Build(new Shape(table)));
        _claim = Add(ClaimTemplate.Build(new Shape(table)));
        _diagnosis = Add(DiagnosisTemplate.Build(new Shape(table)));
        _weight = Add(Weight(new Shape(table)));
        _bloodGroup = Add(BloodGroup(new Shape(table)));
        UInt128 lists = default;
        foreach (var field in CoverageList.Fields.Append(DiagnosisList.Codes))
        {
            if (table.IndexOf(field) is var index and >= 0)
            {
                lists |= UInt128.One << index;
            }
        }

        Close(lists);
        _again = Add(PaperMap.Carrier(new Shape(table), "again"));
    }

    public override IEnumerable<Fragment> Mains => [_encounter];

    public override void Plan(DossierScope scope, RowPlan row)
    {
        if (!scope.IsSummary(row.Row))
        {
            row.Main = new(_again, scope.Id("again", $"{Table.Name.ToLowerInvariant()}-{row.Ordinal}"));
            return;
        }

        row.Main = new(_encounter, scope.Prefix);
        row.Covered = scope.Coverages.Exact | scope.Diagnoses.ExactCodes;
        if (scope.Diagnoses.Main is { } main)
        {
            row.AddOther(_diagnosis, main.Id);
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

    /// <summary>Fields whose parts stand in several resources, and where.</summary>
    public override IEnumerable<Mention> Elsewhere
    {
        get
        {
            (string Field, string Path, Transform Form)[] places =
            [
                (CoverageList.Fields[0], "Coverage.subscriberId", AsCode),
                (CoverageList.Fields[1], $"Coverage.extension({CoverageTemplate.RegistrationUrl[(CoverageTemplate.RegistrationUrl.LastIndexOf('/') + 1)..]})", AsCode),
                (CoverageList.Fields[2], "Coverage.period.start", AsDateTime),
                (CoverageList.Fields[3], "Coverage.period.end", AsDateTime),
                (DiagnosisList.Codes, "Condition.code.coding[system=icd-10]", AsCode),
            ];
            return places.Where(p => Table.IndexOf(p.Field) >= 0).Select(p => new Mention(Table.IndexOf(p.Field), p.Path, p.Form));
        }
    }

    /// <summary>Body weight of the visit, kg.</summary>
    private static Fragment Weight(Shape s) => s.Build("wt", "Observation",
    [
        Fixed("status", "final"),
        Concept("category", "http://terminology.hl7.org/CodeSystem/observation-category", "vital-signs", inArray: true),
        Concept("code", "http://loinc.org", "29463-7"),
        FhirParts.Patient("subject"),
        FhirParts.Encounter(),
        s.Copy("effectiveDateTime", "NGAY_VAO", AsDateTime),
        Obj("valueQuantity", s.Decimal("value", "CAN_NANG"), Fixed("unit", "kg"), Fixed("system", "http://unitsofmeasure.org"), Fixed("code", "kg")),
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
