using Mach.Data;
using Mach.Fhir.Search;
using Mach.Store.Hashing;
using Mach.Store.Writing;

namespace Mach.Store;

/// <summary>The record: versions, heads, indexes and the chained log, on SQLite or PostgreSQL (docs/adr/0001).</summary>
public sealed partial class RecordStore : IAsyncDisposable
{
    private readonly StoreSecret _secret;
    private readonly Committer _committer;

    private RecordStore(Db db, StoreSecret secret, StoreOptions options, TimeProvider clock)
    {
        Db = db;
        _secret = secret;
        _committer = new Committer(db, secret, options, clock);
    }

    public Db Db { get; }

    /// <summary>The search parameters of this store.</summary>
    public SearchCatalog Catalog { get; private set; } = SearchCatalog.Standard;

    /// <summary>Migrates and opens. The secret keys the hashes; it is made on first use and kept in <see cref="StoreOptions.SecretFile"/> (0600). The store does not own <paramref name="db"/>.</summary>
    /// <exception cref="InvalidOperationException">The secret is not this store's, or bodies were written with a codec that this machine lacks.</exception>
    public static async Task<RecordStore> OpenAsync(Db db, StoreOptions options, TimeProvider clock, CancellationToken ct)
    {
        await db.MigrateAsync("store", typeof(RecordStore).Assembly, ct).ConfigureAwait(false);
        var secret = await Settings.OpenAsync(db, options.SecretFile, ct).ConfigureAwait(false);
        return new RecordStore(db, secret, options, clock);
    }

    /// <summary>Writes atomically; returns when it is durable. Concurrent calls share transactions (group commit).</summary>
    /// <exception cref="ArgumentException">A body is not JSON of the type and id it is written under, or a resource is written twice.</exception>
    /// <exception cref="CommitConflictException">A version, a unique key or a known-new resource was not as expected.</exception>
    /// <exception cref="StoreUnavailableException">The database did not take it.</exception>
    public Task<CommitResult> CommitAsync(Commit commit, CancellationToken ct) => _committer.CommitAsync(commit, ct);

    /// <summary>Index hash of a key ("system|code", "|code", unit) of a search parameter.</summary>
    internal long Hash(short parameter, string key) => _secret.Hash(parameter, key);

    public ValueTask DisposeAsync() => _committer.DisposeAsync();
}
