using System.Data.Common;

namespace Mach.Data;

public enum DbEngine { Sqlite, Postgres }

/// <summary>
/// One database, SQLite file or PostgreSQL. The only door to a driver.
/// SQL is the portable subset with @name parameters; dialect tokens in braces are replaced by <see cref="Sql"/>:
/// {bigint} {int} {bool} {bytes} {text} {strict} {norowid} {double}.
/// </summary>
public sealed partial class Db : IAsyncDisposable
{
    public DbEngine Engine => throw new NotImplementedException();

    /// <summary>Opens (creates) the SQLite file: WAL, synchronous FULL, page size 8192, foreign keys on, busy timeout.</summary>
    public static Db OpenSqlite(string file) => throw new NotImplementedException();

    /// <summary>Opens a PostgreSQL database by connection string.</summary>
    public static Db OpenPostgres(string connectionString) => throw new NotImplementedException();

    /// <summary>An open connection for reading (and for small module writes); dispose returns it to the pool.</summary>
    public ValueTask<DbConnection> OpenAsync(CancellationToken ct) => throw new NotImplementedException();

    /// <summary>
    /// Runs <paramref name="work"/> in one write transaction (SQLite: BEGIN IMMEDIATE behind the process-wide writer gate; PostgreSQL: a transaction), commits, and returns.
    /// Nothing but database work may be awaited inside.
    /// </summary>
    public Task<T> WriteAsync<T>(Func<DbConnection, DbTransaction, Task<T>> work, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Replaces the dialect tokens; cached.</summary>
    public string Sql(string portable) => throw new NotImplementedException();

    /// <summary>True for a primary key or unique violation on either engine.</summary>
    public static bool IsUniqueViolation(Exception e) => throw new NotImplementedException();

    /// <summary>True when the database is full, read-only, locked or gone: the caller may try again later.</summary>
    public static bool IsUnavailable(Exception e) => throw new NotImplementedException();

    /// <summary>Applies the migrations (embedded resources <c>*.Migrations.NNNN_name.sql</c>) of an assembly once each, in number order, each in a transaction; table <c>schema_migration(module, number, name, sha, at)</c>. A changed, already applied migration is an error.</summary>
    public Task MigrateAsync(string module, System.Reflection.Assembly assembly, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Inserts rows fast: one unnest statement on PostgreSQL, one prepared statement on SQLite.</summary>
    public Task InsertAsync(DbConnection connection, DbTransaction transaction, TableRows rows, CancellationToken ct) => throw new NotImplementedException();

    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
