namespace Mach.Intake.Mapping;

/// <summary>What a dossier's resources point at.</summary>
/// <param name="PatientId">Id of the Patient the dossier is filed under.</param>
/// <param name="OrganizationId">Id of the Organization that sent it.</param>
/// <param name="ReceivedAt">When it was received; never written into a body, so that the same dossier gives the same bytes.</param>
internal sealed record MappingContext(string PatientId, string OrganizationId, DateTimeOffset ReceivedAt);

/// <summary>One FHIR resource of a dossier.</summary>
/// <param name="Type">Resource type.</param>
/// <param name="Id">Resource id; follows from facility, episode and the row's natural key.</param>
/// <param name="Body">UTF-8 JSON; a slice of one array shared by the dossier's resources.</param>
internal readonly record struct MappedResource(string Type, string Id, ReadOnlyMemory<byte> Body);
