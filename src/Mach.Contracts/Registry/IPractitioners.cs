namespace Mach.Contracts.Registry;

/// <summary>A practitioner with one licence and one post, as a list gives them.</summary>
/// <param name="PersonalId">Citizen number, 12 digits.</param>
/// <param name="Sex">male or female.</param>
/// <param name="Scope">Chapters of the technical services, or whole codes.</param>
/// <param name="Expiry">Last day of the licence.</param>
/// <param name="PostFrom">First day at the facility.</param>
public sealed record ListedPractitioner(
    string PersonalId, string Name, string Sex, DateOnly Born, string Licence, string Issuer, string Title, IReadOnlyList<string> Scope, DateOnly Issued, DateOnly Expiry, string Facility, DateOnly PostFrom);

/// <summary>The register of practitioners.</summary>
public interface IPractitioners
{
    /// <summary>Adds or updates practitioners in one go; writes their Practitioner and PractitionerRole resources. The same list again changes nothing.</summary>
    Task PutAsync(IReadOnlyList<ListedPractitioner> practitioners, CancellationToken ct);
}
