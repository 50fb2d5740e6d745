using Mach.Kernel;

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

    /// <summary>Fields the table does not define, and repetitions of those it does, in received order; kept exactly.</summary>
    public List<KeyValuePair<string, string>>? Unknown { get; set; }

    /// <summary>The same row in another shape of its table; a value whose field that shape does not have becomes unknown.</summary>
    internal DossierRow In(BhytTable shape)
    {
        var row = new DossierRow(shape, Position) { Unknown = Unknown };
        for (var i = 0; i < _values.Length; i++)
        {
            if (_values[i] is not { } value)
            {
                continue;
            }

            var place = shape.IndexOf(Table.Fields[i].Name);
            if (place >= 0)
            {
                row[place] = value;
            }
            else
            {
                (row.Unknown ??= []).Add(new(Table.Fields[i].Name, value));
            }
        }

        return row;
    }
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
    /// <summary>Elements that stood outside the rows, in received order; kept exactly. Null when there were none.</summary>
    public List<KeyValuePair<string, string>>? Unknown { get; set; }
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
    /// <summary>What was odd when the dossier was read; <see cref="DossierChecks.Check"/> gives these too.</summary>
    public List<Finding> Findings { get; } = [];
    /// <summary>The day that decides which shapes and lists apply: NGAY_RA, else NGAY_VAO, of the summary; null when neither is a date.</summary>
    public DateOnly? Day => Date("NGAY_RA") ?? Date("NGAY_VAO");

    public DossierTable? this[string name] => Tables.Find(t => t.Name == name);

    /// <summary>The one row of XML1 (or of XML0 in a check-in).</summary>
    public DossierRow Summary => (this["XML1"] ?? this["XML0"])?.Rows.FirstOrDefault() ?? throw new InvalidOperationException("A dossier without XML1 or XML0 is never built.");
    /// <summary>True for a check-in message (XML0 on its own).</summary>
    public bool IsCheckIn => this["XML1"] is null;

    private DateOnly? Date(string field) => PartialDate.TryParseDigits(Summary[field], out var date) ? date.Date : null;
}
