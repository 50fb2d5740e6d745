using System.Text.Json;
using Dapper;
using Mach.Data;

namespace Mach.People.Family;

/// <summary>Reads ppl_kin, ppl_kin_act and ppl_clue, and makes their rows.</summary>
internal sealed class KinTable(Db db)
{
    public async Task<KinRow?> FindAsync(string patient, string relative, string kind, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<KinRow>(new CommandDefinition(SelectKin + " WHERE patient = @patient AND relative = @relative AND kind = @kind", new { patient, relative, kind }, cancellationToken: ct));
    }

    /// <summary>All rows that any of these Patients is in, on either side.</summary>
    public async Task<IReadOnlyList<KinRow>> OfAsync(IReadOnlyCollection<string> patients, CancellationToken ct) =>
        [.. (await QueryAsync<KinRow>(SelectKin + " WHERE patient {in:ids}", SelectKin + " WHERE relative {in:ids}", patients, ct)).Distinct().OrderBy(k => k.AtUs).ThenBy(k => k.Patient, StringComparer.Ordinal).ThenBy(k => k.Relative, StringComparer.Ordinal)];

    /// <summary>Decisions about these Patients, newest first.</summary>
    public async Task<IReadOnlyList<KinAct>> ActsAsync(IReadOnlyCollection<string> patients, CancellationToken ct) =>
        [.. (await QueryAsync<KinAct>(SelectActs + " WHERE patient {in:ids}", SelectActs + " WHERE relative {in:ids}", patients, ct)).Distinct().OrderByDescending(a => a.No)];

    public async Task<IReadOnlyList<Clue>> CluesOfAsync(IReadOnlyCollection<string> patients, CancellationToken ct) => await QueryAsync<Clue>(SelectClues + " WHERE patient {in:ids}", null, patients, ct);

    public async Task<IReadOnlyList<Clue>> CluesByKeyAsync(IReadOnlyCollection<string> keys, CancellationToken ct) => await QueryAsync<Clue>(SelectClues + " WHERE id_key {in:ids}", null, keys, ct);

    /// <summary>Those that wait for somebody, newest first.</summary>
    public async Task<(IReadOnlyList<KinRow> Rows, long Total)> WaitingAsync(int count, int skip, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        var rows = await connection.QueryAsync<KinRow>(new CommandDefinition(SelectKin + " WHERE state = 'waiting' ORDER BY at_us DESC, patient, relative LIMIT @count OFFSET @skip", new { count, skip }, cancellationToken: ct));
        return (rows.AsList(), await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT COUNT(*) FROM ppl_kin WHERE state = 'waiting'", cancellationToken: ct)));
    }

    public async Task<long> LastActAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<long?>(new CommandDefinition("SELECT MAX(no) FROM ppl_kin_act", cancellationToken: ct)) ?? 0;
    }

    public static TableRows Row(KinRow k) => new(
        "ppl_kin",
        [("patient", ColumnType.Text), ("relative", ColumnType.Text), ("kind", ColumnType.Text), ("state", ColumnType.Text), ("reasons", ColumnType.Text), ("source", ColumnType.Text), ("at_us", ColumnType.BigInt)],
        [[k.Patient, k.Relative, k.Kind, k.State, k.Reasons, k.Source, k.AtUs]],
        ["patient", "relative", "kind"]);

    public static TableRows Row(KinAct a) => new(
        "ppl_kin_act",
        [("no", ColumnType.BigInt), ("patient", ColumnType.Text), ("relative", ColumnType.Text), ("kind", ColumnType.Text), ("at_us", ColumnType.BigInt), ("act", ColumnType.Text), ("officer", ColumnType.Text), ("why", ColumnType.Text)],
        [[a.No, a.Patient, a.Relative, a.Kind, a.AtUs, a.Act, a.Officer, a.Why]],
        []);

    public static TableRows Rows(IEnumerable<Clue> clues) => new(
        "ppl_clue",
        [("source", ColumnType.Text), ("patient", ColumnType.Text), ("kind", ColumnType.Text), ("id_key", ColumnType.Text), ("name", ColumnType.Text), ("birth", ColumnType.Text)],
        [.. clues.Select(c => new object?[] { c.Source, c.Patient, c.Kind, c.IdKey, c.Name, c.Birth })],
        ["source"]);

    private async Task<List<T>> QueryAsync<T>(string sql, string? more, IReadOnlyCollection<string> values, CancellationToken ct)
    {
        if (values.Count == 0)
        {
            return [];
        }

        await using var connection = await db.OpenAsync(ct);
        // No column holds U+0000, and PostgreSQL refuses to be asked for it.
        var ids = JsonSerializer.Serialize(values.Where(v => !v.Contains('\0')));
        var rows = (await connection.QueryAsync<T>(new CommandDefinition(db.Sql(sql), new { ids }, cancellationToken: ct))).AsList();
        if (more is not null)
        {
            rows.AddRange(await connection.QueryAsync<T>(new CommandDefinition(db.Sql(more), new { ids }, cancellationToken: ct)));
        }

        return rows;
    }

    private const string SelectKin = "SELECT patient AS Patient, relative AS Relative, kind AS Kind, state AS State, reasons AS Reasons, source AS Source, at_us AS AtUs FROM ppl_kin";
    private const string SelectActs = "SELECT no AS No, patient AS Patient, relative AS Relative, kind AS Kind, at_us AS AtUs, act AS Act, officer AS Officer, why AS Why FROM ppl_kin_act";
    private const string SelectClues = "SELECT source AS Source, patient AS Patient, kind AS Kind, id_key AS IdKey, name AS Name, birth AS Birth FROM ppl_clue";
}
