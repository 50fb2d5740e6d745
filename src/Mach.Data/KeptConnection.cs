using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace Mach.Data;

/// <summary>
/// A reading connection to SQLite that keeps its prepared statements: preparing one of the record's questions costs more than answering it. The connection
/// goes back to its driver, open, when it is disposed; what was prepared waits on it for the next who asks the same.
/// </summary>
internal sealed class KeptConnection(SqliteConnection inner, Action<KeptConnection> giveBack) : DbConnection
{
    /// <summary>Statements that wait on one connection; some take 100 KB.</summary>
    private const int MostStatements = 48;

    private readonly Dictionary<string, SqliteCommand> _waiting = new(StringComparer.Ordinal);
    private bool _rented = true;

    public SqliteConnection Inner => inner;

    [AllowNull]
    public override string ConnectionString { get => inner.ConnectionString; set => inner.ConnectionString = value; }

    public override string Database => inner.Database;

    public override string DataSource => inner.DataSource;

    public override string ServerVersion => inner.ServerVersion;

    public override ConnectionState State => _rented ? inner.State : ConnectionState.Closed;

    public override void ChangeDatabase(string databaseName) => inner.ChangeDatabase(databaseName);

    public override void Open()
    {
    }

    public override void Close() => Dispose();

    public void Rent() => _rented = true;

    /// <summary>Closes it for good.</summary>
    public void End()
    {
        _rented = false;
        Forget();
        inner.Dispose();
    }

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => inner.BeginTransaction(isolationLevel);

    protected override DbCommand CreateDbCommand() => new KeptCommand(this, new SqliteCommand { CommandTimeout = inner.DefaultTimeout });

    protected override void Dispose(bool disposing)
    {
        if (disposing && _rented)
        {
            _rented = false;
            giveBack(this);
        }

        base.Dispose(disposing);
    }

    /// <summary>A prepared statement of this text that nobody uses now; null when there is none.</summary>
    internal SqliteCommand? Take(string text) => _waiting.Remove(text, out var command) ? command : null;

    internal void Keep(SqliteCommand command)
    {
        command.Parameters.Clear();
        command.Transaction = null;
        if (_waiting.Count >= MostStatements)
        {
            Forget();
        }

        if (!_rented || !_waiting.TryAdd(command.CommandText, command))
        {
            command.Dispose();
        }
    }

    private void Forget()
    {
        foreach (var command in _waiting.Values)
        {
            command.Dispose();
        }

        _waiting.Clear();
    }
}

/// <summary>A command that runs on the prepared statement of its text, if one waits on its connection.</summary>
/// <param name="own">Holds text and parameters and never runs: it knows no connection, since each that does is entered in a list of the connection, which is searched whole when it goes.</param>
internal sealed class KeptCommand(KeptConnection connection, SqliteCommand own) : DbCommand
{
    private SqliteCommand? _running;
    private DbDataReader? _reader;

    [AllowNull]
    public override string CommandText { get => own.CommandText; set => own.CommandText = value; }

    public override int CommandTimeout { get => own.CommandTimeout; set => own.CommandTimeout = value; }

    public override CommandType CommandType { get => own.CommandType; set => own.CommandType = value; }

    public override bool DesignTimeVisible { get; set; }

    public override UpdateRowSource UpdatedRowSource { get; set; }

    protected override DbConnection? DbConnection
    {
        get => connection;
        set
        {
            if (!ReferenceEquals(value, connection))
            {
                throw new NotSupportedException("A command stays with the connection that made it.");
            }
        }
    }

    protected override DbParameterCollection DbParameterCollection => own.Parameters;

    protected override DbTransaction? DbTransaction { get => own.Transaction; set => own.Transaction = (SqliteTransaction?)value; }

    public override void Cancel()
    {
    }

    public override int ExecuteNonQuery() => Ready().ExecuteNonQuery();

    public override object? ExecuteScalar() => Ready().ExecuteScalar();

    public override void Prepare() => Ready().Prepare();

    protected override DbParameter CreateDbParameter() => own.CreateParameter();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => _reader = Ready().ExecuteReader(behavior);

    protected override Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(ExecuteDbDataReader(behavior));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Release();
            own.Dispose();
        }

        base.Dispose(disposing);
    }

    private SqliteCommand Ready()
    {
        if (_running is null || _running.CommandText != own.CommandText)
        {
            Release();
            _running = connection.Take(own.CommandText) ?? new SqliteCommand(own.CommandText, connection.Inner);
        }

        _running.Parameters.Clear();
        foreach (SqliteParameter parameter in own.Parameters)
        {
            _running.Parameters.Add(parameter);
        }

        _running.Transaction = own.Transaction;
        _running.CommandTimeout = own.CommandTimeout;
        return _running;
    }

    /// <summary>Whoever leaves a reader open leaves nothing behind for others.</summary>
    private void Release()
    {
        if (_running is null)
        {
            return;
        }

        if (_reader is { IsClosed: false })
        {
            _reader.Dispose();
        }

        connection.Keep(_running);
        _running = null;
    }
}
