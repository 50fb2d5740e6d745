namespace Mach.Fhir.Search;

/// <summary>What a resource is findable by, before hashing. Filled by <see cref="IndexExtractor"/>, written by the store.</summary>
public sealed class IndexKeys
{
    /// <summary>Patient whose compartment this is ("Patient/x" → "x"); null when none. A Patient is its own.</summary>
    public string? PatientId { get; set; }
    /// <summary>The type's primary clinical date, start, UTC microseconds; 0 when none (storage.md §2.1 dt).</summary>
    public long Date { get; set; }
    /// <summary>Facility code of the Organization reference that answers for it ("cskcb-25001" → 25001); null when none.</summary>
    public string? OrganizationId { get; set; }
    /// <summary>(parameter number, "system|code" or "|code").</summary>
    public List<(short Parameter, string Key)> Tokens { get; } = [];
    /// <summary>(parameter number, target type, target id) of local literal references, without the compartment's own patient reference.</summary>
    public List<(short Parameter, string Type, string Id)> References { get; } = [];
    /// <summary>(parameter number, folded word-suffix string).</summary>
    public List<(short Parameter, string Text)> Strings { get; } = [];
    /// <summary>(parameter number, low, high exclusive) in UTC microseconds.</summary>
    public List<(short Parameter, long Low, long High)> Dates { get; } = [];
    /// <summary>(parameter number, "system|unit" or "", value).</summary>
    public List<(short Parameter, string Unit, double Value)> Quantities { get; } = [];

    /// <summary>(parameter number, why) of added parameters whose expression failed on the resource; null when the type has none that are evaluated.</summary>
    public List<(short Parameter, string Why)>? Failures { get; set; }

    public void Clear()
    {
        Failures = null;
        PatientId = null;
        OrganizationId = null;
        Date = 0;
        Tokens.Clear();
        References.Clear();
        Strings.Clear();
        Dates.Clear();
        Quantities.Clear();
    }
}
