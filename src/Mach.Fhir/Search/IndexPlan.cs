using System.Collections.Concurrent;
using System.Text;

namespace Mach.Fhir.Search;

internal enum IndexAction { Token, Phone, Uri, Text, Name, Address, Date, Reference, Quantity, ClinicalDate, Compartment, Organization, BirthYear }

/// <param name="Parameter">Whose rows are made; null for the actions that fill the resource's own keys.</param>
/// <param name="System">Only elements with this <c>system</c>.</param>
/// <param name="Rank">Of dates: the first path that gives one wins.</param>
internal sealed record IndexStep(IndexAction Action, SearchParameter? Parameter, string? System = null, int Rank = 0);

/// <summary>One place in a type's JSON where index rows come from, or that leads to such places.</summary>
internal sealed class IndexNode
{
    private readonly List<(byte[] Name, IndexNode Node)> _children = [];

    public List<IndexStep> Steps { get; } = [];

    public bool HasChildren => _children.Count > 0;

    public IndexNode? Find(ReadOnlySpan<byte> name)
    {
        foreach (var (known, node) in _children)
        {
            if (name.SequenceEqual(known))
            {
                return node;
            }
        }

        return null;
    }

    public IndexNode Descend(IEnumerable<string> steps)
    {
        var node = this;
        foreach (var step in steps)
        {
            var name = Encoding.UTF8.GetBytes(step);
            if (node.Find(name) is not { } next)
            {
                next = new IndexNode();
                node._children.Add((name, next));
            }

            node = next;
        }

        return node;
    }
}

/// <summary>All paths of one type as one tree of UTF-8 property names, so that a resource is walked once.</summary>
internal sealed class IndexPlan
{
    private static readonly ConcurrentDictionary<string, IndexPlan> Plans = new(StringComparer.Ordinal);

    public IndexNode Root { get; } = new();
    public SearchParameter? NameFull { get; private init; }
    public SearchParameter? NamePair { get; private init; }
    public SearchParameter? NameYear { get; private init; }

    public static IndexPlan ForType(string type) => Plans.TryGetValue(type, out var plan) ? plan : Plans.GetOrAdd(type, Compile);

    private static IndexPlan Compile(string type)
    {
        var plan = new IndexPlan
        {
            NameFull = SearchParameters.FindInternal(type, "_name-full"),
            NamePair = SearchParameters.FindInternal(type, "_name-pair"),
            NameYear = SearchParameters.FindInternal(type, "_name-year"),
        };
        foreach (var parameter in SearchParameters.ForType(type).Where(p => p.Indexing != SearchIndexing.None))
        {
            foreach (var path in parameter.Paths.Select(SearchPath.Parse))
            {
                plan.Add(path, new IndexStep(ActionOf(parameter), parameter, path.System));
            }
        }

        plan.AddOwnKeys(type);
        return plan;
    }

    private void AddOwnKeys(string type)
    {
        var definition = SearchParameters.Types.GetValueOrDefault(type);
        for (var i = 0; i < definition?.Dates.Count; i++)
        {
            Add(SearchPath.Parse(definition.Dates[i]), new IndexStep(IndexAction.ClinicalDate, null, Rank: i));
        }

        foreach (var path in definition?.Organization ?? [])
        {
            Add(SearchPath.Parse(path), new IndexStep(IndexAction.Organization, null));
        }

        // Types without a "patient" parameter of their own follow R4's habit of naming.
        var patient = SearchParameters.Find(type, "patient")?.Paths ?? (type == "Patient" ? [] : ["_.subject", "_.patient", "_.securityContext"]);
        foreach (var path in patient)
        {
            Add(SearchPath.Parse(path), new IndexStep(IndexAction.Compartment, null));
        }

        if (NameYear is not null)
        {
            Add(SearchPath.Parse(type + ".birthDate"), new IndexStep(IndexAction.BirthYear, NameYear));
        }
    }

    private void Add(SearchPath path, IndexStep step)
    {
        if (path.IsPresence)
        {
            throw new FormatException("Whether an element is there is answered by the recheck; such a parameter has no rows.");
        }

        Root.Descend(path.Steps).Steps.Add(step);
    }

    private static IndexAction ActionOf(SearchParameter parameter) => (parameter.Kind, parameter.Form) switch
    {
        (SearchKind.Token, SearchForm.Phone) => IndexAction.Phone,
        (SearchKind.Token, _) => IndexAction.Token,
        (SearchKind.Uri, _) => IndexAction.Uri,
        (SearchKind.String, SearchForm.Name) => IndexAction.Name,
        (SearchKind.String, SearchForm.Address) => IndexAction.Address,
        (SearchKind.String, _) => IndexAction.Text,
        (SearchKind.Date, _) => IndexAction.Date,
        (SearchKind.Reference, _) => IndexAction.Reference,
        _ => IndexAction.Quantity,
    };
}
