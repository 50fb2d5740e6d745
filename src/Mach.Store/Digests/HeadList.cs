using System.Data.Common;
using Mach.Data;
using Mach.Store.Reading;
using Mach.Store.Search;

namespace Mach.Store.Digests;

/// <summary>Heads of one type of some patients that a caller sees, newest first, without their bodies.</summary>
internal sealed class HeadList(Db db, DbConnection connection, SightSql sight, short type, CancellationToken ct)
{
    /// <summary>So many show whether asking for what is plain is worth it here.</summary>
    private const int FirstBatch = 256;

    private const string Columns = "r.rid, r.pk, r.dt, r.seq, r.fid";
    private const string OfPatient = "FROM res r WHERE r.pk=@pk AND r.type=@type AND r.del=0 AND (r.dt, r.rid)<(@date, @rid)";
    private const string OfToken = "FROM tok t JOIN res r ON r.rid=t.rid WHERE t.h=@h AND t.pk=@pk AND (t.dt, t.rid)<(@date, @rid) AND r.type=@type AND r.del=0";
    private const string Newest = " ORDER BY r.dt DESC, r.rid DESC LIMIT @n", NewestToken = " ORDER BY t.dt DESC, t.rid DESC LIMIT @n";
    private const string IsPlain = ", CASE WHEN 1=1" + SightSql.Token + " THEN 1 ELSE 0 END ";

    /// <summary>All candidates, each with whether it is plainly shown.</summary>
    private const string Marked = "SELECT " + Columns + IsPlain + OfPatient + Newest, MarkedToken = "SELECT " + Columns + IsPlain + OfToken + NewestToken;

    /// <summary>Those that are shown.</summary>
    private const string Shown = "SELECT " + Columns + ", 0 " + OfPatient + SightSql.Token + Newest, ShownToken = "SELECT " + Columns + ", 0 " + OfToken + SightSql.Token + NewestToken;

    /// <summary>Which of some heads are shown.</summary>
    private const string ShownOf = "SELECT r.rid FROM res r WHERE r.rid {longs:rids} AND r.del=0" + SightSql.Token;

    /// <param name="Pk">Internal number of the compartment's patient.</param>
    /// <param name="Date">Clinical date, UTC microseconds.</param>
    /// <param name="IsPlain">Shown by the short condition (<see cref="SightSql.ApplyPlain"/>).</param>
    public readonly record struct Head(long Rid, long Pk, long Date, long Seq, string Id, bool IsPlain);

    /// <param name="hashes">Only what holds one of these tokens; null = all.</param>
    public async Task<List<Head>> ReadAsync(IReadOnlyList<long> patients, List<long>? hashes, int most)
    {
        List<Head> all = [];
        foreach (var patient in patients)
        {
            foreach (var hash in hashes is null ? [null] : hashes.Select(h => (long?)h))
            {
                all.AddRange(await ListAsync(patient, hash, most).ConfigureAwait(false));
            }
        }

        return patients.Count * (hashes?.Count ?? 1) <= 1 ? all : [.. all.DistinctBy(h => h.Rid).OrderByDescending(h => h.Date).ThenByDescending(h => h.Rid).Take(most)];
    }

    private async Task<List<Head>> ListAsync(long patient, long? hash, int most)
    {
        List<Head> heads = [];
        var (asksPlainly, date, rid) = (sight.HasPlain, long.MaxValue, long.MaxValue);
        for (var batch = asksPlainly ? FirstBatch : most; heads.Count < most; batch = most)
        {
            var wanted = Math.Min(batch, most - heads.Count);
            var read = await CandidatesAsync(asksPlainly, patient, hash, date, rid, wanted).ConfigureAwait(false);
            if (asksPlainly)
            {
                var unsure = read.Where(h => !h.IsPlain).Select(h => h.Rid).ToList();
                var shown = unsure.Count == 0 ? [] : await ShownOfAsync(unsure).ConfigureAwait(false);
                heads.AddRange(read.Where(h => h.IsPlain || shown.Contains(h.Rid)));
                asksPlainly = unsure.Count * 2 < read.Count;
            }
            else
            {
                heads.AddRange(read);
            }

            if (read.Count < wanted)
            {
                break;
            }

            (date, rid) = (read[^1].Date, read[^1].Rid);
        }

        return heads;
    }

    private async Task<List<Head>> CandidatesAsync(bool isPlain, long patient, long? hash, long date, long rid, int count)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = isPlain ? sight.ApplyPlain(db, hash is null ? Marked : MarkedToken) : sight.Apply(db, hash is null ? Shown : ShownToken);
        sight.Bind(db, command, isPlain);
        command.With("pk", patient).With("type", type).With("date", date).With("rid", rid).With("n", count);
        if (hash is { } token)
        {
            command.With("h", token);
        }

        await using var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        var heads = new List<Head>();
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            heads.Add(new(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetString(4), reader.GetInt32(5) != 0));
        }

        return heads;
    }

    private async Task<HashSet<long>> ShownOfAsync(List<long> rids)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sight.Apply(db, ShownOf);
        sight.Bind(db, command);
        db.AddLongs(command, "rids", rids);
        await using var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        var shown = new HashSet<long>();
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            shown.Add(reader.GetInt64(0));
        }

        return shown;
    }
}
