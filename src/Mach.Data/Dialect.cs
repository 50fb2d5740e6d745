using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Mach.Data;

/// <summary>The words in which the two engines differ.</summary>
internal static partial class Dialect
{
    private static readonly ConcurrentDictionary<string, string> Sqlite = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, string> Postgres = new(StringComparer.Ordinal);

    public static string Translate(string portable, DbEngine engine)
    {
        var cache = engine == DbEngine.Sqlite ? Sqlite : Postgres;
        if (cache.TryGetValue(portable, out var known))
        {
            return known;
        }

        var text = TableOptions().Replace(portable, engine == DbEngine.Sqlite ? "STRICT, WITHOUT ROWID" : "");
        return cache[portable] = Token().Replace(text, match => Word(match.Groups[1].Value, match.Groups[2].Value, engine == DbEngine.Sqlite));
    }

    private static string Word(string token, string argument, bool sqlite) => token switch
    {
        "bigint" => sqlite ? "INTEGER" : "BIGINT",
        "int" => "INTEGER",
        "smallint" => sqlite ? "INTEGER" : "SMALLINT",
        "bool" => sqlite ? "INTEGER" : "BOOLEAN",
        "bytes" => sqlite ? "BLOB" : "BYTEA",
        // Byte order on both: SQLite's BINARY is its default.
        "text" => sqlite ? "TEXT" : "TEXT COLLATE \"C\"",
        "double" => sqlite ? "REAL" : "DOUBLE PRECISION",
        "strict" => sqlite ? "STRICT" : "",
        "norowid" => sqlite ? "WITHOUT ROWID" : "",
        // SQLite's secondary indexes end with the rowid anyway; PostgreSQL's do not.
        "thenrid" => sqlite ? "" : ",rid",
        "in" => sqlite ? $"IN (SELECT value FROM json_each(@{argument}))" : $"= ANY(ARRAY(SELECT jsonb_array_elements_text(@{argument}::jsonb)))",
        "longs" => sqlite ? $"IN (SELECT value FROM json_each(@{argument}))" : $"= ANY(@{argument})",
        "inlong" => sqlite ? $"IN (SELECT value FROM json_each(@{argument}))" : $"= ANY(ARRAY(SELECT jsonb_array_elements_text(@{argument}::jsonb)::bigint))",
        "appendonly" => AppendOnly.Triggers(argument, sqlite),
        "noreplace" => AppendOnly.KeyTrigger(argument, sqlite),
        _ => throw new ArgumentException($"Unknown dialect token {{{token}}}."),
    };

    [GeneratedRegex(@"\{strict\}\s*,?\s*\{norowid\}")]
    private static partial Regex TableOptions();

    [GeneratedRegex(@"\{([a-z]+)(?::([A-Za-z0-9_.]+))?\}")]
    private static partial Regex Token();
}
