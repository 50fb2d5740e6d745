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
public sealed record DemoFacility(string Code, string Name, string Tier, string FormerProvince, string CommuneCode);
