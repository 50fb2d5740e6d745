namespace Mach.Fhir.Path;

/// <summary>What an expression may ask of its surroundings.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/fhirpath.html#variables and #functions.</remarks>
public sealed class FhirPathContext
{
    /// <summary>%resource; when null, the nearest resource that the focus stands in.</summary>
    public FhirNode? Resource { get; init; }

    /// <summary>%rootResource; when null, the resource that contains %resource, or %resource itself.</summary>
    public FhirNode? RootResource { get; init; }

    /// <summary>Finds the target of a reference that is neither contained nor in the same Bundle; null when it is not to be had.</summary>
    public Func<string, FhirNode?>? Resolve { get; init; }

    /// <summary>Whether a value set (last) has a code (second) of a system (first, null when unknown); null when that cannot be said. The specification's own sets are asked when this is null or says null.</summary>
    public Func<string?, string, string, bool?>? MemberOf { get; init; }

    /// <summary>now(), and the offset that date-times without one are taken to have. The default value makes now() an error and the offset Vietnam's.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>Further variables, by name without %.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<FhirNode>> Variables { get; init; } = new Dictionary<string, IReadOnlyList<FhirNode>>();

    /// <summary>Receives what trace() shows; nothing is shown when null.</summary>
    public Action<string, IReadOnlyList<FhirNode>>? Trace { get; init; }

    internal TimeSpan Offset => Now == default ? Kernel.PartialDate.VietnamOffset : Now.Offset;

    internal static FhirPathContext Empty { get; } = new();
}
