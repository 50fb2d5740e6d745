namespace Mach.Contracts.Registry;

/// <summary>A reason why something may not be done.</summary>
/// <param name="Rule">Stable name, such as <c>reg.licence.expired</c>.</param>
public sealed record Obstacle(string Rule, string Vi, string En);

/// <summary>What may be done where by whom. An empty list means: allowed.</summary>
public interface IFacilityRights
{
    /// <param name="service">Code of the technical service.</param>
    /// <param name="practitioner">Personal id (CCCD) or licence number; null asks about the facility alone.</param>
    /// <param name="date">Day of the act.</param>
    /// <param name="knownAt">As known at a moment; null = now.</param>
    Task<IReadOnlyList<Obstacle>> AskAsync(string service, string facility, string? practitioner, DateOnly date, DateTimeOffset? knownAt, CancellationToken ct);
}

/// <summary>One entry of a dated catalogue, as it is on one day.</summary>
/// <param name="Version">Which list it is from, such as "QĐ 4469/QĐ-BYT".</param>
/// <param name="From">First day; <see cref="DateOnly.MinValue"/> = since before the register begins.</param>
/// <param name="To">First day on which it no longer holds.</param>
public sealed record CatalogueEntry(string Code, string Name, IReadOnlyDictionary<string, string> Attributes, string Version, DateOnly From, DateOnly To);

/// <summary>Dated catalogues: <c>icd10</c>, <c>services</c>, <c>drugs</c>, <c>tests</c>, <c>insurance-objects</c>, <c>ethnic-groups</c>, <c>nationalities</c>, <c>occupations</c>.</summary>
public interface ICatalogues
{
    /// <summary>The entry as it was on a day; null when the code was not valid then.</summary>
    /// <exception cref="ArgumentException">There is no such catalogue.</exception>
    ValueTask<CatalogueEntry?> FindAsync(string catalogue, string code, DateOnly date, CancellationToken ct);

    /// <summary>Entries whose code or name has the typed words, with or without tones, best first.</summary>
    ValueTask<IReadOnlyList<CatalogueEntry>> SearchAsync(string catalogue, string text, DateOnly date, int limit, CancellationToken ct);
}
