using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mach.Access.Audit;

/// <summary>What was done to data. Source: http://hl7.org/fhir/R4/valueset-audit-event-action.html.</summary>
public enum AuditAction
{
    Create,
    Read,
    Update,
    Delete,

    /// <summary>A search, an operation, a sign-in.</summary>
    Execute,
}

/// <summary>What kind of actor it was.</summary>
public enum AuditActor
{
    Nobody,
    Person,
    Program,
    House,
}

/// <summary>
/// One line of the audit trail: who did what, to whose data, from where, why, and what came of it. It holds names of things and never what they say:
/// no clinical content, no identity number, and of a query only the names of its parameters.
/// </summary>
public sealed record AuditEntry
{
    /// <summary>Microseconds since 1970-01-01 UTC.</summary>
    [JsonPropertyName("at")]
    public long AtUs { get; init; }

    /// <summary>Account name or client id; <c>?</c> when unknown.</summary>
    [JsonPropertyName("a")]
    public string Actor { get; init; } = "?";

    [JsonPropertyName("k")]
    public AuditActor Kind { get; init; }

    [JsonPropertyName("r")]
    public IReadOnlyList<string>? Roles { get; init; }

    /// <summary>Code of the facility that the account acts for.</summary>
    [JsonPropertyName("f")]
    public string? Facility { get; init; }

    /// <summary>Public name of the session.</summary>
    [JsonPropertyName("n")]
    public string? Session { get; init; }

    [JsonPropertyName("ip")]
    public string? Address { get; init; }

    [JsonPropertyName("x")]
    public AuditAction Action { get; init; }

    /// <summary>Short name of what was done: that of the door (fhir-read, chart-open-record), or a verb (sign-in, record-open).</summary>
    [JsonPropertyName("w")]
    public string What { get; init; } = "";

    /// <summary>Method and pattern of the route, never the path: a path may hold somebody's number.</summary>
    [JsonPropertyName("d")]
    public string? Door { get; init; }

    /// <summary>Ids of the Patients whose data was shown or changed.</summary>
    [JsonPropertyName("p")]
    public IReadOnlyList<string>? Persons { get; init; }

    /// <summary>What was asked for: Type/id, a type, or the id in the address.</summary>
    [JsonPropertyName("o")]
    public string? Resource { get; init; }

    /// <summary>Source: http://terminology.hl7.org/ValueSet/v3-PurposeOfUse; TREAT, ETREAT (emergency), PATADMIN, HOPERAT, HSYSADMIN.</summary>
    [JsonPropertyName("u")]
    public string? Purpose { get; init; }

    [JsonPropertyName("y")]
    public AccessOutcome Outcome { get; init; }

    /// <summary>Status or reason, at most 200 characters.</summary>
    [JsonPropertyName("t")]
    public string? Detail { get; init; }

    /// <summary>Names of the parameters of the query, in their order.</summary>
    [JsonPropertyName("q")]
    public string? Query { get; init; }

    /// <summary>Keyed hash of the whole query: tells whether two were the same, and nothing about what they held.</summary>
    [JsonPropertyName("h")]
    public string? QueryHash { get; init; }

    /// <summary>Number of resources that were shown.</summary>
    [JsonPropertyName("m")]
    public int Shown { get; init; }

    internal byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, AuditJson.Default.AuditEntry);

    /// <exception cref="JsonException">Not an entry.</exception>
    internal static AuditEntry Parse(ReadOnlySpan<byte> body) => JsonSerializer.Deserialize(body, AuditJson.Default.AuditEntry) ?? throw new JsonException("The audit line is empty.");
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(AuditEntry))]
internal sealed partial class AuditJson : JsonSerializerContext;

/// <summary>A line with its place in the chain.</summary>
/// <param name="Chain">Name of the chain: one for each data folder.</param>
/// <param name="Seq">From 1, without gaps.</param>
/// <param name="Hash">SHA-256 over the hash before, the number and the bytes of the line.</param>
internal sealed record ChainedLine(string Chain, long Seq, byte[] Body, byte[] Hash);
