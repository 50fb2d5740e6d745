using System.Text.Json;
using Mach.Fhir.Search;
using Mach.Store.Reading;

namespace Mach.Store.Search;

/// <summary>_include and _revinclude of one page, and with :iterate of what they brought (http://hl7.org/fhir/R4/search.html#include).</summary>
internal sealed class Includes(RecordView store, SearchRun run, SearchQuery query, CancellationToken ct)
{
    /// <summary>So many resources may come with a page.</summary>
    public const int MaxIncluded = 1000;

    /// <summary>So many times what was included is looked at again.</summary>
    private const int MaxRounds = 8;

    private const string PointingAt = ResourceRow.SelectHead + "JOIN ref f ON f.rid=r.rid WHERE f.tgt {inlong:rids} AND f.p=@p AND r.del=0{sight} LIMIT @n";
    private const string InCompartment = ResourceRow.SelectHead + "WHERE r.pk {inlong:rids} AND r.type=@type AND r.del=0{sight} LIMIT @n";
    private const string NumberOf = "SELECT rid FROM res WHERE type=@type AND fid {in:ids}";

    private readonly Dictionary<(string Type, string Id), StoredResource> _included = [];
    private HashSet<(string Type, string Id)> _matches = [];

    public async Task<IReadOnlyList<StoredResource>> OfAsync(IReadOnlyList<ResourceRow> matches)
    {
        if (query.Includes.Count + query.RevIncludes.Count == 0 || matches.Count == 0)
        {
            return [];
        }

        _matches = matches.Select(m => (m.Resource.Type, m.Resource.Id)).ToHashSet();
        List<StoredResource> fresh = [.. matches.Select(m => m.Resource)];
        var (forward, backward) = (query.Includes, query.RevIncludes);
        for (var round = 0; round < MaxRounds && fresh.Count > 0 && forward.Count + backward.Count > 0; round++)
        {
            var found = new List<StoredResource>();
            found.AddRange(await store.ReadManyAsync([.. Forward(fresh, forward)], ct).ConfigureAwait(false));
            found.AddRange(await BackwardAsync(fresh, backward).ConfigureAwait(false));
            fresh = Keep(found);
            (forward, backward) = ([.. query.Includes.Where(i => i.Iterate)], [.. query.RevIncludes.Where(i => i.Iterate)]);
        }

        return [.. _included.Values];
    }

    private List<StoredResource> Keep(List<StoredResource> found)
    {
        var fresh = found.Where(r => !_matches.Contains((r.Type, r.Id)) && _included.TryAdd((r.Type, r.Id), r)).ToList();
        Limit(_included.Count);
        return fresh;
    }

    private HashSet<(string, string)> Forward(IReadOnlyList<StoredResource> from, IReadOnlyList<SearchInclude> includes)
    {
        var found = new HashSet<(string Type, string Id)>();
        foreach (var resource in includes.Count == 0 ? [] : from)
        {
            using var document = JsonDocument.Parse(resource.Body);
            foreach (var include in includes.Where(i => i.Type is null || i.Type == resource.Type))
            {
                foreach (var parameter in Parameters(resource.Type, include))
                {
                    found.UnionWith(SearchMatcher.References(document.RootElement, parameter).Where(r => include.Target is null || r.Type == include.Target));
                }
            }
        }

        found.ExceptWith(_matches);
        found.ExceptWith(_included.Keys);
        Limit(found.Count);
        return found;
    }

    /// <summary>What refers to the given resources; decided on the bodies.</summary>
    private async Task<List<StoredResource>> BackwardAsync(IReadOnlyList<StoredResource> to, IReadOnlyList<SearchInclude> includes)
    {
        var found = new List<StoredResource>();
        foreach (var include in includes)
        {
            foreach (var group in to.Where(r => include.Target is null || r.Type == include.Target).GroupBy(r => r.Type, r => r.Id))
            {
                var wanted = group.ToHashSet(StringComparer.Ordinal);
                var rids = await NumbersAsync(group.Key, wanted).ConfigureAwait(false);
                foreach (var parameter in Parameters(include.Type!, include).Where(p => p.Targets.Count == 0 || p.Targets.Contains(group.Key)))
                {
                    await PointingAtAsync(group.Key, wanted, rids, include.Type!, parameter, found).ConfigureAwait(false);
                }
            }
        }

        return found;
    }

    private async Task PointingAtAsync(string target, HashSet<string> wanted, string rids, string type, SearchParameter parameter, List<StoredResource> found)
    {
        // A patient's own resources have no reference row: they are in the compartment.
        string[] statements = target == "Patient" ? [InCompartment, PointingAt] : [PointingAt];
        foreach (var statement in statements)
        {
            await using var command = run.Connection.CreateCommand();
            command.CommandText = run.Sight.Apply(run.Db, statement);
            run.Sight.Bind(run.Db, command);
            command.With("rids", rids).With("n", MaxIncluded + 1);
            command.With(statement == InCompartment ? "type" : "p", statement == InCompartment ? ResourceTypes.Number(type) : parameter.Number);
            await using var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
            var read = 0;
            while (await reader.ReadAsync(ct).ConfigureAwait(false))
            {
                Limit(++read);
                var resource = ResourceRow.Read(reader, store.Db.Keys).Resource;
                using var document = JsonDocument.Parse(resource.Body);
                if (resource.Type == type && run.Sight.Shows(resource) && SearchMatcher.References(document.RootElement, parameter).Any(r => r.Type == target && wanted.Contains(r.Id)))
                {
                    found.Add(resource);
                }
            }
        }
    }

    private async Task<string> NumbersAsync(string type, IEnumerable<string> ids)
    {
        await using var command = run.Connection.CreateCommand();
        command.CommandText = run.Db.Sql(NumberOf);
        command.With("type", ResourceTypes.Number(type)).With("ids", JsonSerializer.Serialize(ids));
        var numbers = new List<long>();
        await using var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            numbers.Add(reader.GetInt64(0));
        }

        return JsonSerializer.Serialize(numbers);
    }

    private IEnumerable<SearchParameter> Parameters(string type, SearchInclude include) => include.Parameter is { } code
        ? query.Catalog.Find(type, code) is { } one ? [one] : []
        : query.Catalog.ForType(type).Where(p => p.Kind == SearchKind.Reference && !query.Catalog.Pending.Contains((type, p.Code)));

    private static void Limit(int count)
    {
        if (count > MaxIncluded)
        {
            throw new SearchException("too-costly", $"More than {MaxIncluded} resources would come with this page; ask for a smaller _count.");
        }
    }
}
