using System.Text.Json;
using Mach.Fhir.Search;
using Mach.Store.Reading;

namespace Mach.Store.Search;

/// <summary>_include and _revinclude of one page.</summary>
internal static class Includes
{
    /// <summary>So many resources may come with a page.</summary>
    public const int MaxIncluded = 1000;

    private const string PointingAt = ResourceRow.SelectHead + "JOIN ref f ON f.rid=r.rid WHERE f.tgt {inlong:rids} AND f.p=@p AND r.del=0 LIMIT @n";
    private const string InCompartment = ResourceRow.SelectHead + "WHERE r.pk {inlong:rids} AND r.type=@type AND r.del=0 LIMIT @n";

    /// <summary>What the matches refer to, without the matches themselves.</summary>
    public static IEnumerable<(string Type, string Id)> Forward(SearchQuery query, IReadOnlyList<StoredResource> matches)
    {
        var parameters = query.Includes.Select(i => SearchParameters.Find(i.Type, i.Parameter)!).ToList();
        var found = new HashSet<(string, string)>();
        foreach (var match in parameters.Count == 0 ? [] : matches)
        {
            using var document = JsonDocument.Parse(match.Body);
            foreach (var parameter in parameters)
            {
                found.UnionWith(SearchMatcher.References(document.RootElement, parameter));
            }
        }

        found.ExceptWith(matches.Select(m => (m.Type, m.Id)));
        return Limited(found);
    }

    /// <summary>What refers to the matches by the given parameters; decided on the bodies.</summary>
    public static async Task<IReadOnlyList<StoredResource>> BackwardAsync(SearchRun run, SearchQuery query, IReadOnlyList<ResourceRow> matches, CancellationToken ct)
    {
        var found = new Dictionary<(string, string), StoredResource>();
        var wanted = matches.Select(m => (m.Resource.Type, m.Resource.Id)).ToHashSet();
        var rids = JsonSerializer.Serialize(matches.Select(m => m.Rid));
        foreach (var (type, code) in matches.Count == 0 ? [] : query.RevIncludes)
        {
            var parameter = SearchParameters.Find(type, code)!;
            // A patient's own resources have no reference row: they are in the compartment.
            string[] statements = query.Type == "Patient" ? [InCompartment, PointingAt] : [PointingAt];
            foreach (var statement in statements)
            {
                await using var command = run.Connection.CreateCommand();
                command.CommandText = run.Db.Sql(statement);
                command.With("rids", rids).With("n", MaxIncluded + 1);
                command.With(statement == InCompartment ? "type" : "p", statement == InCompartment ? ResourceTypes.Number(type) : parameter.Number);
                await using var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
                var read = 0;
                while (await reader.ReadAsync(ct).ConfigureAwait(false))
                {
                    Limit(++read);
                    var resource = ResourceRow.Read(reader).Resource;
                    using var document = JsonDocument.Parse(resource.Body);
                    if (SearchMatcher.References(document.RootElement, parameter).Any(wanted.Contains) && !wanted.Contains((resource.Type, resource.Id)))
                    {
                        found[(resource.Type, resource.Id)] = resource;
                    }
                }
            }
        }

        Limit(found.Count);
        return [.. found.Values];
    }

    private static HashSet<(string, string)> Limited(HashSet<(string, string)> found)
    {
        Limit(found.Count);
        return found;
    }

    private static void Limit(int count)
    {
        if (count > MaxIncluded)
        {
            throw new SearchException("too-costly", $"More than {MaxIncluded} resources would come with this page; ask for a smaller _count.");
        }
    }
}
