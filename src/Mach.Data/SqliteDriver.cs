using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Mach.Data;

/// <summary>SQLite: one writing connection behind a gate, pooled connections for reading.</summary>
internal sealed class SqliteDriver : IDriver
{
    /// <summary>Reading connections that wait open.</summary>
    private const int MostReaders = 16;

    private readonly string _connectionString;
    private readonly SqliteOptions _options;
    private readonly SemaphoreSlim _gate = new(1, 1);
    // The pool hands out the same native handle again and again; settings need to be made once per handle.
    private readonly ConditionalWeakTable<sqlite3, object> _prepared = [];
    private readonly ConcurrentBag<KeptConnection> _readers = [];
    private volatile bool _isClosed;
    private SqliteConnection? _writer;
    private long _maxPages;
    private bool _limitChanged;
    private volatile bool _waitsForDisk = true;
    private bool _isWaiting = true;

    static SqliteDriver() => Batteries_V2.Init();

    public SqliteDriver(string file, SqliteOptions options)
    {
        _options = options;
        _maxPages = options.MaxPages;
        _limitChanged = options.MaxPages > 0;
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = Path.GetFullPath(file),
            ForeignKeys = true,
            Pooling = true,
            DefaultTimeout = Math.Max(1, options.BusyTimeoutMs / 1000),
        }.ToString();
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        _writer = OpenWriter();
    }

    public DbEngine Engine => DbEngine.Sqlite;

    public ValueTask<DbConnection> OpenAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (_readers.TryTake(out var reader))
        {
            reader.Rent();
            return ValueTask.FromResult<DbConnection>(reader);
        }

        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            if (!_prepared.TryGetValue(connection.Handle!, out _))
            {
                Run(connection, string.Create(CultureInfo.InvariantCulture,
                    $"PRAGMA busy_timeout={_options.BusyTimeoutMs}; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8192;"));
                KeepPlans(connection);
                _prepared.AddOrUpdate(connection.Handle!, this);
            }

            return ValueTask.FromResult<DbConnection>(new KeptConnection(connection, TakeBack));
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A connection inside a transaction that nobody ended goes to nobody else.</summary>
    private void TakeBack(KeptConnection reader)
    {
        if (_isClosed || _readers.Count >= MostReaders || raw.sqlite3_get_autocommit(reader.Inner.Handle) == 0)
        {
            reader.End();
            return;
        }

        _readers.Add(reader);
        if (_isClosed)
        {
            EndReaders();
        }
    }

    private void EndReaders()
    {
        while (_readers.TryTake(out var reader))
        {
            reader.End();
        }
    }

    public async ValueTask<WriteSession> BeginWriteAsync(CancellationToken ct)
    {
        await _gate.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            var writer = _writer ??= OpenWriter();
            if (_limitChanged)
            {
                Run(writer, $"PRAGMA max_page_count={(_maxPages > 0 ? _maxPages : 4294967294).ToString(CultureInfo.InvariantCulture)};");
                _limitChanged = false;
            }

            var waits = _waitsForDisk;
            if (waits != _isWaiting)
            {
                Run(writer, waits ? "PRAGMA synchronous=FULL;" : "PRAGMA synchronous=NORMAL;");
                _isWaiting = waits;
            }

            // Serializable is BEGIN IMMEDIATE in this driver: the lock is taken now, not in the middle.
            var transaction = writer.BeginTransaction();
            return new WriteSession(this, writer, transaction, Release);
        }
        catch
        {
            _gate.Release();
            throw;
        }
    }

    public Task ExecuteAsync(DbConnection connection, DbTransaction transaction, IReadOnlyList<RowStatement> statements, CancellationToken ct)
    {
        var handle = ((SqliteConnection)connection).Handle!;
        foreach (var statement in statements)
        {
            if (statement.Count > 0)
            {
                SqliteRows.Execute(handle, statement);
            }
        }

        return Task.CompletedTask;
    }

    public Task QueryAsync(DbConnection connection, DbTransaction transaction, IReadOnlyList<RowQuery> queries, CancellationToken ct)
    {
        var handle = ((SqliteConnection)connection).Handle!;
        foreach (var query in queries)
        {
            SqliteRows.Query(handle, query);
        }

        return Task.CompletedTask;
    }

    public void LimitPages(long pages)
    {
        _maxPages = pages;
        _limitChanged = true;
    }

    public void WaitForDisk(bool waits) => _waitsForDisk = waits;

    public async ValueTask DisposeAsync()
    {
        _isClosed = true;
        EndReaders();
        await _gate.WaitAsync().ConfigureAwait(false);
        if (_writer is { } writer)
        {
            SqliteRows.Forget(writer.Handle!);
            await writer.DisposeAsync().ConfigureAwait(false);
            _writer = null;
        }

        using var pooled = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(pooled);
    }

    private ValueTask Release()
    {
        _gate.Release();
        return ValueTask.CompletedTask;
    }

    private SqliteConnection OpenWriter()
    {
        var text = new SqliteConnectionStringBuilder(_connectionString) { Pooling = false }.ToString();
        var connection = new SqliteConnection(text);
        try
        {
            connection.Open();
            // page_size must come before the first page is written, that is, before WAL.
            Run(connection, string.Create(CultureInfo.InvariantCulture,
                $"PRAGMA busy_timeout={_options.BusyTimeoutMs}; PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-{_options.CacheMb * 1024}; PRAGMA wal_autocheckpoint=16000;"));
            raw.sqlite3_busy_timeout(connection.Handle!, _options.BusyTimeoutMs);
            _isWaiting = true;
            KeepPlans(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// A prepared statement keeps its plan whatever values are bound to it. Without this SQLite looks whether a bound value would let a partial index serve, and
    /// prepares the statement anew at each binding: on a table with partial indexes that costs many times what the statement itself does.
    /// Source: https://www.sqlite.org/queryplanner-ng.html#qpstab and SQLITE_DBCONFIG_ENABLE_QPSG. A partial index is named by literals, as in 0005_labels.sql.
    /// </summary>
    private static void KeepPlans(SqliteConnection connection)
    {
        if (raw.sqlite3_db_config(connection.Handle!, raw.SQLITE_DBCONFIG_ENABLE_QPSG, 1, out var isOn) != raw.SQLITE_OK || isOn != 1)
        {
            throw new InvalidOperationException("This SQLite cannot keep the plans of prepared statements; it is older than 3.20.");
        }
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
