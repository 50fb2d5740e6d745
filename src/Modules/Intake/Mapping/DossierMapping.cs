using Mach.Contracts.People;
using Mach.Intake.Mapping.Tables;
using Mach.Intake.Mapping.Tree;
using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Mapping;

/// <summary>A dossier as FHIR R4 resources, and back. Both ways run on the templates in Tables/, as does docs/mapping.</summary>
internal static class DossierMapping
{
    /// <summary>
    /// All resources of one dossier except Patient and Organization, the Encounter first. Deterministic: the same dossier,
    /// person and facility give the same bytes, whenever it was received.
    /// </summary>
    public static IReadOnlyList<MappedResource> ToFhir(Dossier dossier, MappingContext context)
    {
        var scope = new DossierScope(dossier, context);
        using var pen = Pen.Rent(scope);
        var written = new List<(string Type, string Id, int End)>(32);
        foreach (var row in scope.Rows)
        {
            WriteRow(pen, row, written);
        }

        written.Add(("Provenance", ProvenanceTemplate.Write(pen, written), pen.Length));
        var bytes = pen.ToArray();
        var resources = new MappedResource[written.Count];
        var start = 0;
        for (var i = 0; i < resources.Length; i++)
        {
            var (type, id, end) = written[i];
            resources[i] = new MappedResource(type, id, bytes.AsMemory(start, end - start));
            start = end;
        }

        return resources;
    }

    /// <summary>The dossier again from its resources, in any order; its place in the envelope is not kept.</summary>
    /// <exception cref="FormatException">The DocumentReference of the dossier is missing or not one of ours.</exception>
    public static Dossier FromFhir(IReadOnlyList<ReadOnlyMemory<byte>> resources) => DossierReader.Read(resources);

    /// <summary>What the dossier says about who its person is.</summary>
    /// <param name="filedUnder">Patient that an earlier version of it was filed under, or null.</param>
    public static PersonClaim Claim(Dossier dossier, string? filedUnder) => PersonClaims.Of(dossier, filedUnder);

    private static void WriteRow(Pen pen, RowPlan row, List<(string Type, string Id, int End)> written)
    {
        pen.Turn(row.Row, row.Ordinal, row);
        if (row.Main.Fragment is { } main)
        {
            main.Write(pen, row.Main.Id, isMain: true);
            written.Add((main.Type, row.Main.Id, pen.Length));
        }

        foreach (var (fragment, id) in row.Others)
        {
            pen.Turn(row.Row, row.Ordinal, row);
            pen.Covered = default;
            fragment.Write(pen, id, isMain: false);
            written.Add((fragment.Type, id, pen.Length));
        }

        if (pen.Scope.IsSummary(row.Row))
        {
            WriteDiagnoses(pen, written);
            WriteCoverages(pen, written);
        }
        else if (row.Row.Table.Name == "XML5")
        {
            foreach (var sign in VitalSigns.Find(row.Row["DIEN_BIEN_LS"]))
            {
                var id = pen.Scope.Id(VitalSigns.Kind, VitalSigns.Name(row.Link!, sign));
                VitalSigns.Write(pen, id, sign);
                written.Add(("Observation", id, pen.Length));
            }
        }
    }

    private static void WriteDiagnoses(Pen pen, List<(string Type, string Id, int End)> written)
    {
        foreach (var diagnosis in pen.Scope.Diagnoses.Others)
        {
            DiagnosisTemplate.WriteOther(pen, diagnosis);
            written.Add(("Condition", diagnosis.Id, pen.Length));
        }
    }

    private static void WriteCoverages(Pen pen, List<(string Type, string Id, int End)> written)
    {
        var coverages = pen.Scope.Coverages;
        for (var i = 0; i < coverages.Ids.Length; i++)
        {
            var card = i < coverages.Cards.Length ? coverages.Cards[i] : null;
            if (card is not null || pen.Scope.HasClaim)
            {
                pen.BeginResource();
                FhirParts.WriteHead(pen, "Coverage", coverages.Ids[i]);
                CoverageTemplate.Write(pen, card, i + 1);
                pen.EndResource();
                written.Add(("Coverage", coverages.Ids[i], pen.Length));
            }
        }
    }
}
