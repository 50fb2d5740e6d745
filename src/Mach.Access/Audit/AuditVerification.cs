using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using Mach.Data;

namespace Mach.Access.Audit;

/// <param name="Problems">What does not fit and where, in words; empty = clean.</param>
public sealed record AuditReport(long Lines, long Checkpoints, IReadOnlyList<string> Problems);

/// <summary>
/// Proves the audit trail: every line follows from the one before, the columns say what the line says, every checkpoint is signed and stands on its line,
/// every checkpoint of the file is in the table, and nothing is missing between the tables and the spool.
/// </summary>
public static class AuditVerification
{
    private const int Page = 2000, MaxProblems = 1000;

    /// <param name="folder">Where the files of the trail are; it may be missing.</param>
    /// <param name="progress">Told how many lines of how many were looked at.</param>
    public static async Task<AuditReport> VerifyAsync(Db db, string folder, CancellationToken ct, Action<long, long>? progress = null)
    {
        var problems = new List<string>();
        // The file first: a running hub writes it after the table.
        var kept = File.Exists(AuditCheckpoints.FileOf(folder)) ? (await File.ReadAllLinesAsync(AuditCheckpoints.FileOf(folder), ct)).Where(l => l.Length > 0).ToArray() : [];
        var total = progress is null ? 0 : await TotalAsync(db, ct);
        var heads = new Dictionary<string, (long Seq, Dictionary<long, string> At)>(StringComparer.Ordinal);
        var checkpoints = await AuditCheckpoints.ListAsync(db, ct);
        var lines = 0L;
        foreach (var chain in await ChainsAsync(db, ct))
        {
            var wanted = checkpoints.Where(c => c.Chain == chain).Select(c => c.Seq).ToHashSet();
            var (head, at, count) = await ChainAsync(db, chain, wanted, problems, done => progress?.Invoke(lines + done, total), ct);
            heads[chain] = (head, at);
            lines += count;
        }

        Checkpoints(checkpoints, kept, folder, heads, problems);
        Spools(folder, heads, problems);
        return new AuditReport(lines, checkpoints.Count, problems.Count > MaxProblems ? problems.GetRange(0, MaxProblems) : problems);
    }

    private static async Task<(long Head, Dictionary<long, string> At, long Count)> ChainAsync(Db db, string chain, HashSet<long> wanted, List<string> problems, Action<long> progress, CancellationToken ct)
    {
        var (seq, hash, count) = (0L, AuditChain.Start(chain), 0L);
        var at = new Dictionary<long, string>();
        await using var connection = await db.OpenAsync(ct);
        while (true)
        {
            var rows = (await connection.QueryAsync<Row>(new CommandDefinition(PageSql, new { chain, after = seq, count = Page }, cancellationToken: ct))).AsList();
            if (rows.Count == 0)
            {
                return (seq, at, count);
            }

            var persons = (await connection.QueryAsync<PersonRow>(new CommandDefinition(PersonsSql, new { chain, first = rows[0].Seq, last = rows[^1].Seq }, cancellationToken: ct))).ToLookup(p => p.Seq);
            foreach (var row in rows)
            {
                if (row.Seq != seq + 1)
                {
                    problems.Add($"audit {chain}: lines {seq + 1} to {row.Seq - 1} are missing");
                }
                else if (!AuditChain.Next(hash, row.Seq, row.Body).AsSpan().SequenceEqual(row.Hash))
                {
                    problems.Add($"audit {chain}-{row.Seq}: the line or its hash was changed");
                }

                if (!Fits(row, [.. persons[row.Seq]]))
                {
                    problems.Add($"audit {chain}-{row.Seq}: the columns do not say what the line says");
                }

                (seq, hash) = (row.Seq, row.Hash);
                count++;
                if (wanted.Contains(seq))
                {
                    at[seq] = Convert.ToHexStringLower(hash);
                }
            }

            progress(count);
        }
    }

    private static bool Fits(Row row, IReadOnlyList<PersonRow> persons)
    {
        try
        {
            var entry = AuditEntry.Parse(row.Body);
            object?[] columns = [row.At, row.Actor, row.Action, row.What, row.Outcome, row.Facility, row.Address, row.Purpose];
            return columns.SequenceEqual(AuditTables.Columns(entry))
                && persons.All(p => p.At == row.At)
                && persons.Select(p => p.Person).Order(StringComparer.Ordinal).SequenceEqual((entry.Persons ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void Checkpoints(IReadOnlyList<AuditCheckpoint> checkpoints, string[] kept, string folder, Dictionary<string, (long Seq, Dictionary<long, string> At)> heads, List<string> problems)
    {
        var file = AuditCheckpoints.FileOf(folder);
        if (checkpoints.Count + kept.Length == 0)
        {
            return;
        }

        using var key = ECDsa.Create();
        if (!File.Exists(AuditCheckpoints.PublicKeyOf(folder)))
        {
            problems.Add($"audit: there are checkpoints, and no key to check them with ({Path.GetFileName(AuditCheckpoints.PublicKeyOf(folder))})");
            return;
        }

        key.ImportFromPem(File.ReadAllText(AuditCheckpoints.PublicKeyOf(folder)));
        foreach (var checkpoint in checkpoints)
        {
            if (!AuditCheckpoints.IsSigned(checkpoint, key))
            {
                problems.Add($"audit {checkpoint.Chain}: the checkpoint at {checkpoint.Seq} is not signed by the key of this folder");
            }
            else if (!heads.TryGetValue(checkpoint.Chain, out var head) || !head.At.TryGetValue(checkpoint.Seq, out var hash))
            {
                problems.Add($"audit {checkpoint.Chain}: a checkpoint stands on line {checkpoint.Seq}, which is gone");
            }
            else if (hash != checkpoint.Hash)
            {
                problems.Add($"audit {checkpoint.Chain}: line {checkpoint.Seq} is not the one that was signed");
            }
        }

        var known = checkpoints.ToHashSet();
        for (var i = 0; i < kept.Length; i++)
        {
            var (line, place) = (kept[i], string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(file)}, line {i + 1}"));
            if (Read(line) is not { } checkpoint)
            {
                problems.Add($"audit: {place} is damaged");
            }
            else if (!known.Contains(checkpoint))
            {
                problems.Add(AuditCheckpoints.IsSigned(checkpoint, key)
                    ? $"audit {checkpoint.Chain}: {place} has a checkpoint at {checkpoint.Seq} that is not in the table: lines were taken away"
                    : $"audit: {place} is not signed by the key of this folder");
            }
        }
    }

    private static AuditCheckpoint? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<AuditCheckpoint>(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Spools(string folder, Dictionary<string, (long Seq, Dictionary<long, string> At)> heads, List<string> problems)
    {
        foreach (var place in AuditSpool.Chains(folder))
        {
            // A hub that runs holds its own; what it has not moved yet is no problem.
            using var spool = AuditSpool.TryOpen(place);
            var head = heads.GetValueOrDefault(Path.GetFileName(place)).Seq;
            if (spool is not null && spool.Last > head && spool.ReadAfter(head, 1) is not [var next, ..])
            {
                problems.Add($"audit {spool.Chain}: lines {head + 1} to {spool.Last} are neither in the table nor in the spool");
            }
            else if (spool is not null && spool.Last > head && spool.ReadAfter(head, 1)[0].Seq != head + 1)
            {
                problems.Add($"audit {spool.Chain}: lines after {head} are neither in the table nor in the spool");
            }
        }
    }

    private static async Task<long> TotalAsync(Db db, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT COUNT(*) FROM acc_audit", cancellationToken: ct));
    }

    private static async Task<IReadOnlyList<string>> ChainsAsync(Db db, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return (await connection.QueryAsync<string>(new CommandDefinition(ChainsSql, cancellationToken: ct))).AsList();
    }

    private sealed class Row
    {
        public long Seq { get; init; }
        public long At { get; init; }
        public string Actor { get; init; } = "";
        public string Action { get; init; } = "";
        public string What { get; init; } = "";
        public string Outcome { get; init; } = "";
        public string? Facility { get; init; }
        public string? Address { get; init; }
        public string? Purpose { get; init; }
        public byte[] Body { get; init; } = [];
        public byte[] Hash { get; init; } = [];
    }

    private sealed class PersonRow
    {
        public string Person { get; init; } = "";
        public long At { get; init; }
        public long Seq { get; init; }
    }

    private const string ChainsSql = "SELECT DISTINCT chain FROM acc_audit ORDER BY chain";
    private const string PageSql = "SELECT seq, at, actor, action, what, outcome, facility, address, purpose, body, hash FROM acc_audit WHERE chain = @chain AND seq > @after ORDER BY seq LIMIT @count";
    private const string PersonsSql = "SELECT person, at, seq FROM acc_audit_person WHERE chain = @chain AND seq BETWEEN @first AND @last";
}
