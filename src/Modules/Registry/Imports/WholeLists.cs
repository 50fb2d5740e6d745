using Mach.Registry.Catalogues;
using Mach.Registry.Facilities;
using Mach.Registry.Ledgers;
using Mach.Registry.Practitioners;

namespace Mach.Registry.Imports;

/// <summary>What ends when a file is the whole list and lacks it. Nothing is deleted: it holds until the day, and undoing the import restores it.</summary>
internal static class WholeLists
{
    /// <summary>Facilities close. Provisional ones stay: they were never on a list, and wait for an officer.</summary>
    public static void Facilities(RegistryDraft draft, IReadOnlySet<string> kept, DateOnly day)
    {
        foreach (var code in draft.State.Facilities.Subjects.Where(c => !kept.Contains(c)).ToList())
        {
            if (!draft.Facilities.Now(code, FacilityAspects.Status).Any(f => f.Holds(day) && f.Value == "provisional"))
            {
                EndAspect(draft.Facilities, code, FacilityAspects.Open, day);
            }
        }
    }

    /// <summary>Posts of people who are not on the list end. Their licences do not: a licence ends by a decision, not by a list of staff.</summary>
    public static void Posts(RegistryDraft draft, IReadOnlySet<string> kept, DateOnly day)
    {
        foreach (var person in draft.State.Practitioners.Subjects.Where(c => !kept.Contains(c)).ToList())
        {
            foreach (var post in draft.State.Practitioners.Of(person).Where(f => f.IsOpen && f.Aspect.StartsWith(PractitionerAspects.PostPrefix, StringComparison.Ordinal)).Select(f => f.Aspect).Distinct(StringComparer.Ordinal))
            {
                EndAspect(draft.Practitioners, person, post, day);
            }
        }
    }

    public static void Links(RegistryDraft draft, string aspect, IReadOnlySet<string> kept, DateOnly day)
    {
        foreach (var code in draft.State.Facilities.Subjects.Where(c => !kept.Contains(c)).ToList())
        {
            EndAspect(draft.Facilities, code, aspect, day);
        }
    }

    /// <summary>Entries of imports end; a shipped entry that no import speaks of is stated up to the day, so that it ends there.</summary>
    public static void Entries(RegistryDraft draft, string catalogue, IReadOnlySet<string> kept, DateOnly day)
    {
        var prefix = CatalogueLine.Subject(catalogue, "");
        foreach (var subject in draft.State.Catalogues.Subjects.Where(s => s.StartsWith(prefix, StringComparison.Ordinal) && !kept.Contains(s[prefix.Length..])).ToList())
        {
            EndAspect(draft.Catalogues, subject, CatalogueLine.Aspect, day);
        }

        foreach (var shipped in ShippedCatalogue.Of(catalogue).All.Where(e => !kept.Contains(e.Code)))
        {
            var subject = CatalogueLine.Subject(catalogue, shipped.Code);
            if (draft.Catalogues.Now(subject, CatalogueLine.Aspect).Count == 0 && shipped.From < day)
            {
                draft.Catalogues.State(new Statement(subject, CatalogueLine.Aspect, CatalogueLine.Write(shipped), shipped.From, day));
            }
        }
    }

    private static void EndAspect(LedgerDraft ledger, string subject, string aspect, DateOnly day) => ledger.State(Statement.Since(subject, aspect, null, day));
}
