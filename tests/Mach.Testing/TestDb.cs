using Mach.Data;
using Mach.Store;
using Mach.Store.Sealing;

namespace Mach.Testing;

/// <summary>
/// A fresh database of the record store, gone when disposed. SQLite: a temporary file copied from a migrated one.
/// PostgreSQL: a database made from a migrated template on the server that MACH_TEST_POSTGRES names.
/// </summary>
public sealed class TestDb : IAsyncDisposable
{
    private readonly string _folder;
    private readonly Func<Db> _open;
    private readonly Func<Task> _drop;
    private readonly List<RecordStore> _stores = [];
    private readonly List<Db> _others = [];

    private TestDb(DbEngine engine, string folder, string location, Func<Db> open, Func<Task> drop)
    {
        Engine = engine;
        Location = location;
        _folder = folder;
        _open = open;
        _drop = drop;
        Db = open();
    }

    /// <summary>Theory data: the engines under test. MACH_TEST_ENGINES=sqlite or postgres takes one of them.</summary>
    public static TheoryData<DbEngine> Engines
    {
        get
        {
            var data = new TheoryData<DbEngine>();
            foreach (var engine in Enum.GetValues<DbEngine>().Where(Includes))
            {
                data.Add(engine);
            }

            return data;
        }
    }

    public DbEngine Engine { get; }

    /// <summary>True when this engine is under test.</summary>
    public static bool Includes(DbEngine engine) => Environment.GetEnvironmentVariable("MACH_TEST_ENGINES") is not { Length: > 0 } list
        || list.Split(',', StringSplitOptions.TrimEntries).Contains(engine.ToString(), StringComparer.OrdinalIgnoreCase);

    /// <summary>SQLite file, or PostgreSQL connection string.</summary>
    public string Location { get; }

    public Db Db { get; }

    /// <summary>Clock of the stores opened here; stands still unless told to move.</summary>
    public TestClock Clock { get; } = new();

    public StoreOptions Options => new(Path.Combine(_folder, "secret"), Vault: new FileKeyVault(Path.Combine(_folder, "keys", "store.key")));

    /// <summary>Folder of the files beside the database, gone with it.</summary>
    public string Folder => _folder;

    /// <summary>Makes the database. Fails when PostgreSQL is asked for and MACH_TEST_POSTGRES is not set: a test that did not run is not a test that passed.</summary>
    public static async Task<TestDb> CreateAsync(DbEngine engine)
    {
        var folder = Directory.CreateTempSubdirectory("mach-test-").FullName;
        if (engine == DbEngine.Postgres)
        {
            var (connection, drop) = await PostgresTemplate.CopyAsync().ConfigureAwait(false);
            return new TestDb(engine, folder, connection, () => Db.OpenPostgres(connection), drop);
        }

        var file = Path.Combine(folder, "mach.db");
        File.Copy(await SqliteTemplate.FileAsync().ConfigureAwait(false), file);
        return new TestDb(engine, folder, file, () => Db.OpenSqlite(file), () => Task.CompletedTask);
    }

    /// <summary>A store over <see cref="Db"/>, disposed with this.</summary>
    public Task<RecordStore> OpenStoreAsync() => OpenStoreAsync(Db);

    /// <summary>A store over another door to the same database.</summary>
    public async Task<RecordStore> OpenStoreAsync(Db db)
    {
        var store = await RecordStore.OpenAsync(db, Options, Clock, CancellationToken.None).ConfigureAwait(false);
        _stores.Add(store);
        return store;
    }

    /// <summary>Another door to the same database, as a second process would open it.</summary>
    public Db OpenAnother()
    {
        var db = _open();
        _others.Add(db);
        return db;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
        {
            await store.DisposeAsync().ConfigureAwait(false);
        }

        foreach (var db in _others)
        {
            await db.DisposeAsync().ConfigureAwait(false);
        }

        await Db.DisposeAsync().ConfigureAwait(false);
        await _drop().ConfigureAwait(false);
        Directory.Delete(_folder, recursive: true);
    }
}
