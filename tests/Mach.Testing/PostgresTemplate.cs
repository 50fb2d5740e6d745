using System.Security.Cryptography;
using Mach.Data;
using Mach.Store;
using Npgsql;

namespace Mach.Testing;

/// <summary>One migrated PostgreSQL database for each state of the migrations, copied for every test.</summary>
internal static class PostgresTemplate
{
    // Test processes run side by side on one server.
    private const string Lock = "SELECT pg_advisory_lock(7723109045518832611)";

    private static readonly Lazy<Task<string>> Made = new(MakeAsync);

    /// <summary>Connection string of a new copy, and how to drop it.</summary>
    public static async Task<(string Connection, Func<Task> Drop)> CopyAsync()
    {
        var template = await Made.Value.ConfigureAwait(false);
        var name = $"mach_t_{Guid.CreateVersion7():N}";
        await RunAsync($"CREATE DATABASE {name} TEMPLATE {template}").ConfigureAwait(false);
        return (Connection(name), () => RunAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
    }

    private static async Task<string> MakeAsync()
    {
        var name = "mach_template_" + SchemaHash();
        await using var connection = new NpgsqlConnection(Connection(null));
        await connection.OpenAsync().ConfigureAwait(false);
        await using var command = new NpgsqlCommand(Lock, connection);
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
        command.CommandText = $"SELECT COUNT(*) FROM pg_database WHERE datname='{name}'";
        if ((long)(await command.ExecuteScalarAsync().ConfigureAwait(false))! == 0)
        {
            // Made under a draft name: a process that dies half-way leaves no half template behind.
            var draft = $"{name}_{Guid.CreateVersion7():N}";
            await RunAsync($"CREATE DATABASE {draft}").ConfigureAwait(false);
            await using (var db = Db.OpenPostgres(Connection(draft)))
            {
                await db.MigrateAsync("store", typeof(RecordStore).Assembly, CancellationToken.None).ConfigureAwait(false);
            }

            await RunAsync($"ALTER DATABASE {draft} RENAME TO {name}").ConfigureAwait(false);
        }

        return name;
    }

    private static string SchemaHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var assembly = typeof(RecordStore).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.Contains(".Migrations.", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }

    private static string Connection(string? database)
    {
        var text = Environment.GetEnvironmentVariable("MACH_TEST_POSTGRES") is { Length: > 0 } given
            ? given
            : throw new InvalidOperationException("MACH_TEST_POSTGRES is not set: tools/postgres DIR PORT starts a server and prints it; MACH_TEST_ENGINES=sqlite leaves PostgreSQL out.");
        // A small pool without idle connections: hundreds of test databases share one server.
        var builder = new NpgsqlConnectionStringBuilder(text) { MaxPoolSize = 20, ConnectionIdleLifetime = 2, ConnectionPruningInterval = 1 };
        if (database is not null)
        {
            builder.Database = database;
        }
        else
        {
            builder.Pooling = false;
        }

        return builder.ToString();
    }

    private static async Task RunAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Connection(null));
        await connection.OpenAsync().ConfigureAwait(false);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }
}
