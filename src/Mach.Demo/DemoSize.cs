namespace Mach.Demo;

/// <summary>How much of the province to show.</summary>
public enum DemoSize
{
    /// <summary>About 2,100 people with more than 20,500 visits, one station for each of the 148 communes.</summary>
    Small,

    /// <summary>1.3 million people unless another number is asked for, 494 stations.</summary>
    Province,
}

/// <summary>A facility of the demonstration.</summary>
/// <param name="Code">Five characters; invented, from 25001.</param>
/// <param name="Tier">specialised, basic or initial (Luật KBCB 2023).</param>
/// <param name="FormerProvince">Phú Thọ, Vĩnh Phúc or Hòa Bình.</param>
/// <param name="CommuneCode">Commune since 2025-07-01, five digits.</param>
public sealed record DemoFacility(string Code, string Name, string Tier, string FormerProvince, string CommuneCode)
{
    /// <summary>Beds in the plan; null for a station, which has none.</summary>
    public int? BedsPlanned { get; init; }
    /// <summary>Beds set up: often more than planned.</summary>
    public int? BedsReal { get; init; }
    /// <summary>Codes of the services that may be done there.</summary>
    public IReadOnlyList<string> Services { get; init; } = [];
}

/// <summary>An invented doctor of the demonstration, as a register of licences would have it.</summary>
/// <param name="PersonalId">Twelve digits in the form of a citizen number; invented.</param>
/// <param name="Scope">Chapters of the technical services.</param>
/// <param name="Expiry">Last day of the licence.</param>
/// <param name="PostFrom">First day at the facility.</param>
public sealed record DemoPractitioner(
    string PersonalId, string Name, string Sex, DateOnly Born, string Licence, string Facility, string Title, IReadOnlyList<string> Scope, DateOnly Issued, DateOnly Expiry, DateOnly PostFrom);
