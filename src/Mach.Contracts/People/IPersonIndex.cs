using Mach.Data;
using Mach.Kernel;

namespace Mach.Contracts.People;

/// <summary>What one dossier says about who its person is.</summary>
public sealed record PersonClaim
{
    /// <summary>Facility code and episode key: the claim's own name, for the waiting list.</summary>
    public required string Facility { get; init; }
    public required string MaLk { get; init; }
    /// <summary>Id of the Patient this dossier was filed under before (re-sent dossiers), or null.</summary>
    public string? FiledUnder { get; init; }
    public string? NationalId { get; init; }
    /// <summary>Cards as sent, 15 or 10 characters each, newest last.</summary>
    public IReadOnlyList<string> InsuranceCards { get; init; } = [];
    /// <summary>The facility's own number (MA_BN).</summary>
    public string? PatientNumber { get; init; }
    public required string Name { get; init; }
    public PartialDate? BirthDate { get; init; }
    /// <summary>FHIR code: male, female, other, unknown.</summary>
    public required string Gender { get; init; }
    public string? Phone { get; init; }
    public string? Address { get; init; }
    public string? ProvinceCode { get; init; }
    public string? CommuneCode { get; init; }
    public string? EthnicityCode { get; init; }
    public string? NationalityCode { get; init; }
    public string? OccupationCode { get; init; }
    public string? BloodGroup { get; init; }
    /// <summary>When the facts were true (end or start of the visit): newer ones win in the golden view.</summary>
    public PartialDate? AsOf { get; init; }
    public bool Deceased { get; init; }
    public PartialDate? DeceasedAt { get; init; }
    /// <summary><c>meta.source</c> for a Patient made from this claim.</summary>
    public required string Source { get; init; }
}

/// <summary>How a claim was settled.</summary>
public enum PersonMatch
{
    NationalId,
    InsuranceNumber,
    FacilityNumber,
    FiledBefore,
    New,
    /// <summary>Identifiers contradict: filed under a provisional person, and waits in the data officer's list.</summary>
    Contradiction,
}

/// <param name="PatientId">Patient to file under.</param>
/// <param name="Body">New body of that Patient when it is new or changed; null when it stays as it is.</param>
/// <param name="IsNew">The Patient does not exist yet.</param>
/// <param name="UniqueKeys">Business keys ("system|value") that the commit must claim for this Patient; only for new ones and new identifiers.</param>
public sealed record PersonDecision(string PatientId, PersonMatch Match, ReadOnlyMemory<byte>? Body, bool IsNew, IReadOnlyList<string> UniqueKeys)
{
    /// <summary>Rows of the People module's own tables that land in the same commit (the waiting question, for one).</summary>
    public IReadOnlyList<TableRows> Rows { get; init; } = [];
    public IReadOnlyList<Finding> Findings { get; init; } = [];
    /// <summary>Version of the Patient that the decision was made on, for the commit's expectation; 0 for a new one, null when <see cref="Body"/> is null.</summary>
    public int? ExpectedVersion { get; init; }
}

/// <summary>The person index, first cut: exact identifiers. Deterministic, in order: a later claim of the batch sees the earlier decisions.</summary>
public interface IPersonIndex
{
    /// <summary>One decision per claim, in order. The caller commits them or throws all of them away (and asks again).</summary>
    Task<IReadOnlyList<PersonDecision>> DecideAsync(IReadOnlyList<PersonClaim> claims, CancellationToken ct);
}
