using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Mach.Data;

/// <summary>Row statements on SQLite: prepared once per connection, bound and stepped without the driver's command objects (they cost more than the insert itself).</summary>
internal static class SqliteRows
{
    private static readonly ConditionalWeakTable<sqlite3, Dictionary<string, sqlite3_stmt>> Cache = [];

    public static void Execute(sqlite3 handle, RowStatement statement)
    {
        var prepared = Prepare(handle, statement.Sqlite);
        for (var row = 0; row < statement.Count; row++)
        {
            Bind(prepared, statement.Columns, row);
            var code = raw.sqlite3_step(prepared);
            var reset = raw.sqlite3_reset(prepared);
            if (code is not (raw.SQLITE_DONE or raw.SQLITE_ROW))
            {
                raw.sqlite3_clear_bindings(prepared);
                Throw(handle, reset == raw.SQLITE_OK ? code : reset);
            }
        }

        raw.sqlite3_clear_bindings(prepared);
    }

    public static void Query(sqlite3 handle, RowQuery query)
    {
        var rows = query.Columns.Count == 0 ? 1 : query.Columns[0].Count;
        if (rows == 0)
        {
            return;
        }

        var prepared = Prepare(handle, query.Sqlite);
        var answer = new Answer(prepared);
        for (var row = 0; row < rows; row++)
        {
            Bind(prepared, query.Columns, row);
            answer.Row = row;
            int code;
            while ((code = raw.sqlite3_step(prepared)) == raw.SQLITE_ROW)
            {
                query.OnRow(answer);
            }

            raw.sqlite3_reset(prepared);
            if (code != raw.SQLITE_DONE)
            {
                Throw(handle, code);
            }
        }

        raw.sqlite3_clear_bindings(prepared);
    }

    /// <summary>Finalizes the statements of a connection that is about to close.</summary>
    public static void Forget(sqlite3 handle)
    {
        if (Cache.TryGetValue(handle, out var statements))
        {
            foreach (var statement in statements.Values)
            {
                statement.Dispose();
            }

            Cache.Remove(handle);
        }
    }

    private static sqlite3_stmt Prepare(sqlite3 handle, string sql)
    {
        var statements = Cache.GetValue(handle, static _ => new Dictionary<string, sqlite3_stmt>(StringComparer.Ordinal));
        if (!statements.TryGetValue(sql, out var prepared))
        {
            var code = raw.sqlite3_prepare_v2(handle, sql, out prepared);
            if (code != raw.SQLITE_OK)
            {
                Throw(handle, code);
            }

            statements.Add(sql, prepared);
        }

        return prepared;
    }

    private static void Bind(sqlite3_stmt prepared, IReadOnlyList<Column> columns, int row)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            columns[i].Bind(prepared, i + 1, row);
        }
    }

    private static void Throw(sqlite3 handle, int code) =>
        throw new SqliteException($"SQLite {code}: {raw.sqlite3_errmsg(handle).utf8_to_string()}", code & 0xFF, raw.sqlite3_extended_errcode(handle));

    private sealed class Answer(sqlite3_stmt prepared) : IAnswerRow
    {
        public int Row { get; set; }

        public bool IsNull(int column) => raw.sqlite3_column_type(prepared, column) == raw.SQLITE_NULL;

        public long Long(int column) => raw.sqlite3_column_int64(prepared, column);

        public string Text(int column) => raw.sqlite3_column_text(prepared, column).utf8_to_string();

        public byte[] Bytes(int column) => raw.sqlite3_column_blob(prepared, column).ToArray();
    }
}
