using System.Text.Json;

namespace Mach.Contracts.People;

/// <summary>How sure it is that two records are one person's; as http://hl7.org/fhir/R4/valueset-match-grade.html.</summary>
public enum MatchGrade
{
    /// <summary>Above the threshold from which records are linked without asking.</summary>
    Certain,
    /// <summary>Somebody has to look.</summary>
    Probable,
    /// <summary>There is something in common, but it is rather somebody else.</summary>
    Possible,
}

/// <summary>What one field said.</summary>
/// <param name="Field">family, middle, given, order, birth, sex, commune, place, phone, citizen, insurance, paper, mother, birthorder.</param>
/// <param name="Level">same, toneless, marks, near, part, swapped, one-part, year-only, same-year, differs, far.</param>
/// <param name="Bits">Weight for (positive) or against one person, log2.</param>
public sealed record MatchReason(string Field, string Level, double Bits);

/// <param name="Score">Chance that it is this person, 0–1.</param>
/// <param name="Caution">Why it is not certain although the weight would do; null otherwise.</param>
public sealed record PersonCandidate(string PatientId, double Score, MatchGrade Grade, IReadOnlyList<MatchReason> Reasons, string? Caution);

/// <summary>Who among all known persons may be the one described. Asks only; nothing is written or remembered.</summary>
public interface IPersonMatcher
{
    /// <summary>Best first; at most <paramref name="count"/>.</summary>
    Task<IReadOnlyList<PersonCandidate>> MatchAsync(PersonSought sought, int count, CancellationToken ct);

    /// <inheritdoc cref="MatchAsync(PersonSought, int, CancellationToken)"/>
    /// <param name="patient">A FHIR Patient, as much of it as is known.</param>
    Task<IReadOnlyList<PersonCandidate>> MatchAsync(JsonElement patient, int count, CancellationToken ct);
}
