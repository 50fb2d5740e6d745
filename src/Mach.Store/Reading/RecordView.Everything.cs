using System.Data.Common;
using System.Globalization;
using Mach.Fhir.Search;
using Mach.Store.Reading;
using Mach.Store.Search;
using Mach.Store.Writing;

namespace Mach.Store;

public partial class RecordView
{
    private const string Focus = "SELECT r.rid, r.del FROM res r WHERE r.type=@type AND r.fid=@id AND r.del<>2{sight}";
    private const string Compartment = $"""
        SELECT {ResourceRow.Columns}, r.keys FROM res r JOIN ver v ON v.seq=r.seq JOIN commit_log c ON c.tx=v.tx
        WHERE r.pk=@pk AND (r.type, r.dt, r.rid)>(@type, @dt, @rid) AND r.del=0{SightSql.Token} ORDER BY r.type, r.dt, r.rid LIMIT @n
        """;
    private const string Linked = "SELECT r.fid, r.rid FROM res r WHERE r.type=@type AND r.fid {in:ids} AND r.del=0{sight}";
    private const string Before = "SELECT r.rid, r.type, r.dt, r.seq, r.keys, r.pk FROM res r WHERE r.pk=@pk AND (r.type, r.dt, r.rid)<=(@type, @dt, @rid) AND r.del=0{sight}";
    private const string ReferringBefore = "SELECT r.rid, r.type, r.dt, r.seq, r.keys, r.pk FROM res r WHERE r.rid IN (SELECT rid FROM ref WHERE tgt=@pk AND p {longs:parameters} AND pk<>@pk AND rid<=@rid) AND r.del=0{sight}";
    private const string Referring = "SELECT DISTINCT rid FROM ref WHERE tgt=@pk AND p {longs:parameters} AND pk<>@pk AND rid>@rid ORDER BY rid LIMIT @n";
    private const string WithKeys = $"SELECT {ResourceRow.Columns}, r.keys FROM res r JOIN ver v ON v.seq=r.seq JOIN commit_log c ON c.tx=v.tx WHERE r.rid {{longs:rids}} AND r.del=0{{sight}} ORDER BY r.rid";

    /// <summary>Types that stand for people of their own, or hold others' data: a record does not bring them along.</summary>
    private static readonly HashSet<string> NotReferred = ["Patient", "Group", "Bundle", "List", "AuditEvent", "Provenance"];

    /// <summary>One page of a compartment, then of the compartments linked to it, with what it refers to; null when the resource never existed.</summary>
    /// <exception cref="ArgumentException">The cursor is not one of ours, it stands in a record that is linked otherwise by now, or the type has no compartment.</exception>
    public async Task<EverythingPage?> EverythingAsync(EverythingQuery query, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (_sight.LooksAtBodies && await ReadAsync(query.Type, query.Id, ct).ConfigureAwait(false) is null)
        {
            return null;
        }

        await using var connection = await _sight.OpenAsync(Db, ct).ConfigureAwait(false);
        if (await FocusAsync(connection, query, ct).ConfigureAwait(false) is not { } focus)
        {
            return null;
        }

        if (focus.Deleted)
        {
            return new EverythingPage(true, [], [], null);
        }

        List<long> foci = [focus.Rid, .. await LinkedAsync(connection, query, ct).ConfigureAwait(false)];
        var (at, cursor) = EverythingCursor.Parse(query.Cursor, foci);
        var since = await SinceAsync(connection, query, ct).ConfigureAwait(false);
        List<StoredResource> matches = [], included = [];
        for (; ; cursor = null)
        {
            // What is left of the page is filled from the next record, so that few and small records fit on one page.
            var part = await new EverythingRun(this, connection, query with { Cursor = cursor, Count = query.Count - matches.Count }, foci, at, since, ct).ReadAsync().ConfigureAwait(false);
            matches.AddRange(part.Matches);
            included.AddRange(part.Included);
            at += part.Next is null ? 1 : 0;
            if (part.Next is not null || at == foci.Count || matches.Count >= query.Count)
            {
                return Shown(new EverythingPage(false, matches, included, at == foci.Count ? null : EverythingCursor.Write(foci, at, part.Next)), matches.Concat(included));
            }
        }
    }

    private async Task<IEnumerable<long>> LinkedAsync(DbConnection connection, EverythingQuery query, CancellationToken ct)
    {
        if (query.Linked.Count == 0)
        {
            return [];
        }

        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        await using var command = connection.CreateCommand();
        command.CommandText = _sight.Apply(Db, Linked);
        _sight.Bind(Db, command);
        command.With("type", TypeNumber(query.Type)).With("ids", System.Text.Json.JsonSerializer.Serialize(query.Linked));
        await using var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            found[reader.GetString(0)] = reader.GetInt64(1);
        }

        return query.Linked.Where(id => id != query.Id).Distinct(StringComparer.Ordinal).Where(found.ContainsKey).Select(id => found[id]);
    }

    private async Task<(long Rid, bool Deleted)?> FocusAsync(DbConnection connection, EverythingQuery query, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = _sight.Apply(Db, Focus);
        _sight.Bind(Db, command);
        command.With("type", TypeNumber(query.Type)).With("id", query.Id);
        await using var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        return await reader.ReadAsync(ct).ConfigureAwait(false) ? (reader.GetInt64(0), reader.GetInt16(1) != 0) : null;
    }

    /// <summary>The sequence number before the first version of that time.</summary>
    private async Task<long> SinceAsync(DbConnection connection, EverythingQuery query, CancellationToken ct) => query.Since is not { } since ? 0
        : (await ChangeRange.FindAsync(Db, connection, new SearchQuery { Type = query.Type, LastUpdated = ["ge" + since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)] }, ct).ConfigureAwait(false)).From;

    /// <summary>
    /// The compartment by its key first, in one range of the heads' index; then what belongs to it by other references. Of linked records each comes once:
    /// in the one that it is filed under, or the first that it refers to.
    /// </summary>
    private sealed class EverythingRun(RecordView store, DbConnection connection, EverythingQuery query, List<long> foci, int place, long since, CancellationToken ct)
    {
        private readonly long _focus = foci[place];
        private readonly List<StoredResource> _matches = [];
        private readonly HashSet<long> _seen = [], _referred = [];
        private readonly List<long> _parameters = [.. store.Catalog.CompartmentNumbers(query.Type)];
        private readonly HashSet<string> _types = [.. query.Types];
        private readonly bool _isPatient = query.Type == "Patient";

        public async Task<EverythingPage> ReadAsync()
        {
            var (inside, at) = Parse(query.Cursor);
            var begin = (inside, at);
            if (query.Cursor is null && !_isPatient)
            {
                foreach (var (row, keys) in await RowsAsync([_focus]).ConfigureAwait(false))
                {
                    Take(row, keys, isFocus: true);
                }
            }

            string? next = null;
            if (inside)
            {
                (next, var finished) = await InsideAsync(at).ConfigureAwait(false);
                at = (0, 0, 0);
                inside = !finished;
            }

            if (!inside)
            {
                next = await OutsideAsync(at.Rid).ConfigureAwait(false);
            }

            for (var earlier = 0; earlier < place && _referred.Count > 0; earlier++)
            {
                await LeaveOutAsync(foci[earlier], false, (0, 0, long.MaxValue)).ConfigureAwait(false);
            }

            if (query.Cursor is not null && _referred.Count > 0)
            {
                await LeaveOutAsync(_focus, begin.inside, begin.at).ConfigureAwait(false);
            }

            return new EverythingPage(false, _matches, await ReferredAsync().ConfigureAwait(false), next);
        }

        private async Task<(string? Next, bool Finished)> InsideAsync((long Type, long Date, long Rid) at)
        {
            // Only a patient's compartment has a key of its own.
            while (_isPatient)
            {
                await using var command = connection.CreateCommand();
                command.CommandText = store._sight.Apply(store.Db, Compartment);
                store._sight.Bind(store.Db, command);
                var wanted = query.Count - _matches.Count + 1;
                command.With("pk", _focus).With("type", at.Type).With("dt", at.Date).With("rid", at.Rid).With("n", wanted);
                var read = 0;
                await using (var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false))
                {
                    while (await reader.ReadAsync(ct).ConfigureAwait(false))
                    {
                        read++;
                        if (_matches.Count >= query.Count)
                        {
                            return (string.Create(CultureInfo.InvariantCulture, $"i.{at.Type}.{at.Date}.{at.Rid}"), false);
                        }

                        var row = ResourceRow.Read(reader, store.Db.Keys);
                        at = (ResourceTypes.Number(row.Resource.Type), row.Date, row.Rid);
                        if (!store._sight.Shows(row.Resource))
                        {
                            continue;
                        }

                        Take(row, reader.IsDBNull(11) ? null : reader.GetFieldValue<byte[]>(11), isFocus: row.Rid == _focus);
                    }
                }

                if (read < wanted)
                {
                    break;
                }
            }

            return (null, true);
        }

        private async Task<string?> OutsideAsync(long after)
        {
            while (true)
            {
                await using var command = connection.CreateCommand();
                command.CommandText = store.Db.Sql(Referring);
                store.Db.AddLongs(command, "parameters", _parameters);
                var wanted = query.Count - _matches.Count + 1;
                command.With("pk", _focus).With("rid", after).With("n", wanted);
                var rids = new List<long>();
                await using (var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false))
                {
                    while (await reader.ReadAsync(ct).ConfigureAwait(false))
                    {
                        rids.Add(reader.GetInt64(0));
                    }
                }

                foreach (var (row, keys) in await RowsAsync(rids).ConfigureAwait(false))
                {
                    if (_matches.Count >= query.Count)
                    {
                        return string.Create(CultureInfo.InvariantCulture, $"o.{after}");
                    }

                    after = row.Rid;
                    if (!ComesElsewhere(row, keys))
                    {
                        Take(row, keys, isFocus: false);
                    }
                }

                if (rids.Count < wanted)
                {
                    return null;
                }

                after = Math.Max(after, rids[^1]);
            }
        }

        /// <summary>It is filed under a linked record, or came with an earlier one that it refers to.</summary>
        private bool ComesElsewhere(ResourceRow row, byte[]? keys) => foci.Count > 1
            && (foci.Contains(row.Pk) || (place > 0 && HeadKeys.Decode(keys).References.Any(r => _parameters.Contains(r.Parameter) && foci.IndexOf(r.Target, 0, place) >= 0)));

        private void Take(ResourceRow row, byte[]? keys, bool isFocus)
        {
            _seen.Add(row.Rid);
            if (IsWanted(row.Resource.Type, row.Date, row.Resource.Seq, isFocus))
            {
                // The person first, where the page has them.
                _matches.Insert(isFocus ? 0 : _matches.Count, row.Resource);
                _referred.UnionWith(HeadKeys.Decode(keys).References.Select(r => r.Target));
            }
        }

        private bool IsWanted(string type, long date, long seq, bool isFocus)
        {
            var dated = isFocus || date == 0
                || ((query.From is not { } from || date >= Instants.ToMicroseconds(from)) && (query.To is not { } to || date < Instants.ToMicroseconds(to)));
            return dated && seq > since && (_types.Count == 0 || _types.Contains(type));
        }

        /// <summary>What a match of an earlier page refers to came with that page. The cursor says which those are; only their keys are read.</summary>
        private async Task LeaveOutAsync(long record, bool inside, (long Type, long Date, long Rid) at)
        {
            if (_isPatient)
            {
                await LeaveOutAsync(record, Before, inside ? at : (long.MaxValue, long.MaxValue, long.MaxValue)).ConfigureAwait(false);
            }
            else
            {
                await LeaveOutAsync(record, "SELECT r.rid, r.type, r.dt, r.seq, r.keys, r.pk FROM res r WHERE r.rid=@pk AND r.del=0 AND @rid>=0 AND @type>=0 AND @dt>=0{sight}", (0, 0, 0)).ConfigureAwait(false);
            }

            if (!inside)
            {
                await LeaveOutAsync(record, ReferringBefore, at).ConfigureAwait(false);
            }
        }

        private async Task LeaveOutAsync(long record, string sql, (long Type, long Date, long Rid) at)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = store._sight.Apply(store.Db, sql);
            store._sight.Bind(store.Db, command);
            command.With("pk", record).With("rid", at.Rid);
            if (sql == ReferringBefore)
            {
                store.Db.AddLongs(command, "parameters", _parameters);
            }
            else
            {
                command.With("type", at.Type).With("dt", at.Date);
            }

            await using var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
            while (await reader.ReadAsync(ct).ConfigureAwait(false))
            {
                var isElsewhere = sql == ReferringBefore && foci.Contains(reader.GetInt64(5));
                if (!isElsewhere && IsWanted(ResourceTypes.Name(reader.GetInt16(1)), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(0) == record))
                {
                    _referred.ExceptWith(HeadKeys.Decode(reader.IsDBNull(4) ? null : reader.GetFieldValue<byte[]>(4)).References.Select(r => r.Target));
                }
            }
        }

        /// <summary>It refers to a record by a parameter of the compartment: then it comes as a match, on a page of its own place.</summary>
        private bool IsOutsideMember(ResourceRow row, byte[]? keys) =>
            row.Pk != _focus && IsWanted(row.Resource.Type, row.Date, row.Resource.Seq, isFocus: false)
            && HeadKeys.Decode(keys).References.Any(r => foci.Contains(r.Target) && _parameters.Contains(r.Parameter));

        /// <summary>What the page refers to: the numbers stand in the heads' manifests, so that no body has to be read for them.</summary>
        private async Task<List<StoredResource>> ReferredAsync()
        {
            _referred.ExceptWith(_seen);
            _referred.ExceptWith(foci);
            var found = await RowsAsync([.. _referred.Order()]).ConfigureAwait(false);
            return [.. found.Where(f => !IsOutsideMember(f.Row, f.Keys) && (!_isPatient || !foci.Contains(f.Row.Pk)) && !NotReferred.Contains(f.Row.Resource.Type) && (_types.Count == 0 || _types.Contains(f.Row.Resource.Type))).Select(f => f.Row.Resource)];
        }

        private async Task<List<(ResourceRow Row, byte[]? Keys)>> RowsAsync(List<long> rids)
        {
            var rows = new List<(ResourceRow, byte[]?)>(rids.Count);
            if (rids.Count == 0)
            {
                return rows;
            }

            await using var command = connection.CreateCommand();
            command.CommandText = store._sight.Apply(store.Db, WithKeys);
            store._sight.Bind(store.Db, command);
            store.Db.AddLongs(command, "rids", rids);
            await using var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
            while (await reader.ReadAsync(ct).ConfigureAwait(false))
            {
                rows.Add((ResourceRow.Read(reader, store.Db.Keys), reader.IsDBNull(11) ? null : reader.GetFieldValue<byte[]>(11)));
            }

            rows.RemoveAll(row => !store._sight.Shows(row.Item1.Resource));
            return rows;
        }

        private static (bool Inside, (long Type, long Date, long Rid) At) Parse(string? cursor)
        {
            if (cursor is null)
            {
                return (true, (0, long.MinValue, 0));
            }

            var parts = cursor.Split('.');
            var numbers = new long[parts.Length];
            for (var i = 1; i < parts.Length; i++)
            {
                if (!long.TryParse(parts[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out numbers[i]))
                {
                    throw Refused();
                }
            }

            return (parts[0], parts.Length) switch
            {
                ("i", 4) => (true, (numbers[1], numbers[2], numbers[3])),
                ("o", 2) => (false, (0, 0, numbers[1])),
                _ => throw Refused(),
            };
        }

        private static ArgumentException Refused() => new("The paging cursor is damaged; start again from the first page.");
    }
}
