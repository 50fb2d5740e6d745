namespace Mach.Vietnam.Bhyt;

public enum BhytType { Text, Number }

public enum BhytRequired { Optional, Always, Conditional }

#pragma warning disable CA1720 // the names are those of the decisions' number forms, not of C# types
/// <summary>What the text of a field holds. Decides the date, code and list checks, and how the field maps to FHIR.</summary>
public enum BhytForm { Text, Integer, Decimal, Date8, DateTime12, BirthDate12, Code, CodeList, IcdCode, IcdCodes, FacilityCode, FacilityCodes }
#pragma warning restore CA1720

/// <summary>One field of one table, as one decision defines it.</summary>
public sealed class BhytField
{
    public required string Name { get; init; }
    /// <summary>0-based place in the table; rows hold their values by it.</summary>
    public required int Index { get; init; }
    public required BhytType Type { get; init; }
    public required BhytForm Form { get; init; }
    /// <summary>Greatest number of characters; null = unlimited ("n").</summary>
    public int? MaxLength { get; init; }
    public BhytRequired Required { get; init; }
    /// <summary>When a <see cref="BhytRequired.Conditional"/> field must be filled; null otherwise.</summary>
    public FieldCondition? When { get; init; }
    /// <summary>Name of the code list that holds the permitted values (see CodeLists), or null.</summary>
    public string? CodeList { get; init; }
    /// <summary>True when several values may stand in it, separated by ';'.</summary>
    public bool Repeats { get; init; }
    /// <summary>Short label, Vietnamese.</summary>
    public required string Vi { get; init; }
    /// <summary>Short label, English.</summary>
    public required string En { get; init; }
}

/// <summary>One table (XML0–XML15) as valid from a day on. Source: QĐ 130/2023, 4750/2023, 3176/2024 of the Ministry of Health.</summary>
public sealed class BhytTable
{
    /// <summary>XML0 … XML15.</summary>
    public required string Name { get; init; }
    public required string Root { get; init; }
    /// <summary>Element around the rows; null when the fields stand directly under the root or rows stand directly under the root.</summary>
    public string? List { get; init; }
    /// <summary>Element of one row; null when the fields stand directly under the root (one row).</summary>
    public string? Row { get; init; }
    public required DateOnly EffectiveFrom { get; init; }
    public DateOnly? EffectiveTo { get; init; }
    public required string Source { get; init; }
    public required string Vi { get; init; }
    public required string En { get; init; }
    public required IReadOnlyList<BhytField> Fields { get; init; }

    private Dictionary<string, int>? _index;

    private Dictionary<string, int> Index => _index ??= Fields.ToDictionary(f => f.Name, f => f.Index, StringComparer.Ordinal);

    /// <summary>Place of a field, or -1.</summary>
    public int IndexOf(string field) => Index.TryGetValue(field, out var i) ? i : -1;

    /// <summary>Place of a field, or -1; for names that are not strings yet.</summary>
    internal int IndexOf(ReadOnlySpan<char> field) => Index.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(field, out var i) ? i : -1;
}
