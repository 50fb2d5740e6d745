namespace Mach.Registry.Facilities;

/// <summary>What is stated of a facility over time (reg_facility_fact).</summary>
internal static class FacilityAspects
{
    /// <summary>That it is open; from opening to closing.</summary>
    public const string Open = "open";
    public const string Name = "name";
    /// <summary>provisional or active.</summary>
    public const string Status = "status";
    /// <summary>specialised, basic or initial (Luật KCB 15/2023).</summary>
    public const string Tier = "tier";
    public const string FormerProvince = "former-province";
    /// <summary>Code of the commune it stands in.</summary>
    public const string Commune = "commune";
    /// <summary>Beds in the plan, a whole number.</summary>
    public const string BedsPlanned = "beds-planned";
    /// <summary>Beds set up, a whole number.</summary>
    public const string BedsReal = "beds-real";
    /// <summary><c>service:{code}</c>: may be done here; the value is the decision that says so.</summary>
    public const string ServicePrefix = "service:";
    /// <summary><c>predecessor:{code}</c>: the facility that it goes on from.</summary>
    public const string PredecessorPrefix = "predecessor:";

    /// <summary>Code of the core hospital that it is a satellite of.</summary>
    public const string Core = "parent:satellite";
    /// <summary>Id of the unit that is its office of social insurance.</summary>
    public const string InsuranceOffice = "parent:insurance";

    public static readonly IReadOnlyList<string> Tiers = ["specialised", "basic", "initial"];
}
