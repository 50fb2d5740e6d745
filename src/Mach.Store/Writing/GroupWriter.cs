using System.Globalization;
using Dapper;
using Mach.Data;
using Mach.Store.Hashing;
using Mach.Store.Parameters;
using Mach.Store.Reading;

namespace Mach.Store.Writing;

/// <summary>
/// Writes a group of commits in one transaction. What can be known to conflict is answered without touching the others;
/// what only the database refuses (a module's rows, a resource wrongly thought new) fails the group, and the caller tries one by one.
/// </summary>
internal sealed class GroupWriter(Db db, TimeProvider clock)
{
    private const string ReplayedVersions = "SELECT r.type, r.fid, v.vno FROM ver v JOIN res r ON r.rid=v.rid WHERE v.seq>=@from AND v.seq<@to";

    private readonly RidCache _cache = new(50_000);
    private readonly GroupTables _tables = new();

    /// <summary>One outcome per commit: a <see cref="CommitResult"/>, or the <see cref="CommitConflictException"/> that it alone gets.</summary>
    public async Task<object[]> WriteAsync(IReadOnlyList<Pending> group, bool trustNew, CancellationToken ct)
    {
        await using var session = await db.BeginWriteAsync(ct).ConfigureAwait(false);
        var state = new GroupState(_cache);
        await state.LoadAsync(session, db.Engine, group, trustNew, ct).ConfigureAwait(false);
        if (group.Any(p => p.CatalogVersion != state.CatalogVersion))
        {
            throw new CatalogChangedException();
        }

        db.Keys.Activate(state.DataKey);

        _tables.Clear();
        var outcomes = new object[group.Count];
        var guards = new GuardCheck(db, session, state, ct);
        var before = state.Tx;
        for (var i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = await ApplyAsync(session, state, guards, group[i], ct).ConfigureAwait(false);
        }

        if (state.Tx == before)
        {
            return outcomes;
        }

        foreach (var head in state.Changed)
        {
            _tables.AddHead(head);
        }

        _tables.Index.Finish();
        _tables.SetCounter(1, state.Tx);
        _tables.SetCounter(2, state.Seq);
        _tables.SetCounter(3, state.Rid);
        var written = group.Where((_, i) => outcomes[i] is CommitResult { Replayed: false, Tx: > 0 });
        await session.ExecuteAsync([.. _tables.Statements, .. ModuleRows(written)], ct).ConfigureAwait(false);
        await PersonGroups.MendAsync(db, session, state.Changed, ct).ConfigureAwait(false);
        await session.CommitAsync(ct).ConfigureAwait(false);
        state.Remember();
        return outcomes;
    }

    /// <summary>Replaces the index rows of stored heads; one that has been written since keeps the rows of its newer version.</summary>
    /// <param name="heads">With the sequence number of the version that the keys were made of.</param>
    public async Task ReindexAsync(IReadOnlyList<(PreparedWrite Write, long Seq)> heads, CancellationToken ct)
    {
        await using var session = await db.BeginWriteAsync(ct).ConfigureAwait(false);
        var state = new GroupState(_cache);
        await state.LoadAsync(session, db.Engine, [Pending.OfStored([.. heads.Select(h => h.Write)])], trustNew: false, ct).ConfigureAwait(false);
        _tables.Clear();
        foreach (var (write, seq) in heads)
        {
            if (state.Heads.TryGetValue(write.Key, out var head) && head.State == HeadState.Current && head.Seq == seq)
            {
                SetKeys(state, head, write);
                state.Touch(head);
            }
        }

        foreach (var head in state.Changed)
        {
            _tables.AddHead(head);
        }

        _tables.Index.Finish();
        _tables.SetCounter(3, state.Rid);
        await session.ExecuteAsync(_tables.Statements, ct).ConfigureAwait(false);
        await PersonGroups.MendAsync(db, session, state.Changed, ct).ConfigureAwait(false);
        await session.CommitAsync(ct).ConfigureAwait(false);
        state.Remember();
    }

    private void SetKeys(GroupState state, Head head, PreparedWrite write)
    {
        head.Pk = write.Keys.PatientId is { } patient ? state.Target((GroupState.PatientType, patient)) : head.Rid;
        head.Date = write.Keys.Date;
        head.Organization = write.Keys.Organization;
        head.Labels = write.Keys.Labels;
        head.Care = write.Keys.Care;
        head.Keys = write.Keys.Resolve(state.Target);
        if (write.Keys.Failures is { } failures)
        {
            _tables.Failures[head.Rid] = failures;
        }
    }

    private async Task<object> ApplyAsync(WriteSession session, GroupState state, GuardCheck guards, Pending pending, CancellationToken ct)
    {
        var idem = pending.Idempotency is { } bytes ? Convert.ToHexString(bytes) : null;
        if (idem is not null && state.Replays.TryGetValue(idem, out var first))
        {
            return await ReplayAsync(session, state, pending, first, ct).ConfigureAwait(false);
        }

        if (Conflict(state, pending) is { } conflict)
        {
            return conflict;
        }

        if (pending.Commit.Guards.Count > 0 && !await guards.HoldAsync(pending.Commit.Guards).ConfigureAwait(false))
        {
            return new GuardFailedException("What this write was decided by has changed in the meantime.");
        }

        var versions = new WrittenVersion[pending.Writes.Length];
        var changed = 0;
        for (var i = 0; i < versions.Length; i++)
        {
            var write = pending.Writes[i];
            state.Heads.TryGetValue(write.Key, out var head);
            versions[i] = new WrittenVersion(write.Write.Type, write.Write.Id, head?.Version ?? 0, Changes(head, write), write.Write.Kind == WriteKind.Put && head is not { State: HeadState.Current });
            changed += versions[i].Changed ? 1 : 0;
        }

        var newClaims = pending.Claims.Any(c => !state.UniqueHolders.ContainsKey(c.Hash));
        if (changed == 0 && idem is null && !newClaims && pending.Commit.Rows.All(r => r.Rows.Count == 0))
        {
            return new CommitResult(0, Instants.FromMicroseconds(state.LastAt), false, versions);
        }

        guards.Wrote(pending);
        return Append(state, pending, versions, changed);
    }

    private CommitResult Append(GroupState state, Pending pending, WrittenVersion[] versions, int changed)
    {
        var tx = ++state.Tx;
        var firstSeq = state.Seq + 1;
        var leaves = new byte[changed][];
        var leaf = 0;
        // All numbers first: the resources of one commit refer to each other.
        for (var i = 0; i < versions.Length; i++)
        {
            if (versions[i].Changed && !state.Heads.ContainsKey(pending.Writes[i].Key))
            {
                state.NewHead(pending.Writes[i].Key);
            }
        }

        for (var i = 0; i < versions.Length; i++)
        {
            if (versions[i].Changed)
            {
                var write = pending.Writes[i];
                var head = state.Heads[write.Key];
                if (head.Version > 0)
                {
                    _tables.AddPast(head);
                }

                var op = (short)Advance(state, head, write);
                _tables.AddVersion(head, op, tx, write, db.Keys, state.DataKey);
                leaves[leaf++] = Chain.Leaf(write.Write.Type, write.Write.Id, head.Version, op, write.Sha);
                versions[i] = versions[i] with { Version = head.Version };
            }
        }

        foreach (var (hash, type, claim) in pending.Claims)
        {
            var rid = state.Target((type, claim.Id));
            if (state.UniqueHolders.TryAdd(hash, rid))
            {
                _tables.AddUnique(hash, rid);
            }
        }

        return Log(state, pending, tx, firstSeq, leaves, versions);
    }

    private CommitResult Log(GroupState state, Pending pending, long tx, long firstSeq, byte[][] leaves, WrittenVersion[] versions)
    {
        var entry = new LogEntry
        {
            Tx = tx,
            // Forced monotone: a clock that was set back must not make a later version look older.
            At = Math.Max(Instants.ToMicroseconds(clock.GetUtcNow()), state.LastAt + 1),
            Number = tx,
            Idempotency = pending.Idempotency,
            Actor = pending.Commit.Actor,
            FirstSeq = firstSeq,
            Count = leaves.Length,
            Root = Chain.Root(leaves),
            Previous = state.LastHash,
        };
        entry = entry with { Hash = Chain.Hash(entry) };
        _tables.AddCommit(entry);
        state.LastAt = entry.At;
        state.LastHash = entry.Hash;
        if (entry.Idempotency is { } idem)
        {
            state.Replays[Convert.ToHexString(idem)] = (tx, entry.At, firstSeq, leaves.Length);
        }

        return new CommitResult(tx, Instants.FromMicroseconds(entry.At), false, versions);
    }

    // Moves the head to its next version.
    private VersionKind Advance(GroupState state, Head head, PreparedWrite write)
    {
        var isThere = head.State == HeadState.Current;
        head.Seq = ++state.Seq;
        head.Version++;
        head.Sha = write.Sha;
        state.Touch(head);
        if (write.Write.Kind == WriteKind.Delete)
        {
            head.State = HeadState.Deleted;
            head.Keys = HeadKeys.None;
            return VersionKind.Deleted;
        }

        head.State = HeadState.Current;
        SetKeys(state, head, write);
        return isThere ? VersionKind.Updated : write.Write.Posted ? VersionKind.Posted : VersionKind.Created;
    }

    private static bool Changes(Head? head, PreparedWrite write) => write.Write.Kind == WriteKind.Delete
        ? head is { State: HeadState.Current }
        : head is not { State: HeadState.Current } || !write.Sha.AsSpan().SequenceEqual(head.Sha);

    private static CommitConflictException? Conflict(GroupState state, Pending pending)
    {
        foreach (var prepared in pending.Writes)
        {
            var write = prepared.Write;
            state.Heads.TryGetValue(prepared.Key, out var head);
            var current = head is { State: HeadState.Current };
            if (write.KnownNew && head is { Version: > 0 })
            {
                return new CommitConflictException($"{write.Type}/{write.Id} exists already (version {head.Version}).");
            }

            if (write.IfVersion is { } expected && (expected == 0 ? current : !current || head!.Version != expected))
            {
                return new CommitConflictException(string.Create(CultureInfo.InvariantCulture, $"{write.Type}/{write.Id} is at version {(current ? head!.Version : 0)}, not {expected}."));
            }
        }

        var own = new Dictionary<long, UniqueClaim>();
        foreach (var (hash, type, claim) in pending.Claims)
        {
            var held = state.UniqueHolders.TryGetValue(hash, out var holder) && holder != state.Known((type, claim.Id));
            var twice = !own.TryAdd(hash, claim) && (own[hash].Type != claim.Type || own[hash].Id != claim.Id);
            if (held || twice)
            {
                // The key is personal data: the message names who asked, not what for.
                return new ClaimHeldException($"A unique key claimed for {claim.Type}/{claim.Id} is held by another resource.");
            }
        }

        return null;
    }

    private static async Task<CommitResult> ReplayAsync(WriteSession session, GroupState state, Pending pending, (long Tx, long At, long FirstSeq, int Count) first, CancellationToken ct)
    {
        var then = new Dictionary<(long Type, string Id), int>();
        // The first one may stand in this very group, unwritten: then its heads are in memory and nothing is found here.
        var command = new CommandDefinition(ReplayedVersions, new { from = first.FirstSeq, to = first.FirstSeq + first.Count }, session.Transaction, cancellationToken: ct);
        await using (var reader = await session.Connection.ExecuteReaderAsync(command).ConfigureAwait(false))
        {
            while (await reader.ReadAsync(ct).ConfigureAwait(false))
            {
                then[(reader.GetInt16(0), reader.GetString(1))] = reader.GetInt32(2);
            }
        }

        var versions = pending.Writes.Select(write =>
        {
            state.Heads.TryGetValue(write.Key, out var head);
            return then.TryGetValue((write.Type, write.Write.Id), out var version)
                ? new WrittenVersion(write.Write.Type, write.Write.Id, version, true, version == 1)
                : new WrittenVersion(write.Write.Type, write.Write.Id, head?.Version ?? 0, head is not null && head.Seq >= first.FirstSeq && head.Seq < first.FirstSeq + first.Count);
        });
        return new CommitResult(first.Tx, Instants.FromMicroseconds(first.At), true, [.. versions]);
    }

    private static IEnumerable<RowStatement> ModuleRows(IEnumerable<Pending> written) => written
        .SelectMany(p => p.Commit.Rows)
        .Where(r => r.Rows.Count > 0)
        .GroupBy(r => (r.Table, string.Join(',', r.Columns.Select(c => c.Name)), string.Join(',', r.Upsert)))
        .Select(same => RowStatement.Insert(same.First() with { Rows = [.. same.SelectMany(r => r.Rows)] }));
}
