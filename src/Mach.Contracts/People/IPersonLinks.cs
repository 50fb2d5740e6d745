namespace Mach.Contracts.People;

/// <summary>Patients that a data officer has declared to be the same person.</summary>
public interface IPersonLinks
{
    /// <summary>
    /// The person's own id first, then every Patient reached over <c>Patient.link</c> in either direction.
    /// Compartments are never rewritten when persons are linked: read them all.
    /// </summary>
    ValueTask<IReadOnlyList<string>> LinkedAsync(string patientId, CancellationToken ct);
}
