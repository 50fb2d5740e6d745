using System.Text.Json;
using Mach.Contracts.People;
using Mach.People.Index;

namespace Mach.People.Questions;

/// <summary>What a dossier said about its person, kept for the data officer.</summary>
public sealed record ClaimSnapshot(string Name, string? BirthDate, string Gender, string? NationalId, IReadOnlyList<string> Cards, string? PatientNumber, string? Phone, string? Address);

/// <summary>One row of ppl_question.</summary>
public sealed record QuestionRow
{
    public const string Waiting = "waiting";
    public const string Decided = "decided";
    public const string Corrected = "corrected";

    public string Id { get; init; } = "";
    public string Facility { get; init; } = "";
    public string MaLk { get; init; } = "";
    /// <summary>The person that the dossier is filed under, provisional or not.</summary>
    public string Patient { get; init; } = "";
    /// <summary>Patient ids, blank between.</summary>
    public string Candidates { get; init; } = "";
    public string Reasons { get; init; } = "";
    public byte[] Claim { get; init; } = [];
    public string Status { get; init; } = "";
    public long AskedUs { get; init; }

    public IReadOnlyList<string> CandidateIds => Candidates.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public IReadOnlyList<string> ReasonCodes => Reasons.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>False when the identifiers are clear and only the visit was another person's before.</summary>
    public bool IsProvisional => ReasonCodes is not [KeyRules.VisitOtherPerson];

    public ClaimSnapshot ReadClaim() => JsonSerializer.Deserialize<ClaimSnapshot>(Claim)!;

    internal static QuestionRow Ask(PersonClaim claim, string patient, Verdict verdict, DateTimeOffset now) => new()
    {
        Id = QuestionTable.IdOf(claim),
        Facility = claim.Facility,
        MaLk = claim.MaLk,
        Patient = patient,
        Candidates = string.Join(' ', verdict.Candidates.Select(c => c.Id).Where(id => id != patient)),
        Reasons = string.Join(' ', verdict.Reasons),
        Claim = JsonSerializer.SerializeToUtf8Bytes(new ClaimSnapshot(claim.Name, claim.BirthDate?.ToString(), claim.Gender, claim.NationalId, claim.InsuranceCards, claim.PatientNumber, claim.Phone, claim.Address)),
        Status = Waiting,
        AskedUs = Instants.Us(now),
    };
}
