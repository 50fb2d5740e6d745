using System.Text.Json;
using Dapper;
using Mach.Data;

namespace Mach.People.Labels;

/// <summary>One entry of ppl_mark.</summary>
public sealed record MarkRow
{
    /// <summary>1, 2, 3 …</summary>
    public long No { get; init; }
    public string Patient { get; init; } = "";
    public long AtUs { get; init; }
    /// <summary>See <see cref="Marks"/>.</summary>
    public string Mark { get; init; } = "";
    public string Officer { get; init; } = "";
    public string Why { get; init; } = "";
    /// <summary>The time of death that was taken away or put back, "true" when only the fact was known; empty for other marks.</summary>
    public string Was { get; init; } = "";
}

/// <summary>Reads ppl_mark, and makes its rows.</summary>
internal sealed class MarkTable(Db db)
{
    /// <summary>What was said about any of these Patients, oldest first.</summary>
    public async Task<IReadOnlyList<MarkRow>> OfAsync(IReadOnlyCollection<string> patients, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return (await connection.QueryAsync<MarkRow>(new CommandDefinition(db.Sql(Select + " WHERE patient {in:patients} ORDER BY no"), new { patients = JsonSerializer.Serialize(patients) }, cancellationToken: ct))).AsList();
    }

    public async Task<long> LastAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<long?>(new CommandDefinition("SELECT MAX(no) FROM ppl_mark", cancellationToken: ct)) ?? 0;
    }

    public static TableRows Row(MarkRow m) => new(
        "ppl_mark",
        [("no", ColumnType.BigInt), ("patient", ColumnType.Text), ("at_us", ColumnType.BigInt), ("mark", ColumnType.Text), ("officer", ColumnType.Text), ("why", ColumnType.Text), ("was", ColumnType.Text)],
        [[m.No, m.Patient, m.AtUs, m.Mark, m.Officer, m.Why, m.Was]],
        []);

    private const string Select = "SELECT no AS No, patient AS Patient, at_us AS AtUs, mark AS Mark, officer AS Officer, why AS Why, was AS Was FROM ppl_mark";
}
