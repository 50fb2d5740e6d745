namespace Mach.Kernel;

/// <summary>How much a finding matters. <see cref="Refusal"/> alone keeps the data out; everything else is taken and shown.</summary>
public enum FindingSeverity
{
    Information,
    Warning,
    Error,
    Refusal,
}

/// <summary>One thing that is wrong or odd in received data, said so that a hospital clerk can act on it.</summary>
public sealed record Finding
{
    /// <summary>Stable rule id, e.g. <c>bhyt.field.required</c>; documented in docs/rules.</summary>
    public required string Rule { get; init; }

    public required FindingSeverity Severity { get; init; }

    /// <summary>1-based position of the dossier in its envelope; 0 when the finding is about the envelope.</summary>
    public int Dossier { get; init; }

    /// <summary>Table name such as <c>XML4</c>; null when the finding is about the whole dossier.</summary>
    public string? Table { get; init; }

    /// <summary>1-based position of the row in its table; 0 when not about a row.</summary>
    public int Row { get; init; }

    public string? Field { get; init; }

    /// <summary>The offending value, cut to 200 characters.</summary>
    public string? Value { get; init; }

    /// <summary>What is wrong, where, and what to do: Vietnamese.</summary>
    public required string Vi { get; init; }

    /// <summary>The same in English.</summary>
    public required string En { get; init; }
}
