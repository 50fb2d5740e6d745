using Mach.Kernel;

namespace Mach.Fhir.Consents;

/// <summary>
/// One provision of a Consent, flat: all conditions in it, those of the provisions around it included. It speaks of a piece of the record when every
/// condition holds. Of the provisions of one Consent that speak of the same piece, the deepest decides; of equally deep ones, the one that denies.
/// </summary>
public sealed record ConsentRule
{
    /// <summary>0 = the base rule; each nested provision is one deeper.</summary>
    public int Depth { get; init; }

    public bool Denies { get; init; }

    /// <summary>Code of the facility that looks; null = any.</summary>
    public string? Facility { get; init; }

    /// <summary>Id of the Practitioner who looks; null = any.</summary>
    public string? Practitioner { get; init; }

    /// <summary>Of what carries one of these labels; none = of everything.</summary>
    public DataLabels Labels { get; init; }

    /// <summary>Resource type; null = all (a denial then leaves who the person is: Patient).</summary>
    public string? Type { get; init; }

    /// <summary>For these purposes; none = for all.</summary>
    public Purposes Purposes { get; init; }

    /// <summary>In force from this instant, UTC microseconds.</summary>
    public long From { get; init; } = long.MinValue;

    /// <summary>In force before this instant.</summary>
    public long Until { get; init; } = long.MaxValue;

    /// <summary>Of what is clinically dated from this instant, UTC microseconds.</summary>
    public long DataFrom { get; init; } = long.MinValue;

    /// <summary>Of what is clinically dated before this instant.</summary>
    public long DataUntil { get; init; } = long.MaxValue;
}

/// <summary>What cannot be enforced in a Consent, and where it stands.</summary>
/// <param name="Expression">FHIRPath of the element.</param>
public sealed record ConsentFinding(string Expression, string What);
