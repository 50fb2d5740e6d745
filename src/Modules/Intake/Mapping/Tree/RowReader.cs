using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Mapping.Tree;

/// <summary>Gathers what the resources say about one row; <see cref="Finish"/> settles it, in this order: exact text, absent or empty tag, element, what follows, default.</summary>
internal sealed class RowReader(TableMap map, DossierRow row, int ordinal)
{
    private readonly string?[] _native = new string?[map.Names.Length];
    private readonly string?[] _exact = new string?[map.Names.Length];
    private UInt128 _absent;
    private UInt128 _empty;
    private bool _restIsAbsent;

    public DossierRow Row => row;
    public TableMap Map => map;

    public void Native(int field, string value) => _native[field] = value;

    public void Native(string field, string value)
    {
        if (map.Table.IndexOf(field) is var index and >= 0)
        {
            _native[index] = value;
        }
    }

    public void Exact(string field, string value)
    {
        if (map.Table.IndexOf(field) is var index and >= 0)
        {
            _exact[index] = value;
        }
    }

    public void RestIsAbsent() => _restIsAbsent = true;

    public void Absent(string names) => _absent |= map.FieldsOf(names);

    public void Empty(string names) => _empty |= map.FieldsOf(names);

    public void Unknown(string name, string value) => (row.Unknown ??= []).Add(new(name, value));

    /// <summary>Fills the row. XML1 comes first: other rows follow from it.</summary>
    public void Finish(string maLk, string facility, DossierRow summary)
    {
        for (var i = 0; i < _native.Length; i++)
        {
            var bit = UInt128.One << i;
            row[i] = _exact[i] is { } exact ? exact
                : (_absent & bit) != 0 ? null
                : (_empty & bit) != 0 ? ""
                : _native[i] is { } native ? native
                : map.Implied[i].Kind != ImpliedKind.None ? map.Implied[i].Value(maLk, facility, ordinal, summary)
                : _restIsAbsent ? null : "";
        }
    }
}
