using System.Text.Json;
using Dapper;
using Mach.Data;
using Mach.Intake.Keeping;

namespace Mach.Intake.Filing;

/// <summary>Reads the versions of dossiers.</summary>
internal static class Versions
{
    public const int CheckIn = 0;
    public const int Complete = 1;

    /// <summary>The last version of each of these dossiers that is known.</summary>
    public static async Task<Dictionary<string, VersionRow>> LatestAsync(Db db, IEnumerable<string> dossiers, CancellationToken ct)
    {
        var ids = JsonSerializer.Serialize(dossiers);
        await using var connection = await db.OpenAsync(ct);
        var latest = new Dictionary<string, VersionRow>(StringComparer.Ordinal);
        foreach (var row in await connection.QueryAsync<VersionRow>(new CommandDefinition(db.Sql(VersionRow.Select + " WHERE dossier {in:ids}"), new { ids }, cancellationToken: ct)))
        {
            if (!latest.TryGetValue(row.Dossier, out var other) || other.Version < row.Version)
            {
                latest[row.Dossier] = row;
            }
        }

        return latest;
    }

    /// <summary>All versions of one dossier, newest first.</summary>
    public static async Task<IReadOnlyList<VersionRow>> AllAsync(Db db, string dossier, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return [.. await connection.QueryAsync<VersionRow>(new CommandDefinition(VersionRow.Select + " WHERE dossier = @dossier ORDER BY version DESC", new { dossier }, cancellationToken: ct))];
    }

    /// <summary>Patient ids of the dossiers that a receipt brought.</summary>
    public static async Task<IReadOnlyList<string>> PatientsAsync(Db db, string receipt, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return [.. await connection.QueryAsync<string>(new CommandDefinition("SELECT DISTINCT v.patient FROM int_line l JOIN int_version v ON v.dossier = l.dossier AND v.version = l.version WHERE l.receipt = @receipt", new { receipt }, cancellationToken: ct))];
    }

    /// <summary>The exact bytes of one version; null when there is none.</summary>
    public static async Task<byte[]?> BytesAsync(Db db, string dossier, long version, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        var kept = await connection.ExecuteScalarAsync<byte[]>(new CommandDefinition("SELECT bytes FROM int_version WHERE dossier = @dossier AND version = @version", new { dossier, version }, cancellationToken: ct));
        return Kept.Bytes(db.Keys, Kept.Version, dossier, version, kept);
    }
}
