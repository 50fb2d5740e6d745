using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Mach.Server.Hosting;

internal static class HubRunner
{
    /// <summary>Starts listening; an address that cannot be had becomes a sentence that says so.</summary>
    public static async Task StartAsync(WebApplication app, CancellationToken ct)
    {
        try
        {
            await app.StartAsync(ct);
        }
        catch (IOException e)
        {
            throw new HubException($"Cannot listen: {e.Message} Choose another address with --urls.");
        }
    }

    /// <summary>The first address that was bound, without a trailing slash.</summary>
    public static string Address(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First().TrimEnd('/');
}
