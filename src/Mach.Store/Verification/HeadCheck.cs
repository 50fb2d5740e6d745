using System.Data.Common;
using System.Text.Json;
using Dapper;
using Mach.Data;
using Mach.Fhir.Search;
using Mach.Store.Hashing;
using Mach.Store.Sealing;
using Mach.Store.Writing;

namespace Mach.Store.Verification;

/// <summary>Heads against their last versions and against what the extractor says of their bodies; gives the index rows that must exist.</summary>
internal sealed class HeadCheck(Db db, DbConnection connection, StoreSecret secret, SearchCatalog catalog, IProgress<(string Step, long Done, long Total)>? progress)
{
    private const int Batch = 500;
    private const int TargetsKept = 100_000;
    private const string LastRid = "SELECT n FROM counter WHERE id=3";
    private const string NextHeads = """
        SELECT r.rid, r.type, r.fid, r.pk, r.dt, r.org, r.vno, r.seq, r.del, r.keys, r.lab, v.rid AS vrid, v.vno AS vvno, v.op, v.codec, v.body
        FROM res r LEFT JOIN ver v ON v.seq=r.seq WHERE r.rid>@rid ORDER BY r.rid LIMIT @batch
        """;
    private const string VersionsOf = "SELECT rid, COUNT(*), MIN(vno), MAX(vno), MAX(seq) FROM ver WHERE rid>@from AND rid<=@to GROUP BY rid";
    private const string TargetsOf = "SELECT fid, rid FROM res WHERE type=@type AND fid {in:ids}";

    private readonly IndexKeys _scratch = new();
    private readonly Dictionary<(short Type, string Id), long> _targets = [];
    private readonly short _patient = ResourceTypes.Number("Patient");

    /// <summary>Heads that stand for something (no placeholders).</summary>
    public long Count { get; private set; }

    private sealed record Row(long Rid, short Type, string Id, long Pk, long Date, int Organization, int Version, long Seq, HeadState State, byte[]? Manifest, int Labels, long? VersionRid, int? LastVersion, short? Op, BodyKeys? Keys)
    {
        public override string ToString() => $"{ResourceTypes.Name(Type)}/{Id}";
    }

    public async Task RunAsync(Problems problems, RowSink sink, CancellationToken ct)
    {
        Count = 0;
        var total = await connection.ExecuteScalarAsync<long>(new CommandDefinition(LastRid, cancellationToken: ct)).ConfigureAwait(false);
        var (rid, last) = (0L, 0L);
        while (await ReadAsync(rid, problems, ct).ConfigureAwait(false) is { Count: > 0 } rows)
        {
            var stats = await VersionsAsync(rid, rows[^1].Rid, ct).ConfigureAwait(false);
            await ResolveAsync(rows, ct).ConfigureAwait(false);
            foreach (var row in rows)
            {
                CheckVersions(row, stats.GetValueOrDefault(row.Rid), problems);
                CheckKeys(row, problems, sink);
                Count += row.State == HeadState.Placeholder ? 0 : 1;
            }

            rid = last = rows[^1].Rid;
            progress?.Report(("heads", rid, total));
        }

        if (last > total)
        {
            problems.Add($"counters: last resource number is {total}, resource {last} exists");
        }
    }

    private static void CheckVersions(Row row, (long Count, int First, int Last, long Seq) versions, Problems problems)
    {
        if (row.State == HeadState.Placeholder)
        {
            if (versions.Count > 0 || row.Version != 0 || row.Seq != 0)
            {
                problems.Add($"{row}: is marked as a placeholder but has {versions.Count} versions");
            }

            return;
        }

        if (row.VersionRid != row.Rid || row.LastVersion != row.Version || versions.Seq != row.Seq || versions.Last != row.Version)
        {
            problems.Add($"{row}: the head says version {row.Version} (sequence {row.Seq}), the log's last is {versions.Last} (sequence {versions.Seq})");
        }

        if (versions.First != 1 || versions.Count != versions.Last)
        {
            problems.Add($"{row}: has {versions.Count} versions numbered {versions.First} to {versions.Last}");
        }

        if (row.Op == 3 != (row.State == HeadState.Deleted))
        {
            problems.Add($"{row}: the head does not say as its last version whether it is deleted");
        }
    }

    private void CheckKeys(Row row, Problems problems, RowSink sink)
    {
        if (row.State != HeadState.Current || row.Keys is not { } keys)
        {
            if (row.State != HeadState.Current && row.Manifest is not null)
            {
                problems.Add($"{row}: has no content but a key manifest");
            }

            return;
        }

        var pk = keys.PatientId is { } patient ? Target((_patient, patient)) : row.Rid;
        var resolved = keys.Resolve(Target);
        if (pk == 0 || resolved.References.Any(r => r.Target == 0))
        {
            problems.Add($"{row}: refers to a resource that has no number");
        }

        if (row.Pk != pk || row.Date != keys.Date || row.Organization != keys.Organization || row.Labels != keys.Labels)
        {
            problems.Add($"{row}: patient, date, facility or labels of the head are not those of the body");
        }

        if (row.Manifest is null || !row.Manifest.AsSpan().SequenceEqual(resolved.Encode()))
        {
            problems.Add($"{row}: the key manifest is not what the body gives");
        }

        IndexRow.Each(row.Rid, pk, keys.Date, resolved, keys.Care, sink);
    }

    private long Target((short Type, string Id) key) => _targets.GetValueOrDefault(key);

    private async Task ResolveAsync(List<Row> rows, CancellationToken ct)
    {
        if (_targets.Count > TargetsKept)
        {
            _targets.Clear();
        }

        var wanted = rows.Where(r => r.Keys is not null)
            .SelectMany(r => r.Keys!.References.Select(t => (t.Type, t.Id)).Concat(r.Keys.PatientId is { } patient ? [(_patient, patient)] : Array.Empty<(short Type, string Id)>()))
            .Where(t => !_targets.ContainsKey(t)).Distinct().ToList();
        foreach (var group in wanted.GroupBy(t => t.Type, t => t.Id))
        {
            var parameters = new { type = group.Key, ids = JsonSerializer.Serialize(group.ToArray()) };
            await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition(db.Sql(TargetsOf), parameters, cancellationToken: ct)).ConfigureAwait(false);
            while (await reader.ReadAsync(ct).ConfigureAwait(false))
            {
                _targets[(group.Key, reader.GetString(0))] = reader.GetInt64(1);
            }
        }
    }

    private async Task<Dictionary<long, (long Count, int First, int Last, long Seq)>> VersionsAsync(long from, long to, CancellationToken ct)
    {
        await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition(VersionsOf, new { from, to }, cancellationToken: ct)).ConfigureAwait(false);
        var versions = new Dictionary<long, (long, int, int, long)>();
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            versions.Add(reader.GetInt64(0), (reader.GetInt64(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetInt64(4)));
        }

        return versions;
    }

    private async Task<List<Row>> ReadAsync(long after, Problems problems, CancellationToken ct)
    {
        await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition(NextHeads, new { rid = after, batch = Batch }, cancellationToken: ct)).ConfigureAwait(false);
        var rows = new List<Row>(Batch);
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            var keys = reader.GetInt16(8) == (short)HeadState.Current ? KeysOf(reader, problems) : null;
            rows.Add(new Row(
                reader.GetInt64(0), reader.GetInt16(1), reader.GetString(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt32(5), reader.GetInt32(6), reader.GetInt64(7),
                (HeadState)reader.GetInt16(8), reader.IsDBNull(9) ? null : reader.GetFieldValue<byte[]>(9), reader.GetInt32(10),
                reader.IsDBNull(11) ? null : reader.GetInt64(11), reader.IsDBNull(12) ? null : reader.GetInt32(12), reader.IsDBNull(13) ? null : reader.GetInt16(13), keys));
        }

        return rows;
    }

    private BodyKeys? KeysOf(DbDataReader reader, Problems problems)
    {
        try
        {
            using var document = JsonDocument.Parse(SealedBody.Read(db.Keys, reader, 14, reader.GetInt64(7), reader.GetInt64(11), reader.GetInt32(12)));
            return BodyKeys.Of(document.RootElement, _scratch, secret, catalog);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or InvalidOperationException or KeyNotFoundException or InvalidCastException)
        {
            problems.Add($"resource {reader.GetInt64(0)}: the body of the head cannot be read ({e.Message})");
            return null;
        }
    }
}
