using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using Mach.Data.Sealing;
using Mach.Fhir.Search;
using Mach.Store.Hashing;
using Mach.Store.Sealing;
using Mach.Store.Writing;

namespace Mach.Store.Verification;

/// <summary>Bodies against their hashes, versions against their commit's root, commits against the chain; nothing missing in between.</summary>
internal sealed class LogCheck(DbConnection connection, KeyRing keys, Problems problems, IProgress<(string Step, long Done, long Total)>? progress)
{
    private const int Batch = 500;
    private const string Counters = "SELECT n FROM counter ORDER BY id";
    private const string NextCommits = "SELECT tx, at, gen, origin, epoch, n, idem, actor, seq0, cnt, root, prev, hash FROM commit_log WHERE tx>@tx ORDER BY tx LIMIT @batch";
    private const string NextVersions = """
        SELECT v.seq, r.type, r.fid, v.vno, v.op, v.tx, v.codec, v.body, v.sha, v.rid FROM ver v LEFT JOIN res r ON r.rid=v.rid
        WHERE v.seq>@seq ORDER BY v.seq LIMIT @batch
        """;

    private readonly Queue<Version> _ahead = [];
    private long _read;
    private long _total;

    public long Commits { get; private set; }

    public long Versions { get; private set; }

    private sealed record Version(long Seq, long Tx, byte[] Leaf);

    public async Task RunAsync(CancellationToken ct)
    {
        var counters = (await connection.QueryAsync<long>(new CommandDefinition(Counters, cancellationToken: ct)).ConfigureAwait(false)).AsList();
        _total = counters.Count > 1 ? counters[1] : 0;
        var (tx, at, hash) = (0L, 0L, Chain.Start);
        while (true)
        {
            var entries = await CommitsAsync(tx, ct).ConfigureAwait(false);
            foreach (var entry in entries)
            {
                await CheckAsync(entry, tx, at, hash, ct).ConfigureAwait(false);
                (tx, at, hash) = (entry.Tx, entry.At, entry.Hash);
                Commits++;
            }

            if (entries.Count < Batch)
            {
                break;
            }
        }

        while (await NextAsync(ct).ConfigureAwait(false) is { } rest)
        {
            problems.Add($"version {rest.Seq}: belongs to no commit (tx {rest.Tx})");
            Take();
        }

        if (counters.Count < 3 || counters[0] != tx || counters[1] != _read)
        {
            problems.Add($"counters ({string.Join(", ", counters)}) do not follow the log (last commit {tx}, last version {_read})");
        }
    }

    private async Task CheckAsync(LogEntry entry, long lastTx, long lastAt, byte[] lastHash, CancellationToken ct)
    {
        if (entry.Tx != lastTx + 1 || entry.Number != entry.Tx)
        {
            problems.Add($"commit {entry.Tx}: the one before it is {lastTx}; the log has a gap");
        }

        if (entry.At <= lastAt)
        {
            problems.Add($"commit {entry.Tx}: is not later than the one before it");
        }

        if (entry.FirstSeq != Versions + 1)
        {
            problems.Add($"commit {entry.Tx}: starts at version {entry.FirstSeq}, expected {Versions + 1}");
        }

        var leaves = new List<byte[]>(entry.Count);
        while (await NextAsync(ct).ConfigureAwait(false) is { } version && version.Tx <= entry.Tx)
        {
            Take();
            if (version.Tx == entry.Tx)
            {
                leaves.Add(version.Leaf);
            }
            else
            {
                problems.Add($"version {version.Seq}: belongs to no commit (tx {version.Tx})");
            }
        }

        if (leaves.Count != entry.Count)
        {
            problems.Add($"commit {entry.Tx}: has {leaves.Count} versions, says {entry.Count}");
        }
        else if (!Chain.Root([.. leaves]).AsSpan().SequenceEqual(entry.Root))
        {
            problems.Add($"commit {entry.Tx}: its versions do not give its Merkle root");
        }

        if (!entry.Previous.AsSpan().SequenceEqual(lastHash))
        {
            problems.Add($"commit {entry.Tx}: does not follow the hash of the commit before it");
        }

        if (!Chain.Hash(entry).AsSpan().SequenceEqual(entry.Hash))
        {
            problems.Add($"commit {entry.Tx}: its hash is not that of its row");
        }
    }

    private async Task<Version?> NextAsync(CancellationToken ct)
    {
        if (_ahead.Count == 0)
        {
            await FillAsync(ct).ConfigureAwait(false);
        }

        return _ahead.TryPeek(out var next) ? next : null;
    }

    private void Take()
    {
        _ahead.Dequeue();
        Versions++;
    }

    private async Task FillAsync(CancellationToken ct)
    {
        await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition(NextVersions, new { seq = _read, batch = Batch }, cancellationToken: ct)).ConfigureAwait(false);
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            var seq = reader.GetInt64(0);
            if (seq != _read + 1)
            {
                problems.Add($"version {seq}: the one before it is {_read}; the sequence has a gap");
            }

            _read = seq;
            var sha = reader.GetFieldValue<byte[]>(8);
            CheckBody(reader, seq, sha);
            // A hash of another length is wrong already; the leaf needs the right one to go on.
            sha = sha.Length == SHA256.HashSizeInBytes ? sha : SHA256.HashData(sha);
            if (reader.IsDBNull(1))
            {
                problems.Add($"version {seq}: has no head");
            }

            var name = reader.IsDBNull(1) ? ("?", "?") : (TypeName(reader.GetInt16(1)), reader.GetString(2));
            _ahead.Enqueue(new Version(seq, reader.GetInt64(5), Chain.Leaf(name.Item1, name.Item2, reader.GetInt32(3), reader.GetInt16(4), sha)));
        }

        progress?.Report(("log", _read, _total));
    }

    private void CheckBody(DbDataReader reader, long seq, byte[] sha)
    {
        try
        {
            var actual = reader.IsDBNull(7) ? PreparedWrite.EmptySha : SHA256.HashData(SealedBody.Read(keys, reader, 6, seq, reader.GetInt64(9), reader.GetInt32(3)));
            if (!actual.AsSpan().SequenceEqual(sha))
            {
                problems.Add($"version {seq}: the body does not have its hash");
            }
        }
        catch (InvalidDataException e)
        {
            problems.Add($"version {seq}: the body cannot be read ({e.Message})");
        }
    }

    private async Task<List<LogEntry>> CommitsAsync(long after, CancellationToken ct)
    {
        await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition(NextCommits, new { tx = after, batch = Batch }, cancellationToken: ct)).ConfigureAwait(false);
        var entries = new List<LogEntry>(Batch);
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            entries.Add(new LogEntry
            {
                Tx = reader.GetInt64(0),
                At = reader.GetInt64(1),
                Generation = reader.GetInt32(2),
                Origin = reader.GetInt32(3),
                Epoch = reader.GetInt32(4),
                Number = reader.GetInt64(5),
                Idempotency = reader.IsDBNull(6) ? null : reader.GetFieldValue<byte[]>(6),
                Actor = reader.GetString(7),
                FirstSeq = reader.GetInt64(8),
                Count = reader.GetInt32(9),
                Root = reader.GetFieldValue<byte[]>(10),
                Previous = reader.GetFieldValue<byte[]>(11),
                Hash = reader.GetFieldValue<byte[]>(12),
            });
        }

        return entries;
    }

    private static string TypeName(short number)
    {
        try
        {
            return ResourceTypes.Name(number);
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or KeyNotFoundException)
        {
            return "?";
        }
    }
}
