using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Mach.Access.Tests.Programs;

/// <summary>Certificates that are made in the test.</summary>
internal static class TestCertificates
{
    public const string ForClients = "1.3.6.1.5.5.7.3.2";
    public const string ForServers = "1.3.6.1.5.5.7.3.1";

    public static X509Certificate2 Authority(string name, DateTimeOffset now, X509Certificate2? above = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        if (above is null)
        {
            return request.CreateSelfSigned(now.AddDays(-400), now.AddDays(400));
        }

        using var made = request.Create(above, now.AddDays(-300), now.AddDays(300), RandomNumberGenerator.GetBytes(8));
        return made.CopyWithPrivateKey(key);
    }

    /// <param name="above">Null = signed by itself.</param>
    public static X509Certificate2 Leaf(string name, DateTimeOffset from, DateTimeOffset until, X509Certificate2? above = null, string use = ForClients)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], critical: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("may.tram-25001.vn");
        names.AddUri(new Uri("urn:mach:may:25001"));
        names.AddIpAddress(IPAddress.Parse("10.9.8.7"));
        names.AddEmailAddress("may@tram-25001.vn");
        request.CertificateExtensions.Add(names.Build());
        if (above is null)
        {
            return request.CreateSelfSigned(from, until);
        }

        using var made = request.Create(above, from, until, RandomNumberGenerator.GetBytes(8));
        return made.CopyWithPrivateKey(key);
    }
}
