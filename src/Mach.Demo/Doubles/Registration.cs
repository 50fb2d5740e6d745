namespace Mach.Demo.Doubles;

/// <summary>What one desk writes down of one person. Null = not asked, not known, not shown.</summary>
public sealed record Registration
{
    public required string Name { get; init; }
    /// <summary>yyyy, yyyy-MM or yyyy-MM-dd.</summary>
    public string? Birth { get; init; }
    /// <summary>male or female.</summary>
    public required string Sex { get; init; }
    public string? CitizenNumber { get; init; }
    /// <summary>Old identity card, nine digits.</summary>
    public string? OldCard { get; init; }
    /// <summary>Ten digits.</summary>
    public string? InsuranceNumber { get; init; }
    public string? Passport { get; init; }
    public string? BirthCertificate { get; init; }
    public string? Phone { get; init; }
    /// <summary>Present commune, five digits; null when only text was written.</summary>
    public string? CommuneCode { get; init; }
    public string? Address { get; init; }
    public string? Mother { get; init; }
    /// <summary>1, 2 … among children of one birth; 0 when not written.</summary>
    public int BirthOrder { get; init; }
}

/// <summary>Two registrations of which it is known whether they are one person's.</summary>
/// <param name="Case">What was done to them, in words.</param>
public sealed record LabelledPair(Registration First, Registration Second, bool IsSame, string Case);
