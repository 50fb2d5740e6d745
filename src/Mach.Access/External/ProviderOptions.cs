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

    /// <summary>Address of this hub as the provider knows it, without a path; null = as the request says.</summary>
    public string? PublicAddress { get; init; }
}
