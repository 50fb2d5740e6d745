using Mach.Contracts.People;

namespace Mach.Chart.Ips;

/// <summary>Reads and writes the summary for pages and for the FHIR operation alike.</summary>
internal sealed class IpsWriter(IpsReader reader, TimeProvider clock) : IPatientSummaries
{
    public async Task<byte[]?> WriteAsync(string patientId, string server, CancellationToken ct) =>
        await reader.ReadAsync(patientId, ct) is { } content ? new IpsDocument(content, server, clock.GetUtcNow()).Write() : null;
}
