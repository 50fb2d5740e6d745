using Mach.Contracts.Registry;
using Mach.Indicators.Cube;
using Mach.Indicators.Definitions;

namespace Mach.Indicators.Asking;

/// <summary>By what a number is parted.</summary>
public enum Grouping
{
    None,
    Month,
    Facility,
    Tier,
    /// <summary>The province before July 2025: of the facility, or of the person, as the definition attributes.</summary>
    FormerProvince,
    /// <summary>Communes of residence on the map that is asked for.</summary>
    Commune,
    Stratum,
}

/// <summary>What is asked of an indicator.</summary>
/// <param name="From">First day.</param>
/// <param name="To">Last day.</param>
/// <param name="Boundary">The map of residence.</param>
/// <param name="Facilities">Only what was done there; null = everywhere. Who may see one facility asks of that one alone.</param>
public sealed record Question(Indicator Indicator, DateOnly From, DateOnly To, Grouping By = Grouping.None, Boundary? Boundary = null, IReadOnlyList<string>? Facilities = null);

/// <summary>Numbers that a value is made of; they add up, the value does not.</summary>
/// <param name="Rows">Rows of the record that were counted above the line.</param>
/// <param name="Above">Count or sum.</param>
/// <param name="Below">What it is divided by; null = nothing, or unknown.</param>
/// <param name="Estimated">Of <paramref name="Above"/>, what came by the shares of divided communes.</param>
public readonly record struct Parts(long Rows, decimal Above, decimal? Below, decimal Estimated = 0)
{
    /// <summary>The value; null where there is nothing to divide by.</summary>
    public decimal? Value(Indicator of) => !of.IsRate ? Above * of.Factor : Below is > 0 and var below ? Above / below * of.Factor : null;

    public static Parts operator +(Parts a, Parts b) => new(a.Rows + b.Rows, a.Above + b.Above, a.Below is null && b.Below is null ? null : (a.Below ?? 0) + (b.Below ?? 0), a.Estimated + b.Estimated);
}

/// <summary>One line of an answer.</summary>
/// <param name="Key">Month, code or id; empty = of no known one.</param>
public sealed record Line(string Key, string Label, Parts Parts);

/// <param name="Counted">How new the numbers are.</param>
/// <param name="IsFilling">The definition is new and its past is still being counted.</param>
public sealed record Answer(Question Question, Parts Total, IReadOnlyList<Line> Lines, Counted Counted, bool IsFilling);
