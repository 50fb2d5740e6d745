using Mach.Data;
using Mach.Data.Sealing;
using Mach.Fhir.Search;
using Mach.Store.Hashing;
using Mach.Store.Sealing;

namespace Mach.Store.Writing;

/// <summary>Everything a group writes to the record tables, as columns; filled and cleared again and again.</summary>
internal sealed class GroupTables
{
    private readonly LongColumn _rid = new(), _type = new(), _pk = new(), _date = new(), _org = new(), _version = new(), _seq = new(), _state = new(), _extractor = new(), _labels = new();
    private readonly TextColumn _id = new();
    private readonly BytesColumn _keys = new();
    private readonly LongColumn _upRid = new(), _upPk = new(), _upDate = new(), _upOrg = new(), _upVersion = new(), _upSeq = new(), _upState = new(), _upExtractor = new(), _upLabels = new();
    private readonly BytesColumn _upKeys = new();
    private readonly LongColumn _verSeq = new(), _verPk = new(), _verRid = new(), _verVersion = new(), _verOp = new(), _verTx = new(), _verCodec = new();
    private readonly LongColumn _pastType = new(), _pastSeq = new();
    private readonly BytesColumn _verBody = new(), _verSha = new();
    private readonly LongColumn _tx = new(), _at = new(), _gen = new(), _origin = new(), _epoch = new(), _n = new(), _seq0 = new(), _count = new();
    private readonly BytesColumn _idem = new(), _root = new(), _previous = new(), _hash = new();
    private readonly TextColumn _actor = new();
    private readonly LongColumn _uniqHash = new(), _uniqRid = new();
    private readonly LongColumn _counterId = new(), _counterValue = new();
    private readonly LongColumn _judgedRid = new(), _failedRid = new(), _failedParameter = new();
    private readonly TextColumn _failedWhy = new();
    private readonly RowStatement[] _failures;
    private readonly RowStatement[] _record;
    private readonly RowStatement[] _log;

    public GroupTables()
    {
        _record =
        [
            RowStatement.Insert("res", [("rid", _rid), ("type", _type), ("fid", _id), ("pk", _pk), ("dt", _date), ("org", _org), ("vno", _version), ("seq", _seq), ("del", _state), ("xv", _extractor), ("keys", _keys), ("lab", _labels)]),
            new RowStatement(
                "UPDATE res SET pk=?2, dt=?3, org=?4, vno=?5, seq=?6, del=?7, xv=?8, keys=?9, lab=?10 WHERE rid=?1",
                "UPDATE res r SET pk=x.pk, dt=x.dt, org=x.org, vno=x.vno, seq=x.seq, del=x.del, xv=x.xv, keys=x.keys, lab=x.lab FROM unnest($1,$2,$3,$4,$5,$6,$7,$8,$9,$10) AS x(rid,pk,dt,org,vno,seq,del,xv,keys,lab) WHERE r.rid=x.rid",
                [_upRid, _upPk, _upDate, _upOrg, _upVersion, _upSeq, _upState, _upExtractor, _upKeys, _upLabels]),
            RowStatement.Insert("ver", [("seq", _verSeq), ("pk", _verPk), ("rid", _verRid), ("vno", _verVersion), ("op", _verOp), ("tx", _verTx), ("codec", _verCodec), ("body", _verBody), ("sha", _verSha)]),
            RowStatement.Insert("past", [("type", _pastType), ("seq", _pastSeq)]),
        ];
        _failures =
        [
            new RowStatement("DELETE FROM param_failure WHERE rid=?1", "DELETE FROM param_failure f USING unnest($1) AS x(rid) WHERE f.rid=x.rid", [_judgedRid]),
            RowStatement.Insert("param_failure", [("p", _failedParameter), ("rid", _failedRid), ("why", _failedWhy)]),
        ];
        _log =
        [
            RowStatement.Insert("uniq", [("h", _uniqHash), ("rid", _uniqRid)]),
            RowStatement.Insert("commit_log",
                [("tx", _tx), ("at", _at), ("gen", _gen), ("origin", _origin), ("epoch", _epoch), ("n", _n), ("idem", _idem), ("actor", _actor), ("seq0", _seq0), ("cnt", _count), ("root", _root), ("prev", _previous), ("hash", _hash)]),
            new RowStatement("UPDATE counter SET n=?2 WHERE id=?1", "UPDATE counter c SET n=x.n FROM unnest($1,$2) AS x(id,n) WHERE c.id=x.id", [_counterId, _counterValue]),
        ];
    }

    public IndexRows Index { get; } = new();

    private readonly CareTables _care = new();

    /// <summary>By resource: what failed of the parameters that were evaluated on its last version; an empty list takes back what failed before.</summary>
    public Dictionary<long, IReadOnlyList<(short Parameter, string Why)>> Failures { get; } = [];

    public IReadOnlyList<RowStatement> Statements
    {
        get
        {
            foreach (var (rid, failed) in Failures)
            {
                _judgedRid.Add(rid);
                foreach (var (parameter, why) in failed.DistinctBy(f => f.Parameter))
                {
                    _failedParameter.Add(parameter);
                    _failedRid.Add(rid);
                    _failedWhy.Add(why);
                }
            }

            return [.. _record, .. Index.Statements, .. _care.Statements, .. Failures.Count > 0 ? _failures : [], .. _log];
        }
    }

    public void Clear()
    {
        Index.Clear();
        _care.Clear();
        Failures.Clear();
        foreach (var statement in _failures)
        {
            statement.Clear();
        }

        foreach (var statement in _record)
        {
            statement.Clear();
        }

        foreach (var statement in _log)
        {
            statement.Clear();
        }
    }

    public void AddHead(Head head)
    {
        var keys = head.State == HeadState.Current ? head.Keys.Encode() : null;
        if (head.Stored is null)
        {
            _rid.Add(head.Rid);
            _type.Add(head.Type);
            _id.Add(head.Id);
            _pk.Add(head.Pk);
            _date.Add(head.Date);
            _org.Add(head.Organization);
            _version.Add(head.Version);
            _seq.Add(head.Seq);
            _state.Add((long)head.State);
            _extractor.Add(IndexExtractor.Version);
            _keys.Add(keys);
            _labels.Add(head.Labels);
        }
        else
        {
            _upRid.Add(head.Rid);
            _upPk.Add(head.Pk);
            _upDate.Add(head.Date);
            _upOrg.Add(head.Organization);
            _upVersion.Add(head.Version);
            _upSeq.Add(head.Seq);
            _upState.Add((long)head.State);
            _upExtractor.Add(IndexExtractor.Version);
            _upKeys.Add(keys);
            _upLabels.Add(head.Labels);
        }

        Index.AddChange(head);
        _care.AddChange(head);
    }

    /// <param name="key">Number of the data key that seals the body; 0 = none.</param>
    public void AddVersion(Head head, short op, long tx, PreparedWrite write, KeyRing keys, int key)
    {
        // Here and not where the body was compressed: it is bound to its row, whose numbers are known now.
        var (codec, stored) = SealedBody.Seal(keys, key, write.Codec, write.Packed, head.Seq, head.Rid, head.Version);
        _verSeq.Add(head.Seq);
        _verPk.Add(head.Pk);
        _verRid.Add(head.Rid);
        _verVersion.Add(head.Version);
        _verOp.Add(op);
        _verTx.Add(tx);
        _verCodec.Add(codec);
        _verBody.Add(stored);
        _verSha.Add(write.Sha);
    }

    /// <summary>The last version of a head is going to be replaced.</summary>
    public void AddPast(Head head)
    {
        _pastType.Add(head.Type);
        _pastSeq.Add(head.Seq);
    }

    public void AddCommit(LogEntry entry)
    {
        _tx.Add(entry.Tx);
        _at.Add(entry.At);
        _gen.Add(entry.Generation);
        _origin.Add(entry.Origin);
        _epoch.Add(entry.Epoch);
        _n.Add(entry.Number);
        _idem.Add(entry.Idempotency);
        _actor.Add(entry.Actor);
        _seq0.Add(entry.FirstSeq);
        _count.Add(entry.Count);
        _root.Add(entry.Root);
        _previous.Add(entry.Previous);
        _hash.Add(entry.Hash);
    }

    public void AddUnique(long hash, long rid)
    {
        _uniqHash.Add(hash);
        _uniqRid.Add(rid);
    }

    public void SetCounter(int id, long value)
    {
        _counterId.Add(id);
        _counterValue.Add(value);
    }
}
