using System.Collections.Concurrent;
using System.Data.Common;
using Npgsql;

namespace Mach.Data;

/// <summary>PostgreSQL: a data source that prepares what is used often.</summary>
internal sealed class PostgresDriver : IDriver
{
    /// <summary>
    /// The record's queries are index look-ups by design, written in the order in which the tables are to be visited. On tables that have
    /// just grown, statistics are stale, and a planner with a free hand would read whole tables. For the same reason a statement is planned once, not for each value.
    /// </summary>
    private const string NoPlannerLuck = "-c jit=off -c join_collapse_limit=1 -c enable_hashjoin=off -c enable_mergejoin=off -c max_parallel_workers_per_gather=0 -c plan_cache_mode=force_generic_plan";

    private readonly NpgsqlDataSource _source;
    /// <summary>A pool of their own: who waits for a brief answer may hold a connection of the other one.</summary>
    private readonly NpgsqlDataSource _briefSource;
    private readonly BriefQueue _brief;
    private readonly string _connectionString;
    private readonly ConcurrentDictionary<int, string> _walls = new();
    private NpgsqlDataSource? _behindWall;
    private volatile bool _waitsForDisk = true;

    public PostgresDriver(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        if (builder.MaxAutoPrepare == 0)
        {
            builder.MaxAutoPrepare = 200;
            builder.AutoPrepareMinUsages = 2;
        }

        // Nothing is ever set for a session, so there is nothing to take back when a connection returns to the pool.
        builder.NoResetOnClose = true;
        builder.ApplicationName ??= "mach";
        builder.Options ??= NoPlannerLuck;
        _connectionString = builder.ToString();
        _source = new NpgsqlDataSourceBuilder(_connectionString).Build();
        builder.MaxPoolSize = BriefQueue.Lines;
        builder.MinPoolSize = 0;
        _briefSource = new NpgsqlDataSourceBuilder(builder.ToString()).Build();
        _brief = new BriefQueue(_briefSource);
    }

    public void UseWall(string role)
    {
        var builder = new NpgsqlConnectionStringBuilder(_connectionString);
        builder.Options += " -c role=" + role;
        var source = new NpgsqlDataSourceBuilder(builder.ToString());
        // The number of a server process that has ended may be given to a new one, which has no settings yet.
        source.UsePhysicalConnectionInitializer(c => _walls.TryRemove(c.ProcessID, out _), c =>
        {
            _walls.TryRemove(c.ProcessID, out _);
            return Task.CompletedTask;
        });
        _behindWall ??= source.Build();
    }

    /// <summary>A connection is set anew only when it was set for another caller before: it keeps its settings in the pool, and goes to nobody without being looked at.</summary>
    public async ValueTask<DbConnection> OpenBehindWallAsync(Wall wall, CancellationToken ct)
    {
        var connection = await _behindWall!.OpenConnectionAsync(ct).ConfigureAwait(false);
        try
        {
            if (!_walls.TryGetValue(connection.ProcessID, out var known) || known != wall.Key)
            {
                // Not known while it is being set: a cancelled statement leaves nobody's settings behind.
                _walls.TryRemove(connection.ProcessID, out _);
                await using var command = new NpgsqlCommand(wall.Sql, connection);
                for (var i = 0; i < wall.Values.Count; i++)
                {
                    command.Parameters.Add(new NpgsqlParameter<string>($"p{i}", wall.Values[i]));
                }

                await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
                _walls[connection.ProcessID] = wall.Key;
            }

            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public DbEngine Engine => DbEngine.Postgres;

    public async ValueTask<DbConnection> OpenAsync(CancellationToken ct) => await _source.OpenConnectionAsync(ct).ConfigureAwait(false);

    public Task<T> AskAsync<T>(BriefStatement statement, Func<DbDataReader, Task<T>> read, CancellationToken ct) => _brief.AskAsync(statement, read, ct);

    public async ValueTask<WriteSession> BeginWriteAsync(CancellationToken ct)
    {
        var connection = await _source.OpenConnectionAsync(ct).ConfigureAwait(false);
        try
        {
            var transaction = await connection.BeginTransactionAsync(ct).ConfigureAwait(false);
            if (!_waitsForDisk)
            {
                await using var command = new NpgsqlCommand("SET LOCAL synchronous_commit=off", connection, transaction);
                await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
            }

            return new WriteSession(this, connection, transaction, connection.DisposeAsync);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async Task ExecuteAsync(DbConnection connection, DbTransaction transaction, IReadOnlyList<RowStatement> statements, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch((NpgsqlConnection)connection, (NpgsqlTransaction)transaction);
        foreach (var statement in statements)
        {
            if (statement.Count > 0)
            {
                batch.BatchCommands.Add(Command(statement.Postgres, statement.Columns));
            }
        }

        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
        }
    }

    public async Task QueryAsync(DbConnection connection, DbTransaction transaction, IReadOnlyList<RowQuery> queries, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch((NpgsqlConnection)connection, (NpgsqlTransaction)transaction);
        var asked = queries.Where(q => q.Columns.Count == 0 || q.Columns[0].Count > 0).ToList();
        foreach (var query in asked)
        {
            batch.BatchCommands.Add(Command(query.Postgres, query.Columns));
        }

        if (asked.Count == 0)
        {
            return;
        }

        await using var reader = await batch.ExecuteReaderAsync(ct).ConfigureAwait(false);
        foreach (var query in asked)
        {
            var answer = new Answer(reader);
            while (await reader.ReadAsync(ct).ConfigureAwait(false))
            {
                query.OnRow(answer);
            }

            await reader.NextResultAsync(ct).ConfigureAwait(false);
        }
    }

    public void LimitPages(long pages)
    {
    }

    public void WaitForDisk(bool waits) => _waitsForDisk = waits;

    public async ValueTask DisposeAsync()
    {
        await _briefSource.DisposeAsync().ConfigureAwait(false);
        await _source.DisposeAsync().ConfigureAwait(false);
        if (_behindWall is not null)
        {
            await _behindWall.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static NpgsqlBatchCommand Command(string sql, IReadOnlyList<Column> columns)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var column in columns)
        {
            command.Parameters.Add(column.ToParameter());
        }

        return command;
    }

    private sealed class Answer(NpgsqlDataReader reader) : IAnswerRow
    {
        public int Row => (int)reader.GetInt64(0) - 1;

        public bool IsNull(int column) => reader.IsDBNull(column + 1);

        // The record tables use 16, 32 and 64 bits; asking the driver for the exact width saves the boxing of GetValue.
        public long Long(int column) => reader.GetFieldType(column + 1) switch
        {
            var t when t == typeof(long) => reader.GetInt64(column + 1),
            var t when t == typeof(int) => reader.GetInt32(column + 1),
            _ => reader.GetInt16(column + 1),
        };

        public string Text(int column) => reader.GetString(column + 1);

        public byte[] Bytes(int column) => (byte[])reader.GetValue(column + 1);
    }
}
