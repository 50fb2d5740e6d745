using Mach.Registry.Facilities;
using Mach.Registry.Practitioners;
using Mach.Store;

namespace Mach.Registry.Ledgers;

/// <summary>The FHIR resources of what a change touches, for the same commit: Organization, Location and HealthcareService of a facility; Practitioner and PractitionerRole of a person.</summary>
internal static class FhirViews
{
    private const long Now = long.MaxValue - 1;

    /// <param name="today">Day in Vietnam: a resource says what holds on it, or held last.</param>
    public static IReadOnlyList<Write> Of(RegistryDraft draft, DateOnly today)
    {
        var writes = new List<Write>();
        if (!draft.Facilities.IsEmpty)
        {
            var after = draft.Facilities.Result();
            foreach (var code in Subjects(draft.Facilities))
            {
                Facility(writes, draft.State.Facilities, after, code, today);
            }
        }

        if (!draft.Practitioners.IsEmpty)
        {
            var after = draft.Practitioners.Result();
            foreach (var id in Subjects(draft.Practitioners))
            {
                Person(writes, draft.State.Practitioners, after, id, today);
            }
        }

        return writes;
    }

    private static void Facility(List<Write> writes, Ledger before, Ledger after, string code, DateOnly today)
    {
        if (FacilityView.Read(after, code, today, Now) is not { } facility)
        {
            // Undoing its first mention: what the record said stays in its history.
            writes.AddRange(FacilityBodies.IdsOf(before, code).Select(r => new Write(WriteKind.Delete, r.Type, r.Id, default)));
            return;
        }

        writes.AddRange(FacilityBodies.Write(facility).Select(r => new Write(WriteKind.Put, r.Type, r.Id, r.Body)));
        var kept = FacilityBodies.IdsOf(after, code).ToHashSet();
        writes.AddRange(FacilityBodies.IdsOf(before, code).Where(r => !kept.Contains(r)).Select(r => new Write(WriteKind.Delete, r.Type, r.Id, default)));
        writes.AddRange(FacilityBodies.EndedServices(after, code, facility).Select(r => new Write(WriteKind.Put, r.Type, r.Id, r.Body)));
    }

    private static void Person(List<Write> writes, Ledger before, Ledger after, string id, DateOnly today)
    {
        var kept = new HashSet<(string, string)>();
        if (PractitionerView.Read(after, id, today, Now) is { } person)
        {
            foreach (var (type, resource, body) in PractitionerBodies.Write(person, today))
            {
                kept.Add((type, resource));
                writes.Add(new Write(WriteKind.Put, type, resource, body));
            }
        }

        if (PractitionerView.Read(before, id, today, Now) is { } earlier)
        {
            writes.AddRange(PractitionerBodies.Write(earlier, today).Where(r => !kept.Contains((r.Type, r.Id))).Select(r => new Write(WriteKind.Delete, r.Type, r.Id, default)));
        }
    }

    private static IEnumerable<string> Subjects(LedgerDraft draft) => draft.Opened.Concat(draft.Closed).Select(f => f.Subject).Distinct(StringComparer.Ordinal);
}
