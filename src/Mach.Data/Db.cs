using System.Data.Common;
using System.Reflection;
using Mach.Data.Sealing;

namespace Mach.Data;

public enum DbEngine { Sqlite, Postgres }

/// <summary>How an SQLite file is opened.</summary>
/// <param name="MaxPages">Greatest size of the file in pages of 8,192 bytes; 0 = no limit. A full file answers as a full disk does.</param>
/// <param name="CacheMb">Page cache of the writing connection, MiB.</param>
/// <param name="BusyTimeoutMs">How long a write waits for another process's transaction, milliseconds.</param>
public sealed record SqliteOptions(long MaxPages = 0, int CacheMb = 256, int BusyTimeoutMs = 10_000);

/// <summary>
/// One database, SQLite file or PostgreSQL. The only door to a driver.
/// SQL is the portable subset with @name parameters; dialect tokens in braces are replaced by <see cref="Sql"/>:
/// {bigint} {int} {smallint} {bool} {bytes} {text} {strict} {norowid} {double}, and for lists sent as one JSON array parameter
/// <c>column {in:name}</c> (texts) and <c>column {inlong:name}</c> (64-bit integers);
/// In migrations <c>{appendonly:table}</c> makes the engine refuse to change or delete rows of a table, <c>{noreplace:table.key}</c> to replace them.
/// <c>column {longs:name}</c> is the same with the parameter that <see cref="AddLongs"/> adds.
/// </summary>
public sealed partial class Db : IAsyncDisposable
{
    private readonly IDriver _driver;

    private Db(IDriver driver) => _driver = driver;

    public DbEngine Engine => _driver.Engine;

    /// <summary>Keys that bodies and received bytes are sealed with; empty until the record store is opened over this database.</summary>
    public KeyRing Keys { get; } = new();

    /// <summary>Opens (creates) the SQLite file: WAL, synchronous FULL, page size 8192, foreign keys on, busy timeout.</summary>
    public static Db OpenSqlite(string file) => OpenSqlite(file, new SqliteOptions());

    /// <inheritdoc cref="OpenSqlite(string)"/>
    public static Db OpenSqlite(string file, SqliteOptions options) => new(new SqliteDriver(file, options));

    /// <summary>Opens a PostgreSQL database by connection string.</summary>
    public static Db OpenPostgres(string connectionString) => new(new PostgresDriver(connectionString));

    /// <summary>An open connection for reading (and for small module writes); dispose returns it to the pool.</summary>
    public ValueTask<DbConnection> OpenAsync(CancellationToken ct) => _driver.OpenAsync(ct);

    /// <summary>
    /// The answer to a short statement by key, on a connection of its own choice. On PostgreSQL those of several callers go together in one round trip; one that
    /// took long would hold up others.
    /// </summary>
    /// <param name="read">Reads the rows, without a token: it is not worth cancelling, and cancelling would be for all that go together. It may be called again from the beginning when a connection was lost, so it keeps what it reads to itself.</param>
    public Task<T> AskAsync<T>(BriefStatement statement, Func<DbDataReader, Task<T>> read, CancellationToken ct) => _driver.AskAsync(statement, read, ct);

    /// <summary>Reading as of one moment, for as long as it takes: what is committed meanwhile does not show.</summary>
    public async ValueTask<ReadSession> BeginReadAsync(CancellationToken ct)
    {
        var connection = await OpenAsync(ct).ConfigureAwait(false);
        try
        {
            await using var begin = connection.CreateCommand();
            // SQLite's deferred transaction holds the state of its first read.
            begin.CommandText = Engine == DbEngine.Postgres ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" : "BEGIN";
            await begin.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
            return new ReadSession(connection);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// An open connection for one caller's reading: the database itself shows no row beyond the wall, whatever a statement says. The same as
    /// <see cref="OpenAsync"/> on SQLite, and before <see cref="UseWall"/>.
    /// </summary>
    public ValueTask<DbConnection> OpenBehindWallAsync(Wall wall, CancellationToken ct) => HasWall ? _driver.OpenBehindWallAsync(wall, ct) : _driver.OpenAsync(ct);

    /// <summary>The database holds rows against a <see cref="Wall"/> from now on, under a role that owns nothing.</summary>
    public void UseWall(string role)
    {
        _driver.UseWall(role);
        HasWall = Engine == DbEngine.Postgres;
    }

    public bool HasWall { get; private set; }

    /// <summary>Begins a write transaction; nothing but database work may be awaited before it is disposed, which rolls back what was not committed.</summary>
    public ValueTask<WriteSession> BeginWriteAsync(CancellationToken ct) => _driver.BeginWriteAsync(ct);

    /// <summary>
    /// Runs <paramref name="work"/> in one write transaction (SQLite: BEGIN IMMEDIATE behind the process-wide writer gate; PostgreSQL: a transaction), commits, and returns.
    /// Nothing but database work may be awaited inside.
    /// </summary>
    public async Task<T> WriteAsync<T>(Func<DbConnection, DbTransaction, Task<T>> work, CancellationToken ct)
    {
        await using var session = await BeginWriteAsync(ct).ConfigureAwait(false);
        var result = await work(session.Connection, session.Transaction).ConfigureAwait(false);
        await session.CommitAsync(ct).ConfigureAwait(false);
        return result;
    }

    /// <summary>Replaces the dialect tokens; cached.</summary>
    public string Sql(string portable) => Dialect.Translate(portable, Engine);

    /// <summary>Adds the parameter of <c>column {longs:name}</c>.</summary>
    public void AddLongs(DbCommand command, string name, List<long> values)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = Longs(values);
        command.Parameters.Add(parameter);
    }

    /// <summary>The parameter of <c>column {longs:name}</c>: an array on PostgreSQL, JSON on SQLite.</summary>
    public object Longs(List<long> values) => Engine == DbEngine.Postgres ? values : System.Text.Json.JsonSerializer.Serialize(values);

    /// <summary>True for a primary key or unique violation on either engine.</summary>
    public static bool IsUniqueViolation(Exception e) => DbErrors.IsUniqueViolation(e);

    /// <summary>True when the database is full, read-only, locked or gone: the caller may try again later.</summary>
    public static bool IsUnavailable(Exception e) => DbErrors.IsUnavailable(e);

    /// <summary>True when a caller's text holds a character that the engine cannot keep: the caller's mistake, no fault of the database.</summary>
    public static bool IsUnkeepable(Exception e) => DbErrors.IsUnkeepable(e);

    /// <summary>
    /// Applies the migrations (embedded resources <c>*.Migrations.NNNN_name.sql</c>) of an assembly once each, in number order, each in a transaction; table <c>schema_migration(module, number, name, sha, at)</c>.
    /// Two processes may start at once.
    /// </summary>
    /// <exception cref="InvalidOperationException">An applied migration was changed or is not known to this program (the database is newer).</exception>
    public Task MigrateAsync(string module, Assembly assembly, CancellationToken ct) => Migrations.ApplyAsync(this, module, assembly, ct);

    /// <summary>Inserts rows fast: one unnest statement on PostgreSQL, one prepared statement on SQLite.</summary>
    public Task InsertAsync(DbConnection connection, DbTransaction transaction, TableRows rows, CancellationToken ct) =>
        _driver.ExecuteAsync(connection, transaction, [TableInsert.For(rows)], ct);

    /// <summary>SQLite: lets the file grow to this many pages of 8,192 bytes (0 = no limit) from the next transaction on. No effect on PostgreSQL.</summary>
    public void LimitPages(long pages) => _driver.LimitPages(pages);

    /// <summary>
    /// Until it is disposed, a commit does not wait for the disk: after a power cut the last ones may be missing, whole, as if they had never been. For a load that knows
    /// from the same database how far it came, while nobody else is answered. The first commit afterwards makes all of them durable.
    /// </summary>
    public IDisposable LoadInBulk() => new BulkLoad(_driver);

    private sealed class BulkLoad : IDisposable
    {
        private readonly IDriver _driver;

        public BulkLoad(IDriver driver)
        {
            _driver = driver;
            driver.WaitForDisk(false);
        }

        public void Dispose() => _driver.WaitForDisk(true);
    }

    public ValueTask DisposeAsync()
    {
        Keys.Dispose();
        return _driver.DisposeAsync();
    }
}
