using Mach.Contracts.People;
using Mach.Kernel;
using Mach.People.Labels;
using Mach.People.Pairs;

namespace Mach.People.Golden;

/// <summary>How a value came in.</summary>
public enum SourceKind
{
    /// <summary>The dossier of a visit.</summary>
    Dossier,
    /// <summary>Somebody at a desk, who registered the person.</summary>
    Desk,
    /// <summary>Written as a Patient: by a program over FHIR, or by an officer on a page.</summary>
    Written,
}

/// <param name="Facility">Code; null for what came in no dossier.</param>
/// <param name="Who">Account or program that wrote it.</param>
/// <param name="StatedFor">When it was true: the end of the visit.</param>
/// <param name="At">When it came in.</param>
/// <param name="Patient">Patient that it stands under.</param>
public sealed record ValueSource(SourceKind Kind, string? Facility, string? MaLk, string Who, PartialDate? StatedFor, DateTimeOffset At, string Patient);

/// <summary>One value with all who stated it, the newest first; nobody when that is not known any more.</summary>
/// <param name="Text">As it is stored; a code or an ISO date where the field has one.</param>
/// <param name="IsDisputed">Another person holds it, and a data officer has been asked.</param>
public sealed record StatedValue(string Text, IReadOnlyList<ValueSource> Sources, bool IsDisputed = false);

/// <param name="Key">Name of the field, as in the texts of the page.</param>
/// <param name="Values">What holds.</param>
/// <param name="Others">What was stated as well and does not hold.</param>
public sealed record IdentityField(string Key, IReadOnlyList<StatedValue> Values, IReadOnlyList<StatedValue> Others);

/// <summary>An insurance card and how long it holds.</summary>
public sealed record CoverLine(string Number, string? From, string? To, string? Source);

/// <param name="Pair">What was decided about the two; null when a program wrote the link.</param>
public sealed record LinkedRecord(string Id, string Name, PairRow? Pair, IReadOnlyList<VerdictRow> Verdicts);

/// <summary>The golden view of a person, with where each value comes from.</summary>
public sealed record Identity
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required PersonLabels Labels { get; init; }
    public required IReadOnlyList<IdentityField> Fields { get; init; }
    public IReadOnlyList<CoverLine> Covers { get; init; } = [];
    public IReadOnlyList<LinkedRecord> Links { get; init; } = [];
    /// <summary>What data officers said, oldest first.</summary>
    public IReadOnlyList<MarkRow> Marks { get; init; } = [];
    /// <summary>deceased[x] says that the person died.</summary>
    public bool IsDeceased { get; init; }
    /// <summary>The last thing an officer said of the death is that it was wrong.</summary>
    public bool WasCorrected { get; init; }
}
