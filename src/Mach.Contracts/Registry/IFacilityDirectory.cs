namespace Mach.Contracts.Registry;

public enum FacilityStatus
{
    Active,
    /// <summary>Seen in received data but not in the registry; waits for a data officer.</summary>
    Provisional,
}

/// <summary>A health facility as the registry knows it now.</summary>
public sealed record Facility
{
    /// <summary>Facility code, 5 characters (QĐ 384/2019).</summary>
    public required string Code { get; init; }
    public required string Name { get; init; }
    /// <summary>Id of the Organization resource: <c>cskcb-{code}</c>.</summary>
    public string OrganizationId => "cskcb-" + Code.ToLowerInvariant();
    public required FacilityStatus Status { get; init; }
    /// <summary>specialised, basic or initial (Luật KCB 15/2023); null when unknown.</summary>
    public string? Tier { get; init; }
    /// <summary>Province before July 2025: Phú Thọ, Vĩnh Phúc or Hòa Bình; null when unknown.</summary>
    public string? FormerProvince { get; init; }
    public string? CommuneCode { get; init; }
}

/// <summary>What a facility has, as a list gives it.</summary>
/// <param name="BedsPlanned">Beds in the plan; null = none are spoken of.</param>
/// <param name="BedsReal">Beds set up.</param>
/// <param name="Services">Codes of the technical services that may be done there.</param>
public sealed record FacilityMeans(string Code, int? BedsPlanned, int? BedsReal, IReadOnlyList<string> Services);

/// <summary>Beds and services of facilities.</summary>
public interface IFacilityMeans
{
    /// <summary>States beds and services for all time, as one list. What is known already is not stated again; facilities that are not known are left out.</summary>
    Task PutAsync(IReadOnlyList<FacilityMeans> means, CancellationToken ct);

    /// <summary>Beds of each facility added up over days on which it is open, as known now: ten beds through a month of 30 days are 300. Facilities without any are left out.</summary>
    /// <param name="planned">Beds in the plan; else those that are set up.</param>
    /// <param name="to">Last day.</param>
    ValueTask<IReadOnlyDictionary<string, long>> BedDaysAsync(bool planned, DateOnly from, DateOnly to, CancellationToken ct);
}

/// <summary>Who the facilities are. Answers from memory; safe for any number of callers.</summary>
public interface IFacilityDirectory
{
    /// <summary>Null when the code is unknown.</summary>
    Facility? Find(string code);

    /// <summary>The facility, made provisional (row, Organization resource, entry in the data officer's list) when it is not known yet.</summary>
    /// <exception cref="ArgumentException">The code is not 5 letters or digits.</exception>
    ValueTask<Facility> EnsureAsync(string code, CancellationToken ct);

    IReadOnlyList<Facility> All { get; }

    /// <summary>Adds or updates facilities in one go (demonstration data, imports); writes their Organization resources.</summary>
    Task PutAsync(IReadOnlyList<Facility> facilities, CancellationToken ct);
}
