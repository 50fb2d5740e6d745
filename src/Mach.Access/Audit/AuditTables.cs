using System.Data.Common;
using Dapper;
using Mach.Data;

namespace Mach.Access.Audit;

/// <summary>Audit lines as rows.</summary>
internal static class AuditTables
{
    private static readonly (string, ColumnType)[] LineColumns =
    [
        ("chain", ColumnType.Text), ("seq", ColumnType.BigInt), ("at", ColumnType.BigInt), ("actor", ColumnType.Text), ("action", ColumnType.Text), ("what", ColumnType.Text),
        ("outcome", ColumnType.Text), ("facility", ColumnType.Text), ("address", ColumnType.Text), ("purpose", ColumnType.Text), ("body", ColumnType.Bytes), ("hash", ColumnType.Bytes),
    ];

    private static readonly (string, ColumnType)[] PersonColumns = [("person", ColumnType.Text), ("at", ColumnType.BigInt), ("chain", ColumnType.Text), ("seq", ColumnType.BigInt)];

    /// <summary>Columns that are taken from the line, in their order.</summary>
    public static object?[] Columns(AuditEntry entry) =>
        [entry.AtUs, entry.Actor, Letter(entry.Action), entry.What, entry.Outcome.ToString().ToLowerInvariant(), entry.Facility, entry.Address, entry.Purpose];

    public static async Task InsertAsync(Db db, DbConnection connection, DbTransaction transaction, IReadOnlyList<ChainedLine> lines, CancellationToken ct)
    {
        var rows = new List<object?[]>(lines.Count);
        var persons = new List<object?[]>();
        foreach (var line in lines)
        {
            var entry = AuditEntry.Parse(line.Body);
            rows.Add([line.Chain, line.Seq, .. Columns(entry), line.Body, line.Hash]);
            persons.AddRange((entry.Persons ?? []).Distinct(StringComparer.Ordinal).Select(p => new object?[] { p, entry.AtUs, line.Chain, line.Seq }));
        }

        await db.InsertAsync(connection, transaction, new TableRows("acc_audit", LineColumns, rows, []), ct);
        if (persons.Count > 0)
        {
            await db.InsertAsync(connection, transaction, new TableRows("acc_audit_person", PersonColumns, persons, []), ct);
        }
    }

    /// <summary>The newest line of a chain; number 0 and the start of the chain when there is none.</summary>
    public static async Task<(long Seq, byte[] Hash)> HeadAsync(Db db, string chain, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        var head = await connection.QuerySingleOrDefaultAsync<Head>(new CommandDefinition(HeadSql, new { chain }, cancellationToken: ct));
        return head is null ? (0, AuditChain.Start(chain)) : (head.Seq, head.Hash);
    }

    /// <summary>Source: http://hl7.org/fhir/R4/valueset-audit-event-action.html.</summary>
    public static string Letter(AuditAction action) => action switch
    {
        AuditAction.Create => "C",
        AuditAction.Read => "R",
        AuditAction.Update => "U",
        AuditAction.Delete => "D",
        _ => "E",
    };

    private sealed class Head
    {
        public long Seq { get; init; }
        public byte[] Hash { get; init; } = [];
    }

    private const string HeadSql = "SELECT seq, hash FROM acc_audit WHERE chain = @chain ORDER BY seq DESC LIMIT 1";
}
