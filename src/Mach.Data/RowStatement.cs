using System.Globalization;
using System.Text;

namespace Mach.Data;

/// <summary>
/// A statement that runs for many rows: on SQLite once per row with positional parameters (?1, ?2 …),
/// on PostgreSQL once, its parameters ($1, $2 …) being arrays that it unnests.
/// </summary>
public sealed class RowStatement(string sqlite, string postgres, IReadOnlyList<Column> columns)
{
    public string Sqlite { get; } = sqlite;

    public string Postgres { get; } = postgres;

    public IReadOnlyList<Column> Columns { get; } = columns;

    public int Count => Columns[0].Count;

    public void Clear()
    {
        foreach (var column in Columns)
        {
            column.Clear();
        }
    }

    /// <summary>An insert into a table; <paramref name="conflict"/> is an ON CONFLICT clause both engines understand, or empty.</summary>
    public static RowStatement Insert(string table, IReadOnlyList<(string Name, Column Column)> columns, string conflict = "")
    {
        var names = string.Join(',', columns.Select(c => c.Name));
        var numbers = Enumerable.Range(1, columns.Count).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToList();
        return new RowStatement(
            $"INSERT INTO {table}({names}) VALUES({string.Join(',', numbers.Select(n => "?" + n))}) {conflict}",
            $"INSERT INTO {table}({names}) SELECT * FROM unnest({string.Join(',', numbers.Select(n => "$" + n))}) {conflict}",
            [.. columns.Select(c => c.Column)]);
    }

    /// <summary>The insert (or upsert) of a module's rows.</summary>
    public static RowStatement Insert(TableRows rows) => TableInsert.For(rows);

    /// <summary>Deletes the rows whose key columns have the given values.</summary>
    public static RowStatement Delete(string table, IReadOnlyList<(string Name, Column Column)> keys)
    {
        var sqlite = new StringBuilder("DELETE FROM ").Append(table).Append(" WHERE ");
        var postgres = new StringBuilder("DELETE FROM ").Append(table).Append(" t USING unnest(");
        postgres.AppendJoin(',', Enumerable.Range(1, keys.Count).Select(i => "$" + i.ToString(CultureInfo.InvariantCulture)));
        postgres.Append(") AS x(").AppendJoin(',', keys.Select(k => k.Name)).Append(") WHERE ");
        for (var i = 0; i < keys.Count; i++)
        {
            var and = i == 0 ? "" : " AND ";
            sqlite.Append(CultureInfo.InvariantCulture, $"{and}{keys[i].Name}=?{i + 1}");
            postgres.Append(CultureInfo.InvariantCulture, $"{and}t.{keys[i].Name}=x.{keys[i].Name}");
        }

        return new RowStatement(sqlite.ToString(), postgres.ToString(), [.. keys.Select(k => k.Column)]);
    }
}

/// <summary>A query that runs for many rows of parameters, like <see cref="RowStatement"/>.</summary>
/// <param name="sqlite">Query for one row of parameters.</param>
/// <param name="postgres">Query for all; its first column is the 1-based number of the parameter row (WITH ORDINALITY), the rest as on SQLite.</param>
/// <param name="onRow">Called for each row of the answer.</param>
public sealed class RowQuery(string sqlite, string postgres, IReadOnlyList<Column> columns, Action<IAnswerRow> onRow)
{
    public string Sqlite { get; } = sqlite;

    public string Postgres { get; } = postgres;

    /// <summary>Parameters; none = the query runs once.</summary>
    public IReadOnlyList<Column> Columns { get; } = columns;

    public Action<IAnswerRow> OnRow { get; } = onRow;

    /// <summary>One column of the rows whose key columns have the given values.</summary>
    public static RowQuery Find(string table, string column, IReadOnlyList<(string Name, Column Column)> keys, Action<IAnswerRow> onRow)
    {
        var names = keys.Select(k => k.Name).ToList();
        var numbers = Enumerable.Range(1, keys.Count).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToList();
        return new RowQuery(
            $"SELECT {column} FROM {table} WHERE {string.Join(" AND ", names.Zip(numbers, (name, i) => $"{name}=?{i}"))}",
            $"SELECT x.i, t.{column} FROM unnest({string.Join(',', numbers.Select(i => "$" + i))}) WITH ORDINALITY AS x({string.Join(',', names)},i) JOIN {table} t ON {string.Join(" AND ", names.Select(name => $"t.{name}=x.{name}"))}",
            [.. keys.Select(k => k.Column)],
            onRow);
    }
}

/// <summary>The current row of an answer; columns count from 0.</summary>
public interface IAnswerRow
{
    /// <summary>Which row of parameters it answers, from 0.</summary>
    int Row { get; }
    bool IsNull(int column);
    long Long(int column);
    string Text(int column);
    byte[] Bytes(int column);
}
