using System.Data.Common;
using System.Text.Json;
using Dapper;
using Mach.Data;
using Mach.Fhir.Search;
using Mach.Store.Reading;

namespace Mach.Store;

public partial class RecordView
{
    private const string ByTypeAndId = ResourceRow.SelectHead + "WHERE r.type=@type AND r.fid=@id{sight}";
    private const string ByVersion = ResourceRow.SelectVersion + "WHERE r.type=@type AND r.fid=@id AND v.vno=@version{sight}";
    private const string ByTypeAndIds = ResourceRow.SelectHead + "WHERE r.type=@type AND r.fid {in:ids} AND r.del=0{sight}";
    private const string TokenHolders = "SELECT DISTINCT rid FROM tok WHERE h {inlong:hashes}";

    /// <summary>The plus keeps both planners from beginning with all heads of the type.</summary>
    private const string ByRids = ResourceRow.SelectHead + "WHERE r.rid {inlong:rids} AND +r.type=@type AND r.del=0{sight}";

    /// <summary>Current version (also a deleted one); null when it never existed.</summary>
    public Task<StoredResource?> ReadAsync(string type, string id, CancellationToken ct) =>
        FirstAsync(ByTypeAndId, type, id, null, ct);

    /// <summary>One version, current or old; null when there is none of that number.</summary>
    public Task<StoredResource?> ReadVersionAsync(string type, string id, int version, CancellationToken ct) =>
        FirstAsync(ByVersion, type, id, version, ct);

    /// <summary>Several heads at once, in no order; unknown and deleted ones are left out.</summary>
    public async Task<IReadOnlyList<StoredResource>> ReadManyAsync(IReadOnlyList<(string Type, string Id)> keys, CancellationToken ct)
    {
        if (keys.Count == 0)
        {
            return [];
        }

        await using var connection = await _sight.OpenAsync(Db, ct).ConfigureAwait(false);
        var found = new List<StoredResource>(keys.Count);
        foreach (var group in keys.Distinct().GroupBy(k => k.Type, k => k.Id))
        {
            var ids = JsonSerializer.Serialize(group.ToArray());
            found.AddRange(await RowsAsync(connection, ByTypeAndIds, new { type = TypeNumber(group.Key), ids }, ct).ConfigureAwait(false));
        }

        return Shown(found, found);
    }

    /// <summary>Resources of a type that hold any of these business keys as identifier ("system|value" or "|value"), by key. Deleted ones left out; rechecked against the body.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<StoredResource>>> FindByIdentifierAsync(string type, IReadOnlyCollection<string> keys, CancellationToken ct)
    {
        var parameter = SearchParameters.Find(type, "identifier") ?? throw new ArgumentException($"{type} has no identifier parameter.", nameof(type));
        var found = new Dictionary<string, IReadOnlyList<StoredResource>>(StringComparer.Ordinal);
        var wanted = keys.ToHashSet(StringComparer.Ordinal);
        if (wanted.Count == 0)
        {
            return found;
        }

        var hashes = JsonSerializer.Serialize(wanted.Select(k => Hash(parameter.Number, k)).ToArray());
        await using var connection = await _sight.OpenAsync(Db, ct).ConfigureAwait(false);
        // Two short statements: a planner with stale statistics has no join to get wrong.
        var holding = (await connection.QueryAsync<long>(new CommandDefinition(Db.Sql(TokenHolders), new { hashes }, cancellationToken: ct)).ConfigureAwait(false)).AsList();
        if (holding.Count == 0)
        {
            return found;
        }

        var rows = await RowsAsync(connection, ByRids, new { rids = JsonSerializer.Serialize(holding), type = TypeNumber(type) }, ct).ConfigureAwait(false);
        foreach (var resource in rows.DistinctBy(r => r.Id))
        {
            foreach (var key in Identifiers.Of(resource.Body).Where(wanted.Contains).Distinct(StringComparer.Ordinal))
            {
                if (!found.TryGetValue(key, out var holders))
                {
                    found[key] = holders = new List<StoredResource>(1);
                }

                ((List<StoredResource>)holders).Add(resource);
            }
        }

        return Shown(found, found.Values.SelectMany(held => held).Distinct());
    }

    private protected static short TypeNumber(string type) => ResourceTypes.Exists(type)
        ? ResourceTypes.Number(type)
        : throw new ArgumentException($"'{type}' is not an R4 resource type.", nameof(type));

    /// <summary>The most asked question of all: little stands between it and the driver.</summary>
    private async Task<StoredResource?> FirstAsync(string sql, string type, string id, int? version, CancellationToken ct)
    {
        var found = (version is null && _sight.HasPlain ? await FirstAsync(sql, isPlain: true, type, id, null, ct).ConfigureAwait(false) : null)
            ?? await FirstAsync(sql, isPlain: false, type, id, version, ct).ConfigureAwait(false);
        return found is null ? null : Shown(found, [found]);
    }

    private Task<StoredResource?> FirstAsync(string sql, bool isPlain, string type, string id, int? version, CancellationToken ct)
    {
        var statement = new BriefStatement(isPlain ? _sight.ApplyPlain(Db, sql) : _sight.Apply(Db, sql)).With("type", TypeNumber(type)).With("id", id);
        if (version is { } number)
        {
            statement.With("version", number);
        }

        _sight.Bind(Db, statement, isPlain);
        return _sight.AskAsync(Db, statement, async reader => await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false) && ResourceRow.IsShown(reader, _sight, Db.Keys)
            && ResourceRow.Read(reader, Db.Keys).Resource is var found && _sight.Shows(found) ? found : null, ct);
    }

    private protected async Task<List<StoredResource>> RowsAsync(string sql, object parameters, CancellationToken ct)
    {
        await using var connection = await _sight.OpenAsync(Db, ct).ConfigureAwait(false);
        return await RowsAsync(connection, sql, parameters, ct).ConfigureAwait(false);
    }

    /// <param name="passed">Told the sequence number of every row, shown or not.</param>
    private async Task<List<StoredResource>> RowsAsync(DbConnection connection, string sql, object parameters, CancellationToken ct, Action<long>? passed = null)
    {
        await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition(_sight.Apply(Db, sql), _sight.With(Db, parameters), cancellationToken: ct)).ConfigureAwait(false);
        var rows = new List<StoredResource>();
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            if (ResourceRow.IsShown(reader, _sight, Db.Keys))
            {
                var resource = ResourceRow.Read(reader, Db.Keys).Resource;
                if (_sight.Shows(resource))
                {
                    rows.Add(resource);
                }
            }

            passed?.Invoke(reader.GetInt64(6));
        }

        return rows;
    }
}
