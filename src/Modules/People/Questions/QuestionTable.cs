using System.Text.Json;
using Dapper;
using Mach.Contracts.People;
using Mach.Data;
using Mach.Kernel;

namespace Mach.People.Questions;

/// <summary>Reads and writes ppl_question.</summary>
internal static class QuestionTable
{
    public static string IdOf(PersonClaim claim) => Ids.Derive("question", claim.Facility, claim.MaLk);

    public static async Task<Dictionary<string, QuestionRow>> FindAsync(Db db, IEnumerable<string> ids, CancellationToken ct)
    {
        var wanted = ids.Distinct(StringComparer.Ordinal).ToList();
        if (wanted.Count == 0)
        {
            return [];
        }

        await using var connection = await db.OpenAsync(ct);
        var rows = await connection.QueryAsync<QuestionRow>(new CommandDefinition(db.Sql(Select + " WHERE id {in:ids}"), new { ids = JsonSerializer.Serialize(wanted) }, cancellationToken: ct));
        return rows.ToDictionary(r => r.Id, StringComparer.Ordinal);
    }

    /// <summary>Newest question first within a status.</summary>
    public static async Task<(IReadOnlyList<QuestionRow> Rows, long Total)> ListAsync(Db db, string status, int count, int skip, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        var rows = await connection.QueryAsync<QuestionRow>(new CommandDefinition($"{Select} WHERE status = @status ORDER BY asked_us DESC, id LIMIT @count OFFSET @skip", new { status, count, skip }, cancellationToken: ct));
        var total = await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT COUNT(*) FROM ppl_question WHERE status = @status", new { status }, cancellationToken: ct));
        return ([.. rows], total);
    }

    public static TableRows Row(QuestionRow q) => new(
        "ppl_question",
        [
            ("id", ColumnType.Text), ("facility", ColumnType.Text), ("ma_lk", ColumnType.Text), ("patient", ColumnType.Text), ("candidates", ColumnType.Text),
            ("reasons", ColumnType.Text), ("claim", ColumnType.Bytes), ("status", ColumnType.Text), ("asked_us", ColumnType.BigInt),
        ],
        [[q.Id, q.Facility, q.MaLk, q.Patient, q.Candidates, q.Reasons, q.Claim, q.Status, q.AskedUs]],
        ["id"]);

    private const string Select = """
        SELECT id AS Id, facility AS Facility, ma_lk AS MaLk, patient AS Patient, candidates AS Candidates,
               reasons AS Reasons, claim AS Claim, status AS Status, asked_us AS AskedUs
        FROM ppl_question
        """;
}
