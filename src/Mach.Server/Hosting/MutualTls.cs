using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mach.Access;
using Mach.Access.Programs;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mach.Server.Hosting;

/// <summary>An https address of its own, where connections are asked for certificates.</summary>
/// <param name="Urls">Addresses to listen on, separated by ';'; https alone.</param>
/// <param name="Address">As programs know it; null = the host of the public address, with the port of the first of <paramref name="Urls"/>.</param>
/// <param name="Authorities">Whose certificates programs are known by; null = programs are known by their own certificates alone.</param>
/// <param name="Own">The server's certificate with its key; null = the default one of ASP.NET Core's settings.</param>
/// <param name="Chain">What stands between <paramref name="Own"/> and its root.</param>
internal sealed record MutualTls(string Urls, string? Address, X509Certificate2Collection? Authorities, X509Certificate2? Own, X509Certificate2Collection? Chain)
{
    /// <exception cref="HubException">An address is not https, or a file cannot be read.</exception>
    public static MutualTls Read(string urls, string? address, FileInfo? authorities, FileInfo? certificate, FileInfo? key)
    {
        if (Split(urls) is not { Length: > 0 } all || all.Any(u => !u.StartsWith("https://", StringComparison.OrdinalIgnoreCase)))
        {
            throw new HubException($"--mtls-urls takes https addresses, such as https://0.0.0.0:8443; not '{urls}'.");
        }

        if (address is not null && !(Uri.TryCreate(address, UriKind.Absolute, out var own) && own.Scheme == Uri.UriSchemeHttps && own.AbsolutePath == "/"))
        {
            throw new HubException($"--mtls-address is an https address without a path; not '{address}'.");
        }

        if (certificate is null != key is null)
        {
            throw new HubException("--mtls-certificate and --mtls-key go together.");
        }

        try
        {
            return new MutualTls(urls, address, authorities is null ? null : Pem(authorities),
                certificate is null ? null : X509Certificate2.CreateFromPemFile(certificate.FullName, key!.FullName), certificate is null ? null : Pem(certificate));
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new HubException($"A file of certificates cannot be read as PEM: {e.Message}");
        }
    }

    /// <summary>What programs are told, and what their certificates are held against.</summary>
    /// <exception cref="HubException">The house has no name that holds at both addresses.</exception>
    public AccessOptions In(AccessOptions access) => access.PublicAddress is not { } name
        ? throw new HubException("--mtls-urls needs publicAddress in sign-in.json, so that programs know one name of this house at both addresses.")
        : access with { CertificateAddress = Address?.TrimEnd('/') ?? new UriBuilder(name) { Scheme = Uri.UriSchemeHttps, Port = BindingAddress.Parse(Split(Urls)[0]).Port }.Uri.GetLeftPart(UriPartial.Authority), CertificateAuthorities = Authorities };

    /// <summary>Addresses that are listened on one by one take the place of <c>UseUrls</c>, so those go here too.</summary>
    public void Listen(KestrelServerOptions kestrel, string urls)
    {
        foreach (var url in Split(urls))
        {
            Listen(kestrel, BindingAddress.Parse(url), listen =>
            {
                if (url.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
                {
                    listen.UseHttps();
                }
            });
        }

        foreach (var url in Split(Urls))
        {
            Listen(kestrel, BindingAddress.Parse(url), listen => listen.AskForCertificates(Own, Chain));
        }
    }

    private static void Listen(KestrelServerOptions kestrel, BindingAddress address, Action<ListenOptions> configure)
    {
        if (IPAddress.TryParse(address.Host, out var ip))
        {
            kestrel.Listen(ip, address.Port, configure);
        }
        else if (string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase))
        {
            kestrel.ListenLocalhost(address.Port, configure);
        }
        else
        {
            kestrel.ListenAnyIP(address.Port, configure);
        }
    }

    private static string[] Split(string urls) => urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static X509Certificate2Collection Pem(FileInfo file)
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(file.FullName);
        return all.Count > 0 ? all : throw new HubException($"{file.FullName} holds no certificate.");
    }
}
