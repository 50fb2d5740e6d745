using Mach.Data;
using Mach.Store;

namespace Mach.Testing;

/// <summary>One migrated SQLite file a test run, copied for every test.</summary>
internal static class SqliteTemplate
{
    private static readonly Lazy<Task<string>> Made = new(MakeAsync);

    public static Task<string> FileAsync() => Made.Value;

    private static async Task<string> MakeAsync()
    {
        var folder = Directory.CreateTempSubdirectory("mach-template-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        var file = Path.Combine(folder, "template.db");
        // Closing the last connection folds the write-ahead log into the file.
        await using var db = Db.OpenSqlite(file);
        await db.MigrateAsync("store", typeof(RecordStore).Assembly, CancellationToken.None).ConfigureAwait(false);
        return file;
    }
}
