using System.Security.Claims;
using Dapper;
using Mach.Access;
using Mach.Data;
using Mach.Intake.Keeping;

namespace Mach.Intake.Receipts;

/// <summary>One rule and how often it is broken.</summary>
public sealed record FindingSum
{
    public string Rule { get; init; } = "";
    public string Facility { get; init; } = "";
    public long Severity { get; init; }
    public long Dossiers { get; init; }
    public long Times { get; init; }
}

/// <summary>One dossier that breaks a rule.</summary>
public sealed record FindingDossier
{
    public string Facility { get; init; } = "";
    public string MaLk { get; init; } = "";
    public long Times { get; init; }
}

/// <summary>Reads for the receipt pages; an account that is bound to a facility sees no others.</summary>
internal sealed class ReceiptQueries(Db db)
{
    /// <summary>Keys that findings are sealed with.</summary>
    public Data.Sealing.KeyRing Keys => db.Keys;

    public async Task<(IReadOnlyList<ReceiptRow> Rows, long Total)> ListAsync(ClaimsPrincipal who, string state, string text, int count, int skip, CancellationToken ct)
    {
        var filter = " WHERE (@state = '' OR state = @state) AND (@text = '' OR account = @text OR facility = @text OR id = @text OR file_name = @text) AND (@bound = '' OR facility = @bound OR account = @account)";
        var values = new { state, text, bound = who.BoundFacility() ?? "", account = who.AccountName(), count, skip };
        await using var connection = await db.OpenAsync(ct);
        var rows = (await connection.QueryAsync<ReceiptRow>(new CommandDefinition(ReceiptRow.Select + filter + " ORDER BY received_us DESC, id LIMIT @count OFFSET @skip", values, cancellationToken: ct))).ToList();
        var total = await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT COUNT(*) FROM int_receipt" + filter, values, cancellationToken: ct));
        for (var i = 0; i < rows.Count; i++)
        {
            rows[i] = rows[i].State == ReceiptRow.Receiving ? await CountAsync(connection, rows[i], ct) : rows[i];
        }

        return (rows, total);
    }

    /// <summary>A receipt with its counts so far.</summary>
    public async Task<ReceiptRow?> FindAsync(ClaimsPrincipal who, string id, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<ReceiptRow>(new CommandDefinition(ReceiptRow.Select + " WHERE id = @id", new { id }, cancellationToken: ct));
        return row is null || !ReceiptAccess.MaySee(who, row) ? null : row.State == ReceiptRow.Receiving ? await CountAsync(connection, row, ct) : row;
    }

    public async Task<IReadOnlyList<LineRow>> LinesAsync(string receipt, string result, int count, int skip, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return [.. await connection.QueryAsync<LineRow>(new CommandDefinition(LineRow.Select + " WHERE receipt = @receipt AND (@result = '' OR result = @result) ORDER BY position LIMIT @count OFFSET @skip", new { receipt, result, count, skip }, cancellationToken: ct))];
    }

    public async Task<LineRow?> LineAsync(string receipt, int position, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<LineRow>(new CommandDefinition(LineRow.Select + " WHERE receipt = @receipt AND position = @position", new { receipt, position }, cancellationToken: ct));
    }

    /// <summary>Findings of the current versions, by rule (and by facility when one rule is asked for).</summary>
    public async Task<IReadOnlyList<FindingSum>> SumsAsync(string rule, string facility, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return [.. await connection.QueryAsync<FindingSum>(new CommandDefinition(rule.Length > 0 ? SumByFacility : SumByRule, new { rule, facility }, cancellationToken: ct))];
    }

    public async Task<IReadOnlyList<FindingDossier>> DossiersAsync(string rule, string facility, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return [.. await connection.QueryAsync<FindingDossier>(new CommandDefinition(SelectDossiers, new { rule, facility }, cancellationToken: ct))];
    }

    private static async Task<ReceiptRow> CountAsync(System.Data.Common.DbConnection connection, ReceiptRow row, CancellationToken ct)
    {
        var counts = (await connection.QueryAsync<ResultCount>(new CommandDefinition("SELECT result AS Result, COUNT(*) AS Lines FROM int_line WHERE receipt = @Id GROUP BY result", new { row.Id }, cancellationToken: ct))).ToDictionary(c => c.Result, c => c.Lines, StringComparer.Ordinal);
        return row with { Made = counts.GetValueOrDefault("new"), Changed = counts.GetValueOrDefault("updated"), Unchanged = counts.GetValueOrDefault("unchanged"), Refused = counts.GetValueOrDefault("refused") };
    }

    private sealed record ResultCount
    {
        public string Result { get; init; } = "";
        public long Lines { get; init; }
    }

    private const string SumByRule = """
        SELECT rule AS Rule, '' AS Facility, MAX(severity) AS Severity, COUNT(*) AS Dossiers, SUM(times) AS Times
        FROM int_finding WHERE times > 0 AND (@facility = '' OR facility = @facility)
        GROUP BY rule ORDER BY MAX(severity) DESC, COUNT(*) DESC, rule LIMIT 300
        """;

    private const string SumByFacility = """
        SELECT rule AS Rule, facility AS Facility, MAX(severity) AS Severity, COUNT(*) AS Dossiers, SUM(times) AS Times
        FROM int_finding WHERE times > 0 AND rule = @rule AND (@facility = '' OR facility = @facility)
        GROUP BY rule, facility ORDER BY COUNT(*) DESC, facility LIMIT 600
        """;

    private const string SelectDossiers = """
        SELECT f.facility AS Facility, MIN(v.ma_lk) AS MaLk, MAX(f.times) AS Times
        FROM int_finding f JOIN int_version v ON v.dossier = f.dossier
        WHERE f.rule = @rule AND f.facility = @facility AND f.times > 0
        GROUP BY f.dossier, f.facility ORDER BY f.dossier LIMIT 200
        """;
}
