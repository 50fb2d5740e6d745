using Mach.Data;

namespace Mach.Bench;

internal static class Databases
{
    private static string Work => Environment.GetEnvironmentVariable("MACH_BENCH_WORK") ?? throw new InvalidOperationException("Start with bench/run.");

    public static string Folder(string name) => Directory.CreateDirectory(Path.Combine(Work, name)).FullName;

    /// <summary>Connection string of a new, empty PostgreSQL database; null on SQLite, whose file lies in the data folder.</summary>
    public static async Task<string?> NewAsync(DbEngine engine)
    {
        if (engine == DbEngine.Sqlite)
        {
            return null;
        }

        var server = Environment.GetEnvironmentVariable("MACH_BENCH_POSTGRES") ?? throw new InvalidOperationException("Start with bench/run.");
        var name = $"bench_{Guid.CreateVersion7():n}";
        await using var db = Db.OpenPostgres(server);
        await using var connection = await db.OpenAsync(CancellationToken.None);
        await using var command = connection.CreateCommand();
        command.CommandText = $"CREATE DATABASE {name}";
        await command.ExecuteNonQueryAsync();
        return server.Replace("Database=mach", "Database=" + name, StringComparison.Ordinal);
    }
}
