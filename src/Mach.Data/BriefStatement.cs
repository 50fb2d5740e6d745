using System.Data.Common;

namespace Mach.Data;

/// <summary>A short statement by key that stands alone: no transaction, a few rows, some milliseconds at most.</summary>
/// <param name="sql">In the dialect of the engine (<see cref="Db.Sql"/>).</param>
public sealed class BriefStatement(string sql)
{
    private readonly List<(string Name, object Value)> _values = new(8);

    public string Sql => sql;

    /// <summary>What stands for @name.</summary>
    public IReadOnlyList<(string Name, object Value)> Values => _values;

    public BriefStatement With(string name, object value)
    {
        _values.Add((name, value));
        return this;
    }

    /// <summary>Asks on this connection.</summary>
    /// <param name="read">Reads the rows.</param>
    public async Task<T> RunAsync<T>(DbConnection connection, Func<DbDataReader, Task<T>> read, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(read);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in _values)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        await using var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        return await read(reader).ConfigureAwait(false);
    }
}
