using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;

namespace Mach.Access.Programs;

/// <summary>Certificates of connections.</summary>
/// <remarks>Source: RFC 8705 §2 (proof by certificate), §3 (tokens bound to one); RFC 5280 §4.2.1.12 (clientAuth).</remarks>
internal static class Certificates
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>SHA-256 of the certificate, base64url (<c>x5t#S256</c>).</summary>
    public static string Thumbprint(X509Certificate2 certificate) => Base64Url.EncodeToString(SHA256.HashData(certificate.RawData));

    public static bool IsInTime(X509Certificate2 certificate, DateTimeOffset now) =>
        certificate.NotBefore.ToUniversalTime() <= now.UtcDateTime && certificate.NotAfter.ToUniversalTime() >= now.UtcDateTime;

    /// <summary>The certificate of the connection is that of this program. One of its own is known by its hash or stands in its keys; one of an authority must be of one that this house trusts for that.</summary>
    /// <param name="authorities">Null = none is trusted.</param>
    public static bool IsOf(X509Certificate2 certificate, ClientRow client, X509Certificate2Collection? authorities, DateTimeOffset now) =>
        IsInTime(certificate, now) && (
            client.Uses(ClientMethods.OwnCertificate) ? client.Certificate is { } own ? Same(Thumbprint(certificate), own) : client.Keys is { } keys && Hashes(keys).Any(h => h is not null && Same(h, Thumbprint(certificate)))
            : client.Uses(ClientMethods.Certificate) && client.Certificate is { } name && CertificateNames.Has(certificate, name) && authorities is not null && IsTrusted(certificate, authorities, now));

    /// <summary>Every key of the JWKS comes with its certificate, or the hash of it.</summary>
    public static bool AreInside(string keys) => Hashes(keys).All(h => h is { Length: 43 });

    /// <summary>True unless the token is bound to a certificate that did not come with the request.</summary>
    public static bool Holds(HttpContext context, ClaimsPrincipal who) =>
        who.FindFirst(Principals.CertificateClaim)?.Value is not { } bound
        || (context.Connection.ClientCertificate is { } certificate && Same(Thumbprint(certificate), bound));

    /// <summary>Nothing is fetched from the addresses that a certificate names: neither other certificates nor revocation lists.</summary>
    public static X509ChainPolicy Policy(DateTimeOffset? now = null)
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (now is { } at)
        {
            policy.VerificationTime = at.UtcDateTime;
        }

        return policy;
    }

    private static bool IsTrusted(X509Certificate2 certificate, X509Certificate2Collection authorities, DateTimeOffset now)
    {
        using var chain = new X509Chain { ChainPolicy = Policy(now) };
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        foreach (var authority in authorities)
        {
            (authority.SubjectName.RawData.AsSpan().SequenceEqual(authority.IssuerName.RawData) ? chain.ChainPolicy.CustomTrustStore : chain.ChainPolicy.ExtraStore).Add(authority);
        }

        return chain.Build(certificate);
    }

    private static IEnumerable<string?> Hashes(string keys) => new JsonWebKeySet(keys).Keys.Select(k =>
        k.X5c.Count > 0 && TryRead(k.X5c[0]) is { } raw ? Base64Url.EncodeToString(SHA256.HashData(raw)) : k.X5c.Count > 0 ? null : k.X5tS256);

    private static byte[]? TryRead(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var count) ? bytes[..count] : null;
    }

    private static bool Same(string one, string other) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(one), Encoding.ASCII.GetBytes(other));
}
