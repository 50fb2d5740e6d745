using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Mach.Access.Programs;

/// <summary>An address whose connections are asked for a certificate. Any is taken, or none; whose it is and what it opens is decided where it is the proof (<see cref="Certificates"/>).</summary>
/// <remarks>Source: RFC 8705 §2 and §5: an address of its own, since browsers would ask people for certificates.</remarks>
public static class CertificateConnections
{
    /// <param name="own">The server's certificate with its key; null = the default one of the host.</param>
    /// <param name="chain">What stands between it and its root.</param>
    public static ListenOptions AskForCertificates(this ListenOptions listen, X509Certificate2? own, X509Certificate2Collection? chain = null) => listen.UseHttps(https =>
    {
        if (own is not null)
        {
            https.ServerCertificate = own;
            https.ServerCertificateChain = chain;
        }

        https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
        https.AllowAnyClientCertificate();
        https.OnAuthenticate = (_, ssl) => ssl.CertificateChainPolicy = Certificates.Policy();
    });
}
