using System.Globalization;
using Mach.Contracts.Registry;
using Mach.Registry.Ledgers;

namespace Mach.Registry.Facilities;

/// <summary>A facility as the directory knows it, as statements: what is first said holds for all time, what contradicts it holds from the day it is said.</summary>
internal static class FacilityStatements
{
    public static void State(LedgerDraft draft, Facility facility, DateOnly today)
    {
        if (draft.Now(facility.Code, FacilityAspects.Open).Count == 0)
        {
            draft.State(Statement.Always(facility.Code, FacilityAspects.Open, ""));
        }

        Put(draft, facility.Code, FacilityAspects.Name, facility.Name, today);
        Put(draft, facility.Code, FacilityAspects.Status, facility.Status == FacilityStatus.Provisional ? "provisional" : "active", today);
        Put(draft, facility.Code, FacilityAspects.Tier, facility.Tier, today);
        Put(draft, facility.Code, FacilityAspects.FormerProvince, facility.FormerProvince, today);
        Put(draft, facility.Code, FacilityAspects.Commune, facility.CommuneCode, today);
    }

    /// <summary>Beds and services, for all time.</summary>
    public static void State(LedgerDraft draft, FacilityMeans means)
    {
        foreach (var (aspect, beds) in new[] { (FacilityAspects.BedsPlanned, means.BedsPlanned), (FacilityAspects.BedsReal, means.BedsReal) })
        {
            if (beds is { } number)
            {
                draft.State(Statement.Always(means.Code, aspect, number.ToString(CultureInfo.InvariantCulture)));
            }
        }

        foreach (var service in means.Services)
        {
            draft.State(Statement.Always(means.Code, FacilityAspects.ServicePrefix + service, "approved"));
        }
    }

    private static void Put(LedgerDraft draft, string code, string aspect, string? value, DateOnly today)
    {
        var known = draft.Now(code, aspect);
        // The name of a provisional facility was nobody's statement: confirming it says what it always was.
        var isFirst = known.Count == 0 || (aspect is FacilityAspects.Name or FacilityAspects.Status && draft.Now(code, FacilityAspects.Status).Any(f => f.Holds(today) && f.Value == "provisional"));
        draft.State(isFirst ? Statement.Always(code, aspect, value) : Statement.Since(code, aspect, value, today));
    }
}
