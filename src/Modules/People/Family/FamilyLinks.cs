using System.Text.Json.Nodes;
using Mach.Contracts.People;
using Mach.People.Index;
using Mach.People.Links;
using Mach.Store;

namespace Mach.People.Family;

internal enum KinOutcome
{
    Done,
    /// <summary>There is no such Patient, or no such link.</summary>
    Unknown,
    /// <summary>Both are one person.</summary>
    Oneself,
    /// <summary>A parent is at least twelve years older than the child.</summary>
    TooYoung,
    /// <summary>Another mother or father is linked: take that link away first.</summary>
    Another,
    /// <summary>The one is a descendant of the other already.</summary>
    Circle,
}

/// <summary>What to say of two Patients: the relative is this to the patient.</summary>
/// <param name="Officer">Account, or "mach" where the numbers of papers agreed.</param>
internal sealed record KinWanted(string Patient, string Relative, string Kind, string Officer, string Why, string Source = "");

/// <summary>
/// Links two of a family, and takes that away. In the record it is a RelatedPerson of the patient, and a link <c>seealso</c> from the relative's own Patient to it;
/// both go when it is taken away, and then the Patient has the bytes it had.
/// </summary>
/// <remarks>Source: http://hl7.org/fhir/R4/relatedperson.html, http://hl7.org/fhir/R4/patient-definitions.html#Patient.link.other (Patient | RelatedPerson); docs/adr/0012.</remarks>
internal sealed class FamilyLinks(RecordStore store, KinTable table, IPersonLinks links, IPersonConfidentiality confidentiality, TimeProvider clock)
{
    /// <summary>Years between a parent and a child at least; below it is a slip of the pen.</summary>
    public const int LeastYears = 12;
    private const int Attempts = 8, Generations = 6;

    public Task<KinOutcome> LinkAsync(KinWanted wanted, CancellationToken ct) => AgainAsync(() => TryLinkAsync(wanted, ct));

    public Task<KinOutcome> RemoveAsync(KinWanted wanted, CancellationToken ct) => AgainAsync(() => TryRemoveAsync(wanted, ct));

    /// <summary>
    /// What the records of others say of these Patients, where they are linked as their relatives, is what holds now: a corrected name, none of somebody who has
    /// become confidential, and it again when that is taken back.
    /// </summary>
    /// <returns>Number of RelatedPersons that said something else.</returns>
    public Task<int> RefreshAsync(IReadOnlyCollection<string> relatives, CancellationToken ct) => AgainAsync(() => TryRefreshAsync(relatives, ct));

    private async Task<int> TryRefreshAsync(IReadOnlyCollection<string> relatives, CancellationToken ct)
    {
        var rows = (await table.OfAsync(relatives, ct)).Where(k => k.State == KinRow.Linked && relatives.Contains(k.Relative)).ToList();
        if (rows.Count == 0)
        {
            return 0;
        }

        var people = rows.Select(r => r.Relative).Distinct(StringComparer.Ordinal).ToList();
        var hidden = await confidentiality.ConfidentialAsync(people, ct);
        var known = (await store.ReadManyAsync([.. people.Select(p => ("Patient", p)), .. rows.Select(r => ("RelatedPerson", r.ResourceId))], ct)).ToDictionary(r => (r.Type, r.Id));
        var writes = new List<Write>();
        foreach (var row in rows)
        {
            if (known.TryGetValue(("Patient", row.Relative), out var patient) && known.TryGetValue(("RelatedPerson", row.ResourceId), out var related)
                && Said(related.Body, PatientView.Read(patient.Body), !hidden.Contains(row.Relative)) is { } body)
            {
                writes.Add(new Write(WriteKind.Put, "RelatedPerson", related.Id, body, related.Version));
            }
        }

        if (writes.Count > 0)
        {
            await store.CommitAsync(new Commit { Writes = writes, Actor = KinSweep.Machine }, ct);
        }

        return writes.Count;
    }

    /// <summary>FHIR code; null when there is no such Patient.</summary>
    public async Task<string?> SexOfAsync(string patient, CancellationToken ct) =>
        await store.ReadAsync("Patient", patient, ct) is { IsDeleted: false } stored ? PatientView.Read(stored.Body).Gender : null;

    private static async Task<T> AgainAsync<T>(Func<Task<T>> attempt)
    {
        for (var i = 1; ; i++)
        {
            try
            {
                return await attempt();
            }
            catch (CommitConflictException) when (i < Attempts)
            {
                // Somebody decided or wrote in between: what now holds is looked at anew.
            }
        }
    }

    private async Task<KinOutcome> TryLinkAsync(KinWanted wanted, CancellationToken ct)
    {
        wanted = InOrder(wanted);
        var no = await table.LastActAsync(ct) + 1;
        var patients = (await store.ReadManyAsync([("Patient", wanted.Patient), ("Patient", wanted.Relative)], ct)).Where(p => !p.IsDeleted).ToDictionary(p => p.Id, StringComparer.Ordinal);
        if (!Kinds.Kept.Contains(wanted.Kind) || !patients.TryGetValue(wanted.Patient, out var patient) || !patients.TryGetValue(wanted.Relative, out var relative))
        {
            return wanted.Patient == wanted.Relative ? KinOutcome.Oneself : KinOutcome.Unknown;
        }

        if (await RefusalAsync(wanted, PatientView.Read(patient.Body), PatientView.Read(relative.Body), ct) is { } refusal)
        {
            return refusal;
        }

        var row = await table.FindAsync(wanted.Patient, wanted.Relative, wanted.Kind, ct);
        if (row?.State == KinRow.Linked)
        {
            return KinOutcome.Done;
        }

        row = new KinRow { Patient = wanted.Patient, Relative = wanted.Relative, Kind = wanted.Kind, State = KinRow.Linked, Source = wanted.Source.Length > 0 ? wanted.Source : row?.Source ?? "", AtUs = Instants.Us(clock.GetUtcNow()) };
        // It stands in the other's record: the name of a confidential one does not.
        var isNamed = (await confidentiality.ConfidentialAsync([row.Relative], ct)).Count == 0;
        var writes = new List<Write> { new(WriteKind.Put, "RelatedPerson", row.ResourceId, Body(row, PatientView.Read(relative.Body), isNamed)) };
        if (LinkSplice.Add(relative.Body.Span, row.ResourceId, "RelatedPerson") is { } linked)
        {
            writes.Add(new Write(WriteKind.Put, "Patient", relative.Id, linked, relative.Version));
        }

        await CommitAsync(wanted, row, no, writes, ct);
        return KinOutcome.Done;
    }

    private async Task<KinOutcome> TryRemoveAsync(KinWanted wanted, CancellationToken ct)
    {
        wanted = InOrder(wanted);
        var no = await table.LastActAsync(ct) + 1;
        if (await table.FindAsync(wanted.Patient, wanted.Relative, wanted.Kind, ct) is not { } row)
        {
            return KinOutcome.Unknown;
        }

        if (row.State == KinRow.Removed)
        {
            return KinOutcome.Done;
        }

        row = row with { State = KinRow.Removed, AtUs = Instants.Us(clock.GetUtcNow()) };
        var writes = new List<Write>();
        if (await store.ReadAsync("RelatedPerson", row.ResourceId, ct) is { IsDeleted: false } related)
        {
            writes.Add(new Write(WriteKind.Delete, "RelatedPerson", related.Id, default, related.Version));
        }

        if (await store.ReadAsync("Patient", row.Relative, ct) is { IsDeleted: false } relative && LinkSplice.Remove(relative.Body.Span, row.ResourceId, "RelatedPerson") is { } body)
        {
            writes.Add(new Write(WriteKind.Put, "Patient", relative.Id, body, relative.Version));
        }

        await CommitAsync(wanted, row, no, writes, ct);
        return KinOutcome.Done;
    }

    private async Task CommitAsync(KinWanted wanted, KinRow row, long no, List<Write> writes, CancellationToken ct)
    {
        var act = new KinAct { No = no, Patient = row.Patient, Relative = row.Relative, Kind = row.Kind, AtUs = row.AtUs, Act = row.State, Officer = wanted.Officer, Why = wanted.Why };
        await store.CommitAsync(new Commit { Writes = writes, Actor = wanted.Officer, Rows = [KinTable.Row(row), KinTable.Row(act)] }, ct);
    }

    private async Task<KinOutcome?> RefusalAsync(KinWanted wanted, PatientView patient, PatientView relative, CancellationToken ct)
    {
        var (one, other) = (await links.LinkedAsync(wanted.Patient, ct), await links.LinkedAsync(wanted.Relative, ct));
        if (one.Contains(wanted.Relative))
        {
            return KinOutcome.Oneself;
        }

        if (!Kinds.IsParent(wanted.Kind))
        {
            return null;
        }

        if (patient.BirthYear - relative.BirthYear < LeastYears)
        {
            return KinOutcome.TooYoung;
        }

        var known = await table.OfAsync(one, ct);
        return known.Any(k => k.State == KinRow.Linked && k.Kind == wanted.Kind && one.Contains(k.Patient) && !other.Contains(k.Relative)) ? KinOutcome.Another
            : await DescendsAsync(other, one, ct) ? KinOutcome.Circle
            : null;
    }

    /// <summary>Whether the ones are children, grandchildren … of the others.</summary>
    private async Task<bool> DescendsAsync(IReadOnlyList<string> ones, IReadOnlyList<string> others, CancellationToken ct)
    {
        IReadOnlyList<string> wave = ones;
        for (var i = 0; i < Generations && wave.Count > 0; i++)
        {
            wave = [.. (await table.OfAsync(wave, ct)).Where(k => k.State == KinRow.Linked && Kinds.IsParent(k.Kind) && wave.Contains(k.Patient)).Select(k => k.Relative).Distinct()];
            if (wave.Any(others.Contains))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Spouses are each other's: kept once, under the smaller id.</summary>
    private static KinWanted InOrder(KinWanted wanted) =>
        wanted.Kind == Kinds.Spouse && string.CompareOrdinal(wanted.Patient, wanted.Relative) > 0 ? wanted with { Patient = wanted.Relative, Relative = wanted.Patient } : wanted;

    private static byte[] Body(KinRow row, PatientView relative, bool isNamed)
    {
        var coding = new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/v3-RoleCode", ["code"] = row.Kind };
        var root = new JsonObject
        {
            ["resourceType"] = "RelatedPerson",
            ["id"] = row.ResourceId,
            ["active"] = true,
            ["patient"] = new JsonObject { ["reference"] = "Patient/" + row.Patient },
            ["relationship"] = new JsonArray(new JsonObject { ["coding"] = new JsonArray(coding) }),
        };
        Say(root, relative, isNamed);
        return GoldenPatient.Bytes(root);
    }

    /// <summary>Null when it says so already. What other programs have added to it stays.</summary>
    private static byte[]? Said(ReadOnlyMemory<byte> relatedPerson, PatientView relative, bool isNamed)
    {
        var root = JsonNode.Parse(relatedPerson.Span)!.AsObject();
        var before = (Name: root["name"]?.ToJsonString(), Gender: (string?)root["gender"]);
        Say(root, relative, isNamed);
        return before == (root["name"]?.ToJsonString(), (string?)root["gender"]) ? null : GoldenPatient.Bytes(root);
    }

    private static void Say(JsonObject root, PatientView relative, bool isNamed)
    {
        root.Remove("name");
        root.Remove("gender");
        if (isNamed && relative.Name.Length > 0)
        {
            root["name"] = new JsonArray(new JsonObject { ["text"] = relative.Name });
        }

        if (relative.Gender is "male" or "female" or "other")
        {
            root["gender"] = relative.Gender;
        }
    }
}
