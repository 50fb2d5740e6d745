using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mach.Registry.Practitioners;

/// <summary>What is stated of a practitioner over time (reg_practitioner_fact); the subject is the personal id.</summary>
internal static class PractitionerAspects
{
    public const string Name = "name";
    /// <summary>ISO date.</summary>
    public const string Born = "born";
    /// <summary>male or female.</summary>
    public const string Sex = "sex";
    /// <summary><c>licence:{number}</c>, valid from issue to the day after expiry; the value is a <see cref="LicenceTerms"/>.</summary>
    public const string LicencePrefix = "licence:";
    /// <summary><c>licence-state:{number}</c>: suspended or revoked in this period.</summary>
    public const string LicenceStatePrefix = "licence-state:";
    /// <summary><c>post:{facility}</c>, valid while held; the value is a <see cref="PostTerms"/>.</summary>
    public const string PostPrefix = "post:";
}

/// <summary>What a licence says.</summary>
/// <param name="Issuer">Who issued it.</param>
/// <param name="Title">doctor, physician-assistant, nurse, midwife, technician, pharmacist … as written on it.</param>
/// <param name="Scope">Chapters of the technical services such as "02" (internal medicine), or whole service codes; "*" = all.</param>
internal sealed record LicenceTerms(
    [property: JsonPropertyName("issuer")] string Issuer, [property: JsonPropertyName("title")] string Title, [property: JsonPropertyName("scope")] IReadOnlyList<string> Scope)
{
    public string Write() => JsonSerializer.Serialize(this);

    public static LicenceTerms Read(string value) => JsonSerializer.Deserialize<LicenceTerms>(value)!;

    /// <summary>Whether a service lies in the scope: by its code, or by its chapter (the two digits before the first dot).</summary>
    public bool Covers(string service) => Scope.Any(s => s == "*" || s == service || service.StartsWith(s + ".", StringComparison.Ordinal));
}

/// <summary>What a post is.</summary>
/// <param name="Role">Such as "Bác sĩ điều trị".</param>
/// <param name="Department">Department code K01–K60, K99; empty when not said.</param>
/// <param name="Hours">Registered hours such as "T2-T6 07:00-16:30"; empty when not said.</param>
internal sealed record PostTerms(
    [property: JsonPropertyName("role")] string Role, [property: JsonPropertyName("department")] string Department, [property: JsonPropertyName("hours")] string Hours)
{
    public string Write() => JsonSerializer.Serialize(this);

    public static PostTerms Read(string value) => JsonSerializer.Deserialize<PostTerms>(value)!;
}
