namespace Mach.Contracts.People;

/// <summary>What is known of somebody who is looked for or registered; everything but the name may be missing, and nothing is taken to be right.</summary>
public sealed record PersonSought
{
    public string Name { get; init; } = "";
    /// <summary>yyyy, yyyy-MM or yyyy-MM-dd.</summary>
    public string? BirthDate { get; init; }
    /// <summary>FHIR code: male, female, other, unknown.</summary>
    public string Gender { get; init; } = "unknown";
    /// <summary>Citizen number (CCCD), 12 digits.</summary>
    public string? NationalId { get; init; }
    /// <summary>Old identity card (CMND), 9 digits.</summary>
    public string? OldCard { get; init; }
    public string? Passport { get; init; }
    public string? BirthCertificate { get; init; }
    /// <summary>Cards of 15 or numbers of 10 characters.</summary>
    public IReadOnlyList<string> InsuranceCards { get; init; } = [];
    public IReadOnlyList<string> Phones { get; init; } = [];
    public string? CommuneCode { get; init; }
    /// <summary>Parts separated by commas, small ones first.</summary>
    public string? Address { get; init; }
    public string? MotherName { get; init; }
    /// <summary>1, 2 … among children of one birth; 0 when unknown.</summary>
    public int BirthOrder { get; init; }
}
