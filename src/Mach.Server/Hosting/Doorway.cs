using System.Net;
using System.Security.Authentication;
using Mach.Access;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.HttpOverrides;

namespace Mach.Server.Hosting;

/// <summary>What reaches the rooms at all: under which names, through which proxies, how large and how slow a request may be.</summary>
internal static class Doorway
{
    /// <summary>The largest body of a route that says nothing itself: forms, the widest of them a dossier under correction. Envelopes, FHIR and imports have limits of their own.</summary>
    private const long MaxForm = 4 * 1024 * 1024;

    /// <summary>Who opens a connection and sends its headers a byte at a time is let go after this. A request over a slow line of 100 kbit/s needs a fraction of a second.</summary>
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(15);

    public static void Limit(WebApplicationBuilder builder) => builder.WebHost.ConfigureKestrel(kestrel =>
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
        kestrel.Limits.MaxRequestBodySize = MaxForm;
        kestrel.ConfigureHttpsDefaults(https => https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13);
    });

    public static void AddServices(IServiceCollection services, HubOptions options, AccessOptions access)
    {
        services.Configure<HostFilteringOptions>(filter =>
        {
            filter.AllowedHosts = Names(options, access);
            filter.IncludeFailureMessage = false;
        });
        services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            forwarded.ForwardLimit = null;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var network in options.Proxies)
            {
                forwarded.KnownIPNetworks.Add(network);
            }
        });
    }

    /// <summary>Comes first: what follows asks where a request comes from and whether it came by https.</summary>
    public static void Use(WebApplication app)
    {
        var options = app.Services.GetRequiredService<HubOptions>();
        if (options.Proxies.Count > 0)
        {
            app.UseForwardedHeaders();
        }

        if (Names(options, app.Services.GetRequiredService<AccessOptions>()).Count > 0)
        {
            app.UseHostFiltering();
        }
    }

    /// <summary>Every browser comes by https: all addresses are, or the one address that people know is.</summary>
    public static bool IsSecure(HubOptions options, AccessOptions access) =>
        access.PublicAddress is { } known ? known.StartsWith("https:", StringComparison.OrdinalIgnoreCase)
        : options.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).All(url => url.StartsWith("https:", StringComparison.OrdinalIgnoreCase));

    /// <summary>A hub that other machines reach and that answers to any name: worth a word at its start.</summary>
    public static bool IsNameless(HubOptions options, AccessOptions access) =>
        Names(options, access).Count == 0 && options.Urls.Split(';').Any(url => !Uri.TryCreate(url, UriKind.Absolute, out var uri) || !uri.IsLoopback);

    /// <summary>The names that were given, the one that people know, and this machine's own; none = any.</summary>
    private static List<string> Names(HubOptions options, AccessOptions access)
    {
        List<string> given = [.. options.Hosts];
        given.AddRange(new[] { access.PublicAddress, options.MutualTls?.Address }.OfType<string>().Select(known => new Uri(known).Host));

        return given.Count == 0 ? [] : [.. given, "localhost", IPAddress.Loopback.ToString(), $"[{IPAddress.IPv6Loopback}]"];
    }
}
