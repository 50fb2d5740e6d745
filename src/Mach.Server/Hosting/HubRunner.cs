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

    /// <summary>Starts the rooms' own services without listening: for commands that work on the data and end.</summary>
    public static async Task<IAsyncDisposable> StartQuietlyAsync(WebApplication app, CancellationToken ct)
    {
        var services = app.Services.GetServices<IHostedService>().Where(s => s.GetType().Namespace?.StartsWith("Mach.", StringComparison.Ordinal) == true).ToList();
        foreach (var service in services)
        {
            await service.StartAsync(ct);
        }

        return new Quiet(services);
    }

    /// <summary>The first address that was bound, without a trailing slash.</summary>
    public static string Address(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First().TrimEnd('/');

    private sealed class Quiet(List<IHostedService> services) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (var service in Enumerable.Reverse(services))
            {
                await service.StopAsync(CancellationToken.None);
            }
        }
    }
}
