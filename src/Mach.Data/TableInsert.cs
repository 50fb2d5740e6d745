using System.Collections.Concurrent;
using System.Globalization;

namespace Mach.Data;

/// <summary>Turns <see cref="TableRows"/> into a row statement.</summary>
internal static class TableInsert
{
    private static readonly ConcurrentDictionary<string, (string Sqlite, string Postgres)> Texts = new(StringComparer.Ordinal);

    public static RowStatement For(TableRows rows)
    {
        var columns = rows.Columns.Select(c => (c.Name, Column: New(c.Type))).ToArray();
        foreach (var row in Distinct(rows))
        {
            if (row.Length != columns.Length)
            {
                throw new ArgumentException($"A row for {rows.Table} has {row.Length} values for {columns.Length} columns.", nameof(rows));
            }

            for (var i = 0; i < row.Length; i++)
            {
                Add(columns[i].Column, row[i]);
            }
        }

        var signature = $"{rows.Table}({string.Join(',', rows.Columns.Select(c => c.Name))}){string.Join(',', rows.Upsert)}";
        var (sqlite, postgres) = Texts.GetOrAdd(signature, _ =>
        {
            var statement = RowStatement.Insert(rows.Table, columns, Conflict(rows));
            return (statement.Sqlite, statement.Postgres);
        });
        return new RowStatement(sqlite, postgres, [.. columns.Select(c => c.Column)]);
    }

    private static string Conflict(TableRows rows)
    {
        if (rows.Upsert.Count == 0)
        {
            return "";
        }

        var rest = rows.Columns.Select(c => c.Name).Except(rows.Upsert, StringComparer.Ordinal).ToList();
        var action = rest.Count == 0 ? "NOTHING" : $"UPDATE SET {string.Join(',', rest.Select(c => $"{c}=excluded.{c}"))}";
        return $"ON CONFLICT({string.Join(',', rows.Upsert)}) DO {action}";
    }

    // PostgreSQL refuses to replace one row twice in a statement; the last one of a key wins, as it would row by row.
    private static IEnumerable<object?[]> Distinct(TableRows rows)
    {
        if (rows.Upsert.Count == 0 || rows.Rows.Count < 2)
        {
            return rows.Rows;
        }

        var keys = rows.Upsert.Select(k => rows.Columns.Select((c, i) => (c.Name, i)).First(c => c.Name == k).i).ToArray();
        var last = new Dictionary<string, object?[]>(StringComparer.Ordinal);
        foreach (var row in rows.Rows)
        {
            last[string.Join('\u001F', keys.Select(i => KeyText(row[i])))] = row;
        }

        return last.Values;
    }

    private static string KeyText(object? value) => value switch
    {
        byte[] bytes => Convert.ToHexString(bytes),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static Column New(ColumnType type) => type switch
    {
        ColumnType.Text => new TextColumn(),
        ColumnType.Bytes => new BytesColumn(),
        ColumnType.Double => new DoubleColumn(),
        _ => new LongColumn(),
    };

    private static void Add(Column column, object? value)
    {
        switch (column)
        {
            case TextColumn text: text.Add((string?)value); break;
            case BytesColumn bytes: bytes.Add((byte[]?)value); break;
            case DoubleColumn numbers: numbers.Add(value is null ? null : Convert.ToDouble(value, CultureInfo.InvariantCulture)); break;
            case LongColumn numbers when value is null: numbers.AddNull(); break;
            case LongColumn numbers: numbers.Add(Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
        }
    }
}
