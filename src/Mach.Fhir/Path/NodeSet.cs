namespace Mach.Fhir.Path;

/// <summary>Items without those that equal an earlier one, in the order in which they came.</summary>
internal struct NodeSet(Frame frame)
{
    /// <summary>Up to this many, looking through them costs less than a table.</summary>
    private const int FewItems = 8;

    private readonly NodeComparer _comparer = new(frame.Context.Offset);
    private ValuesBuilder _items;
    private HashSet<FhirNode>? _table;

    /// <summary>False when it was there.</summary>
    public bool Add(FhirNode node)
    {
        frame.Count(1);
        if (_table is not null ? !_table.Add(node) : Contains(node))
        {
            return false;
        }

        _items.Add(node);
        if (_table is null && _items.Count > FewItems)
        {
            _table = new HashSet<FhirNode>(_items.ToValues().ToList(), _comparer);
        }

        return true;
    }

    public void AddAll(in Values values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            Add(values[i]);
        }
    }

    public readonly bool Contains(FhirNode node)
    {
        if (_table is not null)
        {
            return _table.Contains(node);
        }

        var items = _items.ToValues();
        for (var i = 0; i < items.Count; i++)
        {
            if (_comparer.Equals(items[i], node))
            {
                return true;
            }
        }

        return false;
    }

    public readonly Values ToValues() => _items.ToValues();
}
