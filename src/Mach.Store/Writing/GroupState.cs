using Mach.Data;
using Mach.Fhir.Search;
using Mach.Store.Hashing;

namespace Mach.Store.Writing;

/// <summary>What a group needs to know before it writes: read at once, right after the counters are locked, so that nothing can change underneath.</summary>
internal sealed class GroupState(RidCache cache)
{
    public static readonly short PatientType = ResourceTypes.Number("Patient");

    // Statistics of a table that is growing fast are always old: the planner may join by key only.
    private const string PlanByKey = "SELECT 1::bigint, set_config('enable_seqscan','off',true), set_config('enable_hashjoin','off',true), set_config('enable_mergejoin','off',true)";
    private const string Counters = "SELECT id, n FROM counter ORDER BY id";
    private const string LastCommit = "SELECT at, hash FROM commit_log ORDER BY tx DESC LIMIT 1";
    private const string HeadColumns = "r.rid, r.pk, r.dt, r.org, r.vno, r.seq, r.del, r.keys, v.sha, r.lab";

    private readonly LongColumn _headType = new(), _targetType = new(), _uniqHash = new(), _guardHash = new(), _guardSeq = new();
    private readonly List<Guard> _guards = [];
    private readonly TextColumn _headId = new(), _targetId = new();
    private readonly BytesColumn _idem = new();
    private readonly List<(short Type, string Id)> _headKeys = [], _targetKeys = [];
    private readonly List<byte[]> _idemKeys = [];
    private readonly List<long> _uniqKeys = [];
    private readonly Dictionary<(short Type, string Id), long> _targets = [];
    private bool _isGuarded;

    public long Tx { get; set; }
    public long Seq { get; set; }
    public long Rid { get; set; }

    /// <summary>Version of the set of search parameters.</summary>
    public long CatalogVersion { get; private set; }
    /// <summary>Number of the data key that seals bodies; 0 = none.</summary>
    public int DataKey { get; private set; }
    public long LastAt { get; set; }
    public byte[] LastHash { get; set; } = Chain.Start;
    public Dictionary<(short Type, string Id), Head> Heads { get; } = [];
    public List<Head> Changed { get; } = [];
    public Dictionary<long, long> UniqueHolders { get; } = [];

    /// <summary>Guards of which an index row was written since they were made.</summary>
    public HashSet<Guard> Broken { get; } = [];

    /// <summary>Some commit of the group has a guard: what the group itself writes has to be remembered.</summary>
    public bool IsGuarded => _isGuarded;

    /// <summary>Known idempotency keys (hex) with the commit that had them.</summary>
    public Dictionary<string, (long Tx, long At, long FirstSeq, int Count)> Replays { get; } = new(StringComparer.Ordinal);

    public async Task LoadAsync(WriteSession session, DbEngine engine, IReadOnlyList<Pending> group, bool trustNew, CancellationToken ct)
    {
        Collect(group, trustNew);
        var queries = new List<RowQuery>(7)
        {
            new(Counters, "SELECT 1::bigint, id, n FROM counter ORDER BY id FOR UPDATE", [], row => SetCounter(row.Long(0), row.Long(1))),
            new(LastCommit, "SELECT 1::bigint, at, hash FROM commit_log ORDER BY tx DESC LIMIT 1", [], row => (LastAt, LastHash) = (row.Long(0), row.Bytes(1))),
            new(
                $"SELECT {HeadColumns} FROM res r LEFT JOIN ver v ON v.seq=r.seq WHERE r.type=?1 AND r.fid=?2",
                $"SELECT x.i, {HeadColumns} FROM unnest($1,$2) WITH ORDINALITY AS x(type,fid,i) JOIN res r ON r.type=x.type AND r.fid=x.fid LEFT JOIN ver v ON v.seq=r.seq",
                [_headType, _headId],
                AddHead),
            new(
                "SELECT rid FROM res WHERE type=?1 AND fid=?2",
                "SELECT x.i, r.rid FROM unnest($1,$2) WITH ORDINALITY AS x(type,fid,i) JOIN res r ON r.type=x.type AND r.fid=x.fid",
                [_targetType, _targetId],
                row => _targets[_targetKeys[row.Row]] = row.Long(0)),
            new(
                "SELECT rid FROM uniq WHERE h=?1",
                "SELECT x.i, u.rid FROM unnest($1) WITH ORDINALITY AS x(h,i) JOIN uniq u ON u.h=x.h",
                [_uniqHash],
                row => UniqueHolders[_uniqKeys[row.Row]] = row.Long(0)),
            new(
                "SELECT tx, at, seq0, cnt FROM commit_log WHERE idem=?1",
                "SELECT x.i, c.tx, c.at, c.seq0, c.cnt FROM unnest($1) WITH ORDINALITY AS x(idem,i) JOIN commit_log c ON c.idem=x.idem",
                [_idem],
                row => Replays[Convert.ToHexString(_idemKeys[row.Row])] = (row.Long(0), row.Long(1), row.Long(2), (int)row.Long(3))),
            new(
                "SELECT r.rid FROM tok t JOIN res r ON r.rid=t.rid WHERE t.h=?1 AND r.seq>?2",
                "SELECT x.i, r.rid FROM unnest($1,$2) WITH ORDINALITY AS x(h,s,i) JOIN tok t ON t.h=x.h JOIN res r ON r.rid=t.rid WHERE r.seq>x.s",
                [_guardHash, _guardSeq],
                row => Broken.Add(_guards[row.Row])),
        };
        if (engine == DbEngine.Postgres)
        {
            queries.Insert(0, new RowQuery("", PlanByKey, [], static _ => { }));
        }

        await session.QueryAsync(queries, ct).ConfigureAwait(false);
    }

    /// <summary>Number of a resource that is referred to; an unknown one gets a placeholder, so that order of arrival does not matter.</summary>
    public long Target((short Type, string Id) key) =>
        Heads.TryGetValue(key, out var head) ? head.Rid : _targets.TryGetValue(key, out var rid) ? rid : NewHead(key).Rid;

    /// <summary>Number of a resource if it has one; 0 otherwise.</summary>
    public long Known((short Type, string Id) key) =>
        Heads.TryGetValue(key, out var head) ? head.Rid : _targets.GetValueOrDefault(key);

    public Head NewHead((short Type, string Id) key)
    {
        var head = new Head { Rid = ++Rid, Type = key.Type, Id = key.Id, Pk = Rid };
        Heads.Add(key, head);
        Touch(head);
        return head;
    }

    /// <summary>Notes that the head's row is to be written at the end.</summary>
    public void Touch(Head head)
    {
        if (!head.Changed)
        {
            head.Changed = true;
            Changed.Add(head);
        }
    }

    /// <summary>After the commit: remembers what was referred to from outside.</summary>
    public void Remember()
    {
        foreach (var (key, rid) in _targets)
        {
            cache.Add(key, rid);
        }

        foreach (var head in Changed)
        {
            if (head.State == HeadState.Placeholder)
            {
                cache.Add((head.Type, head.Id), head.Rid);
            }
        }
    }

    private void Collect(IReadOnlyList<Pending> group, bool trustNew)
    {
        var written = new HashSet<(short, string)>();
        foreach (var pending in group)
        {
            foreach (var write in pending.Writes)
            {
                // A placeholder that we know of is no reason to fail a resource that is known to be new.
                if (written.Add(write.Key) && (!trustNew || !write.Write.KnownNew || cache.TryGet(write.Key, out _)))
                {
                    _headKeys.Add(write.Key);
                    _headType.Add(write.Type);
                    _headId.Add(write.Write.Id);
                }
            }

            foreach (var (hash, _, _) in pending.Claims)
            {
                _uniqKeys.Add(hash);
                _uniqHash.Add(hash);
            }

            foreach (var guard in pending.Commit.Guards)
            {
                _isGuarded = true;
                foreach (var hash in guard.Hashes)
                {
                    _guards.Add(guard);
                    _guardHash.Add(hash);
                    _guardSeq.Add(guard.Seq);
                }
            }

            if (pending.Idempotency is { } idem)
            {
                _idemKeys.Add(idem);
                _idem.Add(idem);
            }
        }

        CollectTargets(group, written);
    }

    private void CollectTargets(IReadOnlyList<Pending> group, HashSet<(short, string)> seen)
    {
        foreach (var pending in group)
        {
            foreach (var write in pending.Writes)
            {
                if (write.Keys.PatientId is { } patient)
                {
                    CollectTarget((PatientType, patient), seen);
                }

                foreach (var (type, id, _) in write.Keys.References)
                {
                    CollectTarget((type, id), seen);
                }
            }

            foreach (var (_, type, claim) in pending.Claims)
            {
                CollectTarget((type, claim.Id), seen);
            }
        }
    }

    private void CollectTarget((short Type, string Id) key, HashSet<(short, string)> seen)
    {
        if (!seen.Add(key))
        {
            return;
        }

        if (cache.TryGet(key, out var rid))
        {
            _targets.Add(key, rid);
            return;
        }

        _targetKeys.Add(key);
        _targetType.Add(key.Type);
        _targetId.Add(key.Id);
    }

    private void SetCounter(long id, long value)
    {
        switch (id)
        {
            case 1: Tx = value; break;
            case 2: Seq = value; break;
            case 3: Rid = value; break;
            case 4: CatalogVersion = value; break;
            case 5: DataKey = (int)value; break;
        }
    }

    private void AddHead(IAnswerRow row)
    {
        var key = _headKeys[row.Row];
        var keys = HeadKeys.Decode(row.IsNull(7) ? null : row.Bytes(7));
        Heads[key] = new Head
        {
            Rid = row.Long(0),
            Type = key.Type,
            Id = key.Id,
            Pk = row.Long(1),
            Date = row.Long(2),
            Organization = (int)row.Long(3),
            Labels = (int)row.Long(9),
            Version = (int)row.Long(4),
            Seq = row.Long(5),
            State = (HeadState)row.Long(6),
            Keys = keys,
            Sha = row.IsNull(8) ? null : row.Bytes(8),
            Stored = new StoredHead(row.Long(1), row.Long(2), keys),
        };
    }
}
