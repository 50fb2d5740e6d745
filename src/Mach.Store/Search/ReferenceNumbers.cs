using System.Data.Common;
using System.Text.Json;
using Mach.Data;
using Mach.Fhir.Search;

namespace Mach.Store.Search;

/// <summary>The internal numbers of the resources that a query refers to, placeholders included.</summary>
internal sealed class ReferenceNumbers(SearchLine line)
{
    private const string Numbers = "SELECT fid, rid FROM res WHERE type=@type AND fid {in:ids}";

    public async Task<IReadOnlyDictionary<(string Type, string Id), long>> FindAsync(SearchQuery query, CancellationToken ct)
    {
        var found = new Dictionary<(string, string), long>();
        foreach (var group in Wanted(query).Distinct().GroupBy(r => r.Type, r => r.Id))
        {
            var statement = new BriefStatement(line.Db.Sql(Numbers)).With("type", ResourceTypes.Number(group.Key)).With("ids", JsonSerializer.Serialize(group.ToArray()));
            foreach (var (id, number) in await line.AskAsync(statement, NumbersAsync, ct).ConfigureAwait(false))
            {
                found[(group.Key, id)] = number;
            }
        }

        return found;
    }

    private static async Task<List<(string Id, long Number)>> NumbersAsync(DbDataReader reader)
    {
        var numbers = new List<(string, long)>();
        while (await reader.ReadAsync().ConfigureAwait(false))
        {
            numbers.Add((reader.GetString(0), reader.GetInt64(1)));
        }

        return numbers;
    }

    private static IEnumerable<(string Type, string Id)> Wanted(SearchQuery query) =>
        from clause in query.Clauses
        where clause.Parameter.Kind == SearchKind.Reference && clause.Modifier is null
        from value in clause.Parsed.OfType<ReferenceValue>()
        where value.Id is not null
        from type in value.Type is { } only ? [only] : clause.Parameter.Targets
        select (type, value.Id!);
}
