namespace Mach.Contracts.People;

/// <summary>Makes the International Patient Summary of a person (http://hl7.org/fhir/uv/ips), of what the caller at hand may see and no more.</summary>
public interface IPatientSummaries
{
    /// <summary>The document Bundle as JSON; null when there is no such person, or none that the caller may see.</summary>
    /// <param name="server">Base address of the FHIR server, without a slash at its end: the resources' addresses begin with it.</param>
    Task<byte[]?> WriteAsync(string patientId, string server, CancellationToken ct);
}
