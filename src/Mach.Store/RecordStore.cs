using Mach.Data;
using Mach.Kernel;
using Mach.Store.Hashing;
using Mach.Store.Parameters;
using Mach.Store.Reading;
using Mach.Store.Sealing;
using Mach.Store.Writing;

namespace Mach.Store;

/// <summary>The record: versions, heads, indexes and the chained log, on SQLite or PostgreSQL (docs/adr/0001).</summary>
public sealed partial class RecordStore : RecordView, IAsyncDisposable
{
    private readonly Committer _committer;
    private readonly ParameterTable _parameters;
    private readonly TimeProvider _clock;
    private readonly DataKeys _dataKeys;
    private readonly IndexBuilder _indexBuilder;
    private readonly CatalogBox _catalog;
    private bool _isDisposed;

    private RecordStore(Db db, StoreSecret secret, StoreOptions options, TimeProvider clock, DataKeys dataKeys, ParameterTable parameters, CatalogState catalog)
        : this(db, secret, options, clock, dataKeys, parameters, new CatalogBox(catalog))
    {
    }

    private RecordStore(Db db, StoreSecret secret, StoreOptions options, TimeProvider clock, DataKeys dataKeys, ParameterTable parameters, CatalogBox catalog)
        : base(db, secret, () => catalog.State.Catalog, Sight.Everything)
    {
        _parameters = parameters;
        _clock = clock;
        _dataKeys = dataKeys;
        _catalog = catalog;
        _indexBuilder = new IndexBuilder(db, secret, clock, parameters);
        _committer = new Committer(db, secret, options, clock, () => _catalog.State, ReloadCatalogAsync);
    }

    /// <summary>Migrates and opens. The secret keys the hashes; it is made on first use and kept in <see cref="StoreOptions.SecretFile"/> (0600). The store does not own <paramref name="db"/>.</summary>
    /// <exception cref="InvalidOperationException">The secret is not this store's, the key vault lacks a key, or bodies were written with a codec that this machine lacks.</exception>
    public static async Task<RecordStore> OpenAsync(Db db, StoreOptions options, TimeProvider clock, CancellationToken ct)
    {
        await db.MigrateAsync("store", typeof(RecordStore).Assembly, ct).ConfigureAwait(false);
        var dataKeys = new DataKeys(db, options.Vault);
        var secret = await Settings.OpenAsync(db, options.SecretFile, dataKeys, clock, ct).ConfigureAwait(false);
        var parameters = new ParameterTable(db);
        var store = new RecordStore(db, secret, options, clock, dataKeys, parameters, await parameters.LoadAsync(ct).ConfigureAwait(false));
        await Settings.KeepIndexAsync(db, () => store._indexBuilder.RewriteAllAsync(store.Catalog, ct), ct).ConfigureAwait(false);
        await PersonGroups.KeepAsync(db, ct).ConfigureAwait(false);
        // Somebody may have stopped between writing a SearchParameter and taking it up.
        await store.TakeUpParametersAsync(ct).ConfigureAwait(false);
        store.HasSecondWall = options.SecondWall && await SecondWall.BuildAsync(db, ct).ConfigureAwait(false);
        return store;
    }

    /// <summary>PostgreSQL itself shows callers no person of another facility, whatever a statement says. False on SQLite, and where the role could not be made.</summary>
    public bool HasSecondWall { get; private set; }

    /// <summary>Writes atomically; returns when it is durable. Concurrent calls share transactions (group commit).</summary>
    /// <exception cref="ArgumentException">A body is not JSON of the type and id it is written under, or a resource is written twice.</exception>
    /// <exception cref="CommitConflictException">A version, a unique key or a known-new resource was not as expected.</exception>
    /// <exception cref="StoreUnavailableException">The database did not take it.</exception>
    public async Task<CommitResult> CommitAsync(Commit commit, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(commit);
        var result = await _committer.CommitAsync(commit, ct).ConfigureAwait(false);
        if (commit.Writes.Any(w => w.Type == "SearchParameter"))
        {
            await TakeUpParametersAsync(ct).ConfigureAwait(false);
        }

        return result;
    }

    /// <summary>The record as one caller may see it.</summary>
    /// <param name="shown">Told what the view gives out; null = nobody.</param>
    public RecordView As(Sight sight, IShown? shown = null) => shown is null && ReferenceEquals(sight, Sight.Everything) ? this : Of(this, sight, shown);

    /// <summary>The parameters as this process knows them now.</summary>
    private sealed class CatalogBox(CatalogState state)
    {
        private volatile CatalogState _state = state;

        public CatalogState State { get => _state; set => _state = value; }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        await _closing.CancelAsync().ConfigureAwait(false);
        await _builder.ConfigureAwait(false);
        await _committer.DisposeAsync().ConfigureAwait(false);
        _closing.Dispose();
    }
}
