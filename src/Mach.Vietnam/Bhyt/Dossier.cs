namespace Mach.Vietnam.Bhyt;

/// <summary>One row as received: values by field, unknown fields beside them. Values are exact (blanks, line breaks and odd forms kept).</summary>
public sealed class DossierRow
{
    private readonly string?[] _values;

    /// <param name="table">The shape the row was read with.</param>
    /// <param name="position">1-based place in the received table.</param>
    public DossierRow(BhytTable table, int position)
    {
        Table = table;
        Position = position;
        _values = new string?[table.Fields.Count];
    }

    public BhytTable Table { get; }
    public int Position { get; }

    /// <summary>Value by place; null = the tag was absent, "" = the tag was empty.</summary>
    public string? this[int index]
    {
        get => _values[index];
        set => _values[index] = value;
    }

    /// <summary>Value by field name; null for absent or unknown fields. Setting an unknown name throws.</summary>
    public string? this[string field]
    {
        get => Table.IndexOf(field) is var i and >= 0 ? _values[i] : null;
        set => _values[Table.IndexOf(field) is var i and >= 0 ? i : throw new ArgumentException($"{Table.Name} has no field {field}", nameof(field))] = value;
    }

    /// <summary>Trimmed value, or null when absent or blank.</summary>
    public string? Get(string field) => this[field]?.Trim() is { Length: > 0 } v ? v : null;

    /// <summary>Fields the table does not define, in received order; kept exactly.</summary>
    public List<KeyValuePair<string, string>>? Unknown { get; set; }
}

/// <summary>One table of a dossier as received.</summary>
public sealed class DossierTable
{
    /// <summary>LOAIHOSO as sent, trimmed, upper case.</summary>
    public required string Name { get; init; }
    /// <summary>Null for a table that is not defined (beyond XML15): then only <see cref="Raw"/> is kept.</summary>
    public BhytTable? Definition { get; init; }
    public List<DossierRow> Rows { get; } = [];
    /// <summary>The inner XML text of an undefined table; null otherwise.</summary>
    public string? Raw { get; init; }
}

/// <summary>One dossier: everything a facility sent about one treatment episode.</summary>
public sealed class Dossier
{
    /// <summary>1-based place in its envelope.</summary>
    public int Position { get; init; } = 1;
    /// <summary>MACSKCB of the envelope, or of the table when it has no envelope; trimmed.</summary>
    public required string FacilityCode { get; init; }
    /// <summary>MA_LK, trimmed.</summary>
    public required string MaLk { get; init; }
    public List<DossierTable> Tables { get; } = [];

    public DossierTable? this[string name] => Tables.Find(t => t.Name == name);

    /// <summary>The one row of XML1 (or of XML0 in a check-in).</summary>
    public DossierRow Summary => (this["XML1"] ?? this["XML0"])?.Rows.FirstOrDefault() ?? throw new InvalidOperationException("A dossier without XML1 or XML0 is never built.");
    /// <summary>True for a check-in message (XML0 on its own).</summary>
    public bool IsCheckIn => this["XML1"] is null;
}
