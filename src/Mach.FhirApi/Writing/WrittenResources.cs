using System.Text.Json;
using Mach.Fhir.Search;

namespace Mach.FhirApi.Writing;

/// <summary>What a transaction is about to write, as searches will see it.</summary>
internal sealed class WrittenResources(IReadOnlyList<Change> changes) : IDisposable
{
    /// <summary>So many times a resource is held against a search.</summary>
    public const int MaxLooks = 1_000_000;

    private readonly Dictionary<string, List<(string Id, JsonDocument Document)>> _byType = new(StringComparer.Ordinal);
    private int _looks;

    /// <summary>Ids of the resources of a type that are written or deleted.</summary>
    public IReadOnlyCollection<string> Touched(string type) =>
        [.. changes.Where(c => c.Type == type && c is { Result: null, SameAs: null, Target.Length: > 0 }).Select(c => c.Target)];

    /// <summary>Ids of those that answer a search which needs no other resources; null when there are too many to look at.</summary>
    public IReadOnlyCollection<string>? Answering(SearchQuery query)
    {
        if (!_byType.TryGetValue(query.Type, out var resources))
        {
            _byType[query.Type] = resources = [.. changes
                .Where(c => c.Type == query.Type && c is { Result: null, SameAs: null, Kind: not ChangeKind.Delete })
                .Select(c => (c.Target, JsonDocument.Parse(c.Body)))];
        }

        _looks += resources.Count;
        // Whatever is written now has changed last.
        return _looks > MaxLooks ? null : [.. resources.Where(r => SearchMatcher.Matches(r.Document.RootElement, query, long.MaxValue - 1)).Select(r => r.Id)];
    }

    public void Dispose()
    {
        foreach (var (_, document) in _byType.Values.SelectMany(r => r))
        {
            document.Dispose();
        }
    }
}
