using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Mach.Access.Programs;

/// <summary>Certificates of connections.</summary>
/// <remarks>Source: RFC 8705 §2 (proof by certificate), §3 (tokens bound to one).</remarks>
internal static class Certificates
{
    /// <summary>SHA-256 of the certificate, base64url (<c>x5t#S256</c>).</summary>
    public static string Thumbprint(X509Certificate2 certificate) => Base64Url.EncodeToString(SHA256.HashData(certificate.RawData));

    /// <summary>The certificate of the connection is that of this program. One of its own is known by its hash; one of an authority must be trusted by the host, too.</summary>
    public static bool IsOf(X509Certificate2 certificate, ClientRow client, DateTimeOffset now)
    {
        if (client.Certificate is not { } expected || certificate.NotBefore.ToUniversalTime() > now.UtcDateTime || certificate.NotAfter.ToUniversalTime() < now.UtcDateTime)
        {
            return false;
        }

        if (client.Uses(ClientMethods.OwnCertificate))
        {
            return Same(Thumbprint(certificate), expected);
        }

        if (!client.Uses(ClientMethods.Certificate) || !string.Equals(certificate.Subject, expected, StringComparison.Ordinal))
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        return chain.Build(certificate);
    }

    /// <summary>True unless the token is bound to a certificate that did not come with the request.</summary>
    public static bool Holds(HttpContext context, ClaimsPrincipal who) =>
        who.FindFirst(Principals.CertificateClaim)?.Value is not { } bound
        || (context.Connection.ClientCertificate is { } certificate && Same(Thumbprint(certificate), bound));

    private static bool Same(string one, string other) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(one), Encoding.ASCII.GetBytes(other));
}
