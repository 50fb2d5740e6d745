namespace Mach.Fhir.Path;

/// <summary>An ordered collection, as every FHIRPath expression gives one. None and one cost no memory of their own.</summary>
internal readonly struct Values
{
    /// <summary>Null, a node, or a list of at least two that nobody changes any more.</summary>
    private readonly object? _content;

    public Values(FhirNode? one) => _content = one;

    private Values(List<FhirNode> many) => _content = many;

    public int Count => _content switch { null => 0, FhirNode => 1, _ => System.Runtime.CompilerServices.Unsafe.As<List<FhirNode>>(_content).Count };

    public bool IsEmpty => _content is null;

    /// <summary>The node of a collection of one; null otherwise.</summary>
    public FhirNode? One => _content as FhirNode;

    public FhirNode this[int index] => _content is FhirNode one ? one : ((List<FhirNode>)_content!)[index];

    public static Values Of(List<FhirNode> nodes) => nodes.Count switch { 0 => default, 1 => new Values(nodes[0]), _ => new Values(nodes) };

    public IReadOnlyList<FhirNode> ToList() => _content switch { null => [], FhirNode one => [one], _ => (List<FhirNode>)_content };

    /// <exception cref="FhirPathException">There are several: http://hl7.org/fhirpath/N1/#singleton-evaluation-of-collections.</exception>
    public FhirNode? Single(int position) => _content switch
    {
        null => null,
        FhirNode one => one,
        _ => throw new FhirPathException("One item is expected here, not several.", position),
    };
}

/// <summary>Collects nodes; must not be copied while it collects.</summary>
internal struct ValuesBuilder
{
    private FhirNode? _first;
    private List<FhirNode>? _many;

    public readonly int Count => _many?.Count ?? (_first is null ? 0 : 1);

    public void Add(FhirNode node)
    {
        if (_many is not null)
        {
            _many.Add(node);
        }
        else if (_first is null)
        {
            _first = node;
        }
        else
        {
            _many = [_first, node];
        }
    }

    public void AddAll(in Values values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            Add(values[i]);
        }
    }

    public readonly Values ToValues() => _many is null ? new Values(_first) : Values.Of(_many);
}
