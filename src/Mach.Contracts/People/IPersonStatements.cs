namespace Mach.Contracts.People;

/// <summary>What one source states about a person.</summary>
/// <param name="PatientId">Patient that it is filed under.</param>
/// <param name="TakenAt">When it was received.</param>
/// <param name="Account">Who sent it.</param>
public sealed record PersonStatement(string PatientId, PersonClaim Claim, DateTimeOffset TakenAt, string Account);

/// <summary>Who keeps what sources stated about people, whether it went into the golden view or not.</summary>
public interface IPersonStatements
{
    /// <summary>In their last version, the newest visits first.</summary>
    /// <param name="most">No more than so many, 1–500.</param>
    Task<IReadOnlyList<PersonStatement>> OfAsync(IReadOnlyList<string> patientIds, int most, CancellationToken ct);
}
