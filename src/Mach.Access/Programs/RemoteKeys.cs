using System.Collections.Concurrent;
using Microsoft.IdentityModel.Tokens;

namespace Mach.Access.Programs;

/// <summary>The public keys of programs that publish them at an address of their own; kept for ten minutes, asked anew for an unknown key once in half a minute.</summary>
internal sealed class RemoteKeys(AccessOptions options, TimeProvider clock) : IDisposable
{
    private const int MaxBytes = 64 * 1024;
    private static readonly TimeSpan Keep = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, (JsonWebKeySet Keys, DateTimeOffset At)> _known = new(StringComparer.Ordinal);
    private readonly HttpClient _http = new(options.KeyTransport ?? PublicNetwork.Handler(), disposeHandler: options.KeyTransport is null)
    {
        Timeout = TimeSpan.FromSeconds(5),
        MaxResponseContentBufferSize = MaxBytes,
    };

    /// <summary>The keys; null when they cannot be had.</summary>
    /// <param name="keyId">A key that must be among them, else they are asked for anew.</param>
    public async Task<JsonWebKeySet?> FindAsync(string address, string? keyId, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (_known.TryGetValue(address, out var known) && known.At + Keep > now
            && (keyId is null || known.At + Pause > now || known.Keys.Keys.Any(k => k.Kid == keyId)))
        {
            return known.Keys;
        }

        try
        {
            if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps)
            {
                return null;
            }

            using var answer = await _http.GetAsync(uri, ct);
            if (!answer.IsSuccessStatusCode)
            {
                return null;
            }

            var keys = new JsonWebKeySet(await answer.Content.ReadAsStringAsync(ct));
            _known[address] = (keys, now);
            return keys;
        }
        catch (Exception e) when (e is HttpRequestException or ArgumentException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();
}
