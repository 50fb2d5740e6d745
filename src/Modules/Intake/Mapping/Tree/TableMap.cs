using System.Collections.Concurrent;
using System.Text.Json;
using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Mapping.Tree;

/// <summary>Everything about how the rows of one shape of a table become resources.</summary>
internal abstract class TableMap
{
    private readonly ConcurrentDictionary<UInt128, string> _lists = new();
    private readonly Dictionary<string, Fragment> _fragments = new(StringComparer.Ordinal);

    protected TableMap(BhytTable table)
    {
        if (table.Fields.Count > 128)
        {
            throw new ArgumentException($"{table.Name} has more than 128 fields", nameof(table));
        }

        Table = table;
        Names = [.. table.Fields.Select(f => JsonEncodedText.Encode(f.Name))];
        Implied = new Implied[table.Fields.Count];
    }

    public BhytTable Table { get; }
    public JsonEncodedText[] Names { get; }

    /// <summary>By field; only for fields without an element of their own.</summary>
    public Implied[] Implied { get; }

    public IReadOnlyCollection<Fragment> Fragments => _fragments.Values;

    /// <summary>Decides which resources the row becomes, and their ids.</summary>
    public abstract void Plan(DossierScope scope, RowPlan row);

    /// <summary>Fragments that may answer for a whole row.</summary>
    public abstract IEnumerable<Fragment> Mains { get; }

    /// <summary>Places of fields that no fragment's template holds, for docs/mapping.</summary>
    public virtual IEnumerable<Mention> Elsewhere => [];

    public Fragment? Find(string kind) => _fragments.GetValueOrDefault(kind);

    /// <summary>Names of the fields, separated by blanks.</summary>
    public string NamesOf(UInt128 fields)
    {
        if (_lists.TryGetValue(fields, out var names))
        {
            return names;
        }

        names = string.Join(' ', Table.Fields.Where(f => ((fields >> f.Index) & 1) != 0).Select(f => f.Name));
        return _lists.Count < 4096 ? _lists.GetOrAdd(fields, names) : names;
    }

    public UInt128 FieldsOf(string names)
    {
        UInt128 fields = default;
        foreach (var range in names.AsSpan().Split(' '))
        {
            if (Table.IndexOf(names[range]) is var index and >= 0)
            {
                fields |= UInt128.One << index;
            }
        }

        return fields;
    }

    protected Fragment Add(Fragment fragment)
    {
        _fragments.Add(fragment.Kind, fragment);
        return fragment;
    }

    /// <summary>Call when all fragments are there: settles which fields may be left out because they follow.</summary>
    /// <param name="elsewhere">Fields that resources without a template carry.</param>
    protected void Close(UInt128 elsewhere = default)
    {
        var native = elsewhere;
        foreach (var fragment in _fragments.Values)
        {
            native |= fragment.Native;
        }

        foreach (var field in Table.Fields)
        {
            if (((native >> field.Index) & 1) == 0)
            {
                Implied[field.Index] = Tree.Implied.For(Table.Name, field.Name);
            }
        }
    }
}
