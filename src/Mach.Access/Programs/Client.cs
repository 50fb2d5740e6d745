using System.Text.Json;

namespace Mach.Access.Programs;

/// <summary>How a program proves who it is at the token endpoint (names of RFC 7591 §2 and RFC 8705 §2, without the two ways of sending a secret).</summary>
public static class ClientMethods
{
    /// <summary>A secret, by HTTP Basic or in the form.</summary>
    public const string Secret = "client_secret";

    /// <summary>A statement signed with its own key (RFC 7523).</summary>
    public const string SignedStatement = "private_key_jwt";

    /// <summary>A certificate of the connection, named by its subject, of an authority that the host trusts.</summary>
    public const string Certificate = "tls_client_auth";

    /// <summary>A certificate of the connection, named by its hash.</summary>
    public const string OwnCertificate = "self_signed_tls_client_auth";

    /// <summary>Nothing: a program on people's own devices, which keeps no secret.</summary>
    public const string None = "none";

    public static readonly IReadOnlyList<string> All = [Secret, SignedStatement, OwnCertificate, Certificate, None];
}

/// <summary>A registered program.</summary>
public sealed record Client
{
    public required string Id { get; init; }

    /// <summary>As shown to people.</summary>
    public required string Name { get; init; }

    /// <summary>Who runs it, as shown to people.</summary>
    public required string Operator { get; init; }

    /// <summary>One of <see cref="ClientMethods"/>.</summary>
    public required string Method { get; init; }

    /// <summary>The most that it may ask for.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Addresses that people are led back to; none = it acts for itself alone.</summary>
    public IReadOnlyList<string> Redirects { get; init; } = [];

    /// <summary>Address that opens it from a record; null = it is not opened from there.</summary>
    public string? LaunchAddress { get; init; }

    /// <summary>Its public keys, a JWKS by value; or <see cref="KeysAddress"/>.</summary>
    public string? Keys { get; init; }
    public string? KeysAddress { get; init; }

    /// <summary>SHA-256 of its certificate (base64url); or the subject name; or a name beside it: <c>dns:</c>, <c>uri:</c>, <c>ip:</c>, <c>email:</c> and the name.</summary>
    public string? Certificate { get; init; }

    /// <summary>Whatever its proof, it gets tokens over a connection with a certificate alone, and each is bound to that one (RFC 8705 §3.4). With a certificate as proof that is always so.</summary>
    public bool IsBound { get; init; }

    /// <summary>Code of the facility for which it acts for itself; null = none in particular.</summary>
    public string? Facility { get; init; }

    /// <summary>Why it looks when it acts for itself, one of <see cref="ClientPurposes.All"/>; null = machinery of the house, against which people's decisions are not held.</summary>
    public string? Purpose { get; init; }

    public DateTimeOffset Created { get; init; }
    public DateTimeOffset? Used { get; init; }
    public DateTimeOffset? FormerSecretUntil { get; init; }
    public bool Disabled { get; init; }

    /// <summary>People may be led to it.</summary>
    public bool IsForPeople => Redirects.Count > 0;

    /// <summary>Acts for itself and reads the record, or original dossiers.</summary>
    public bool ReadsForItself => Scopes.Any(s => s == Access.Scopes.ReadDossier || FhirScope.Parse(s) is { Context: "system" } scope && scope.Rights.AsSpan().IndexOfAny('r', 's') >= 0);
}

/// <summary>A row of acc_client.</summary>
internal sealed class ClientRow
{
    public string Id { get; init; } = "";
    public string Secret { get; init; } = "";
    public string Scopes { get; init; } = "";
    public long? Disabled { get; init; }
    public string? Name { get; init; }
    public string? Operator { get; init; }
    public string? Methods { get; init; }
    public string? Redirects { get; init; }
    public string? Launch { get; init; }
    public string? Keys { get; init; }
    public string? KeysAddress { get; init; }
    public string? Certificate { get; init; }
    public string? Former { get; init; }
    public long? FormerUntil { get; init; }
    public string? Facility { get; init; }
    public string? Purpose { get; init; }
    public long? Bound { get; init; }
    public long Created { get; init; }
    public long? Used { get; init; }

    public bool Uses(string method) => (Methods ?? ClientMethods.Secret) == method;

    /// <summary>While a secret is replaced, both work.</summary>
    public string? FormerSecret(DateTimeOffset now) => FormerUntil is { } until && until > now.ToUs() ? Former : null;

    public Client ToClient() => new()
    {
        Id = Id,
        Name = Name ?? Id,
        Operator = Operator ?? "",
        Method = Methods ?? ClientMethods.Secret,
        Scopes = Access.Scopes.Split(Scopes),
        Redirects = Redirects is null ? [] : JsonSerializer.Deserialize<string[]>(Redirects) ?? [],
        LaunchAddress = Launch,
        Keys = Keys,
        KeysAddress = KeysAddress,
        Certificate = Certificate,
        IsBound = Bound is > 0,
        Facility = Facility,
        Purpose = Purpose,
        Created = Instants.FromUs(Created),
        Used = Used is { } used ? Instants.FromUs(used) : null,
        FormerSecretUntil = FormerUntil is { } until ? Instants.FromUs(until) : null,
        Disabled = Disabled is not null,
    };

    public const string Columns = "id, secret, scopes, disabled, name, operator, methods, redirects, launch, keys, keys_address AS KeysAddress, certificate, facility, purpose, bound, former, former_until AS FormerUntil, created, used";
}
