namespace Mach.Access.External;

/// <summary>An OpenID Connect provider whose people may sign in here; the national VNeID is one.</summary>
public sealed record ProviderOptions
{
    /// <summary>Short name in addresses: lower-case letters, digits and hyphens.</summary>
    public required string Id { get; init; }

    /// <summary>As shown on the sign-in page.</summary>
    public required string Name { get; init; }

    /// <summary>Issuer, an https address; its metadata is read from <c>/.well-known/openid-configuration</c> below it.</summary>
    public required string Issuer { get; init; }

    public required string ClientId { get; init; }

    /// <summary>Null for a public client: then PKCE alone binds the code.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>Separated by blanks; <c>openid</c> is among them.</summary>
    public string Scopes { get; init; } = "openid";

    /// <summary>Classes of authentication (<c>acr</c>) of which one has to stand in what the provider says; empty = any. They are asked for (<c>acr_values</c>).</summary>
    public IReadOnlyList<string> Acr { get; init; } = [];

    /// <summary>Minutes since the person last proved who they are at the provider (<c>auth_time</c>), at most; it is asked to ask anew (<c>max_age</c>). Null = whenever it was.</summary>
    public int? MaxAgeMinutes { get; init; }

    /// <summary>Address of this hub as the provider knows it, without a path; null = as the request says.</summary>
    public string? PublicAddress { get; init; }

    /// <summary>What a request for sign-in says about how strong and how fresh the proof has to be.</summary>
    internal IEnumerable<KeyValuePair<string, string?>> Strength
    {
        get
        {
            if (Acr.Count > 0)
            {
                yield return new("acr_values", string.Join(' ', Acr));
            }

            if (MaxAgeMinutes is { } minutes)
            {
                yield return new("max_age", (minutes * 60).ToString(System.Globalization.CultureInfo.InvariantCulture));
            }
        }
    }
}
