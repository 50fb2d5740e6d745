using Mach.Data;
using Mach.Intake.Keeping;
using Mach.Intake.Mapping;
using Mach.Intake.Taking;
using Mach.Kernel;
using Mach.Store;

namespace Mach.Intake.Filing;

/// <summary>Maps one decided dossier and commits it: resources, Patient, kept bytes, findings and receipt line, all or nothing.</summary>
internal sealed class DossierFiler(RecordStore store)
{
    /// <exception cref="CommitConflictException">The decision is out of date.</exception>
    /// <exception cref="StoreUnavailableException">The store does not take it now.</exception>
    public async Task FileAsync(Decided decided, CancellationToken ct)
    {
        var item = decided.Item;
        var person = decided.Person!;
        IReadOnlyList<MappedResource> resources;
        try
        {
            resources = DossierMapping.ToFhir(item.Dossier!, new MappingContext(person.PatientId, decided.Facility.OrganizationId, item.ReceivedAt));
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException or OverflowException or IndexOutOfRangeException or KeyNotFoundException)
        {
            item.Refuse(FilingFindings.NotMapped(item.Position));
            return;
        }

        IReadOnlyList<Finding> findings = [.. item.Findings, .. person.Findings.Select(f => WithPosition(f, item.Position))];
        var version = (int)(decided.Earlier?.Version ?? 0) + 1;
        var result = version == 1 ? DossierResult.New : DossierResult.Updated;
        var outcome = new DossierOutcome(item.Position, item.Dossier!.FacilityCode, item.Dossier.MaLk, result, findings);
        await store.CommitAsync(
            new Commit
            {
                Writes = Writes(decided, resources),
                Actor = item.Source.Account,
                IdempotencyKey = $"intake {item.Id} {version} {Convert.ToHexStringLower(item.Sha.AsSpan(0, 8))}",
                Claims = [.. person.UniqueKeys.Select(k => new UniqueClaim(k, "Patient", person.PatientId))],
                Rows = Rows(decided, outcome, version, ResourceList.Write(item.Id, resources)),
            },
            ct);
        item.Finish(new Filed(outcome, null));
    }

    private static List<Write> Writes(Decided decided, IReadOnlyList<MappedResource> resources)
    {
        var writes = new List<Write>(resources.Count + 1);
        var person = decided.Person!;
        if (person.Body is { } patient)
        {
            writes.Add(new Write(WriteKind.Put, "Patient", person.PatientId, patient, person.ExpectedVersion));
        }

        foreach (var resource in resources)
        {
            writes.Add(new Write(WriteKind.Put, resource.Type, resource.Id, resource.Body, null, KnownNew: decided.Earlier is null));
        }

        if (decided.Earlier is { } earlier)
        {
            var present = resources.Select(r => (r.Type, r.Id)).ToHashSet();
            writes.AddRange(ResourceList.Read(decided.Item.Id, earlier.Resources).Where(r => !present.Contains(r)).Select(gone => new Write(WriteKind.Delete, gone.Type, gone.Id, default)));
        }

        return writes;
    }

    private List<TableRows> Rows(Decided decided, DossierOutcome outcome, int version, string resources)
    {
        var item = decided.Item;
        var (errors, warnings) = FindingList.Count(outcome.Findings);
        var kept = new VersionRow
        {
            Dossier = item.Id,
            Version = version,
            Facility = outcome.Facility,
            MaLk = outcome.MaLk,
            Kind = item.Dossier!.IsCheckIn ? Versions.CheckIn : Versions.Complete,
            Sha = item.Sha,
            Patient = decided.Person!.PatientId,
            Receipt = item.ReceiptId,
            Position = item.Position,
            Account = item.Source.Account,
            Door = item.Source.Door,
            TakenUs = Instants.Us(item.ReceivedAt),
            Errors = errors,
            Warnings = warnings,
            Resources = resources,
            Findings = FindingList.Pack(outcome.Findings),
            Bytes = KeptBytes.Pack(item.Bytes.Span),
        };
        var rows = new List<TableRows> { kept.ToTable(store.Db.Keys), LineRow.ToTable(store.Db.Keys, [item.Line(outcome, item.Id, version) with { Errors = errors, Warnings = warnings }]) };
        if (FindingCounts.Rows(item.Id, outcome.Facility, outcome.Findings, decided.Earlier?.OpenFindings(store.Db.Keys) ?? []) is { } counts)
        {
            rows.Add(counts);
        }

        rows.AddRange(decided.Person!.Rows);
        if (item.Along is { } along)
        {
            rows.AddRange(along(outcome.Result));
        }

        return rows;
    }

    private static Finding WithPosition(Finding finding, int position) => finding.Dossier == 0 ? finding with { Dossier = position } : finding;
}
