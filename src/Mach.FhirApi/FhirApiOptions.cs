namespace Mach.FhirApi;

/// <param name="MaxResourceBytes">Greatest body of one resource or patch, unpacked.</param>
/// <param name="MaxBundleBytes">Greatest body of a batch or transaction, unpacked.</param>
/// <param name="MaxBundleEntries">Greatest number of entries of a batch or transaction.</param>
public sealed record FhirApiOptions(int MaxResourceBytes = 16 * 1024 * 1024, int MaxBundleBytes = 64 * 1024 * 1024, int MaxBundleEntries = 5000)
{
    /// <summary>Origins (https://host, https://host:port) whose pages may call from a browser; see <see cref="BrowserOrigins"/>.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>Pages that this machine serves itself, whatever their port, may call too: for a demonstration.</summary>
    public bool AllowLoopbackOrigins { get; init; }
}
