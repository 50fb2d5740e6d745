namespace Mach.Fhir.Search;

internal enum IndexAction { Token, Phone, Uri, Text, Name, Address, Date, Reference, Quantity, Presence, ClinicalDate, Compartment, Organization, BirthYear }

/// <param name="Parameter">Whose rows are made; null for the actions that fill the resource's own keys.</param>
/// <param name="Rank">Of dates: the first path that gives one wins.</param>
internal sealed record IndexStep(IndexAction Action, SearchParameter? Parameter, int Rank = 0);

/// <summary>One place in a type's JSON where index rows come from, or that leads to such places.</summary>
internal sealed class IndexNode(PathStep step)
{
    private readonly List<IndexNode> _children = [];

    public PathStep Step { get; } = step;

    public List<IndexStep> Steps { get; } = [];

    /// <summary>Several may have the same name, when they look at different items.</summary>
    public IReadOnlyList<IndexNode> Children => _children;

    public IndexNode Descend(IEnumerable<PathStep> steps)
    {
        var node = this;
        foreach (var step in steps)
        {
            var next = node._children.Find(child => child.Step == step);
            if (next is null)
            {
                next = new IndexNode(step);
                node._children.Add(next);
            }

            node = next;
        }

        return node;
    }
}

/// <summary>All paths of one type as one tree of UTF-8 property names, so that a resource is walked once.</summary>
internal sealed class IndexPlan
{
    public IndexNode Root { get; } = new(new PathStep(""));
    public SearchParameter? NameFull { get; private init; }
    public SearchParameter? NamePair { get; private init; }
    public SearchParameter? NameYear { get; private init; }

    /// <summary>The parameter in whose lists every resource of the type stands, also without a date; null when the type has none.</summary>
    public SearchParameter? PrimaryDate { get; private init; }

    /// <summary>Parameters that are evaluated, not walked to: only added ones, in most stores none.</summary>
    public List<IndexStep> Evaluated { get; } = [];

    public static IndexPlan Compile(SearchCatalog catalog, string type)
    {
        var plan = new IndexPlan
        {
            NameFull = catalog.FindInternal(type, "_name-full"),
            NamePair = catalog.FindInternal(type, "_name-pair"),
            NameYear = catalog.FindInternal(type, "_name-year"),
            PrimaryDate = catalog.PrimaryDate(type),
        };
        foreach (var parameter in catalog.ForType(type).Where(p => p.Indexing is SearchIndexing.Bare or SearchIndexing.Full))
        {
            if (parameter.Evaluated is not null)
            {
                plan.Evaluated.Add(new IndexStep(ActionOf(parameter), parameter));
            }

            foreach (var path in parameter.Compiled)
            {
                plan.Add(path, new IndexStep(path.IsPresence ? IndexAction.Presence : ActionOf(parameter), parameter));
            }
        }

        plan.AddOwnKeys(catalog, type);
        return plan;
    }

    private void AddOwnKeys(SearchCatalog catalog, string type)
    {
        var keys = catalog.Types.GetValueOrDefault(type);
        for (var i = 0; i < keys?.Dates.Count; i++)
        {
            Add(SearchPath.Parse(keys.Dates[i]), new IndexStep(IndexAction.ClinicalDate, null, i));
        }

        foreach (var path in keys?.Organization ?? [])
        {
            Add(SearchPath.Parse(path), new IndexStep(IndexAction.Organization, null));
        }

        // Types without a "patient" parameter of their own follow R4's habit of naming.
        var patient = catalog.Find(type, "patient")?.Paths ?? (type == "Patient" ? [] : ["_.subject", "_.patient", "_.securityContext"]);
        foreach (var path in patient)
        {
            Add(SearchPath.Parse(path), new IndexStep(IndexAction.Compartment, null));
        }

        if (NameYear is not null)
        {
            Add(SearchPath.Parse(type + ".birthDate"), new IndexStep(IndexAction.BirthYear, NameYear));
        }
    }

    private void Add(SearchPath path, IndexStep step) => Root.Descend(path.IsPresence ? [] : path.Steps).Steps.Add(step);

    public static IndexAction ActionOf(SearchParameter parameter) => (parameter.Kind, parameter.Form) switch
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
