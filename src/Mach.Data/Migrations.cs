using System.Data.Common;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Mach.Data;

/// <summary>Forward-only migrations, one list per module.</summary>
internal static partial class Migrations
{
    private const string CreateTable = """
        CREATE TABLE IF NOT EXISTS schema_migration(
          module {text} NOT NULL, number {int} NOT NULL, name {text} NOT NULL, sha {text} NOT NULL, at {bigint} NOT NULL,
          PRIMARY KEY(module, number)) {strict}
        """;

    // Any constant will do, as long as every process of every module takes the same one.
    private const string Lock = "SELECT pg_advisory_xact_lock(5570193308531903851)";

    private const string SelectApplied = "SELECT number, name, sha FROM schema_migration WHERE module=@module ORDER BY number";

    private const string InsertApplied = "INSERT INTO schema_migration(module, number, name, sha, at) VALUES(@module, @number, @name, @sha, @at)";

    public static Task ApplyAsync(Db db, string module, Assembly assembly, CancellationToken ct) => ApplyAsync(db, module, Read(assembly), ct);

    internal static async Task ApplyAsync(Db db, string module, IReadOnlyList<Migration> migrations, CancellationToken ct)
    {
        // One transaction each: a long migration that fails leaves the earlier ones in place.
        while (await db.WriteAsync((connection, transaction) => ApplyNextAsync(db, connection, transaction, module, migrations, ct), ct).ConfigureAwait(false))
        {
        }
    }

    private static async Task<bool> ApplyNextAsync(Db db, DbConnection connection, DbTransaction transaction, string module, IReadOnlyList<Migration> migrations, CancellationToken ct)
    {
        if (db.Engine == DbEngine.Postgres)
        {
            await RunAsync(connection, transaction, Lock, ct).ConfigureAwait(false);
        }

        await RunAsync(connection, transaction, db.Sql(CreateTable), ct).ConfigureAwait(false);
        var applied = await AppliedAsync(connection, transaction, module, ct).ConfigureAwait(false);
        Check(module, migrations, applied);
        if (migrations.FirstOrDefault(m => !applied.ContainsKey(m.Number)) is not { } next)
        {
            return false;
        }

        await RunAsync(connection, transaction, db.Sql(next.Text), ct).ConfigureAwait(false);
        var at = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        await RunAsync(connection, transaction, InsertApplied, ct, ("module", module), ("number", next.Number), ("name", next.Name), ("sha", next.Sha), ("at", at)).ConfigureAwait(false);
        return true;
    }

    private static void Check(string module, IReadOnlyList<Migration> migrations, Dictionary<int, (string Name, string Sha)> applied)
    {
        foreach (var (number, (name, sha)) in applied)
        {
            var known = migrations.FirstOrDefault(m => m.Number == number)
                ?? throw new InvalidOperationException($"The database has migration {module} {number:0000} ({name}), which this program does not know: the database is newer than the program.");
            if (known.Sha != sha)
            {
                throw new InvalidOperationException($"Migration {module} {number:0000} ({name}) was changed after it had been applied. Migrations are never edited; add a new one.");
            }
        }
    }

    private static async Task<Dictionary<int, (string Name, string Sha)>> AppliedAsync(DbConnection connection, DbTransaction transaction, string module, CancellationToken ct)
    {
        await using var command = Command(connection, transaction, SelectApplied, ("module", module));
        await using var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        var applied = new Dictionary<int, (string, string)>();
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            applied.Add(reader.GetInt32(0), (reader.GetString(1), reader.GetString(2)));
        }

        return applied;
    }

    private static async Task RunAsync(DbConnection connection, DbTransaction transaction, string sql, CancellationToken ct, params (string Name, object Value)[] parameters)
    {
        await using var command = Command(connection, transaction, sql, parameters);
        await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
    }

    private static DbCommand Command(DbConnection connection, DbTransaction transaction, string sql, params (string Name, object Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static List<Migration> Read(Assembly assembly)
    {
        var found = new List<Migration>();
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            if (FileName().Match(resource) is { Success: true } match)
            {
                using var stream = assembly.GetManifestResourceStream(resource)!;
                using var reader = new StreamReader(stream, Encoding.UTF8);
                found.Add(new Migration(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), match.Groups[2].Value, reader.ReadToEnd()));
            }
        }

        found.Sort((a, b) => a.Number.CompareTo(b.Number));
        return found;
    }

    [GeneratedRegex(@"\.Migrations\.(\d{4})_([A-Za-z0-9_]+)\.sql$")]
    private static partial Regex FileName();
}

/// <summary>One migration file.</summary>
/// <param name="Number">1–9999, unique in its module.</param>
internal sealed record Migration(int Number, string Name, string Text)
{
    /// <summary>SHA-256 of the portable text with LF line ends, lower-case hex.</summary>
    public string Sha => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text.ReplaceLineEndings("\n"))));
}
