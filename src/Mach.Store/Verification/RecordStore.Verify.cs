using Mach.Store.Verification;

namespace Mach.Store;

public sealed partial class RecordStore
{
    /// <summary>
    /// Recomputes hashes, Merkle roots, chain, density, heads, manifests and index rows. Run it when nothing is being written:
    /// it reads in steps, and a commit in between looks like a difference. Memory stays flat; at most 100 problems are named.
    /// </summary>
    public async Task<VerifyReport> VerifyAsync(IProgress<(string Step, long Done, long Total)>? progress, CancellationToken ct)
    {
        // An index that is still being completed is not one that lacks rows.
        await BuildParametersAsync(ct).ConfigureAwait(false);
        return await new Verifier(Db, _secret, Catalog, progress).RunAsync(ct).ConfigureAwait(false);
    }
}
