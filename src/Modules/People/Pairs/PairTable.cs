using System.Text.Json;
using Dapper;
using Mach.Data;

namespace Mach.People.Pairs;

/// <summary>Reads ppl_pair and ppl_verdict, and makes their rows.</summary>
internal sealed class PairTable(Db db)
{
    public async Task<PairRow?> FindAsync(string one, string other, CancellationToken ct)
    {
        var (a, b) = PairRow.Order(one, other);
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<PairRow>(new CommandDefinition(Select + " WHERE patient_a = @a AND patient_b = @b", new { a, b }, cancellationToken: ct));
    }

    /// <summary>All pairs that any of these Patients is in.</summary>
    public async Task<IReadOnlyList<PairRow>> OfAsync(IReadOnlyCollection<string> patients, CancellationToken ct)
    {
        if (patients.Count == 0)
        {
            return [];
        }

        await using var connection = await db.OpenAsync(ct);
        var ids = JsonSerializer.Serialize(patients);
        var first = await connection.QueryAsync<PairRow>(new CommandDefinition(db.Sql(Select + " WHERE patient_a {in:ids}"), new { ids }, cancellationToken: ct));
        var second = await connection.QueryAsync<PairRow>(new CommandDefinition(db.Sql(Select + " WHERE patient_b {in:ids}"), new { ids }, cancellationToken: ct));
        return [.. first.Concat(second).DistinctBy(p => (p.PatientA, p.PatientB))];
    }

    /// <summary>The weightiest first: what is most likely a double.</summary>
    public async Task<(IReadOnlyList<PairRow> Rows, long Total)> ListAsync(string state, int count, int skip, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        var rows = await connection.QueryAsync<PairRow>(new CommandDefinition(Select + " WHERE state = @state ORDER BY bits DESC, patient_a, patient_b LIMIT @count OFFSET @skip", new { state, count, skip }, cancellationToken: ct));
        var total = await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT COUNT(*) FROM ppl_pair WHERE state = @state", new { state }, cancellationToken: ct));
        return (rows.AsList(), total);
    }

    /// <summary>Decisions about a pair, oldest first.</summary>
    public async Task<IReadOnlyList<VerdictRow>> VerdictsAsync(string one, string other, CancellationToken ct)
    {
        var (a, b) = PairRow.Order(one, other);
        await using var connection = await db.OpenAsync(ct);
        return (await connection.QueryAsync<VerdictRow>(new CommandDefinition(SelectVerdicts + " WHERE patient_a = @a AND patient_b = @b ORDER BY no", new { a, b }, cancellationToken: ct))).AsList();
    }

    public async Task<long> LastVerdictAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<long?>(new CommandDefinition("SELECT MAX(no) FROM ppl_verdict", cancellationToken: ct)) ?? 0;
    }

    public static TableRows Row(params IReadOnlyList<PairRow> pairs) => new(
        "ppl_pair",
        [
            ("patient_a", ColumnType.Text), ("patient_b", ColumnType.Text), ("state", ColumnType.Text), ("bits", ColumnType.Double),
            ("reasons", ColumnType.Text), ("weights", ColumnType.Text), ("at_us", ColumnType.BigInt),
        ],
        [.. pairs.Select(p => new object?[] { p.PatientA, p.PatientB, p.State, p.Bits, p.Reasons, p.Weights, p.AtUs })],
        ["patient_a", "patient_b"]);

    public static TableRows Row(VerdictRow v) => new(
        "ppl_verdict",
        [
            ("no", ColumnType.BigInt), ("patient_a", ColumnType.Text), ("patient_b", ColumnType.Text), ("at_us", ColumnType.BigInt),
            ("verdict", ColumnType.Text), ("officer", ColumnType.Text), ("why", ColumnType.Text), ("bits", ColumnType.Double),
        ],
        [[v.No, v.PatientA, v.PatientB, v.AtUs, v.Verdict, v.Officer, v.Why, v.Bits]],
        []);

    private const string Select = """
        SELECT patient_a AS PatientA, patient_b AS PatientB, state AS State, bits AS Bits, reasons AS Reasons, weights AS Weights, at_us AS AtUs
        FROM ppl_pair
        """;

    private const string SelectVerdicts = """
        SELECT no AS No, patient_a AS PatientA, patient_b AS PatientB, at_us AS AtUs, verdict AS Verdict, officer AS Officer, why AS Why, bits AS Bits
        FROM ppl_verdict
        """;
}
