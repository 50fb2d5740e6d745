namespace Mach.Contracts.Registry;

/// <summary>The map that a question is asked on.</summary>
public abstract record Boundary
{
    private Boundary()
    {
    }

    /// <summary>Each fact under the unit that it belonged to on its own day.</summary>
    public static Boundary AtEvent { get; } = new AtEventBoundary();

    /// <summary>All facts under the units of one day.</summary>
    public static Boundary AsOf(DateOnly date) => new DateBoundary(date);

    /// <summary>A named set of units: <see cref="FormerProvinces"/>, <see cref="FormerCommunes"/>, <see cref="PresentCommunes"/>.</summary>
    public static Boundary Named(string name) => new NamedBoundary(name);

    /// <summary>The three provinces before July 2025.</summary>
    public const string FormerProvinces = "former-provinces";
    /// <summary>The 479 communes of 30 June 2025.</summary>
    public const string FormerCommunes = "former-communes";
    /// <summary>The 148 communes of 1 July 2025.</summary>
    public const string PresentCommunes = "communes-2025";

    public static readonly IReadOnlyList<string> Names = [FormerProvinces, FormerCommunes, PresentCommunes];

    public sealed record AtEventBoundary : Boundary;

    public sealed record DateBoundary(DateOnly Date) : Boundary;

    public sealed record NamedBoundary(string Name) : Boundary;
}

/// <summary>An amount that is known for a unit on a day: a count of events there, or a total that a report gave.</summary>
public readonly record struct UnitAmount(string Unit, DateOnly Date, decimal Amount);

/// <summary>One line of a table by a boundary.</summary>
/// <param name="Exact">Known to lie in the unit.</param>
/// <param name="Estimated">Came by splitting a larger unit's amount by shares.</param>
public sealed record UnitLine(string Unit, decimal Exact, decimal Estimated)
{
    public decimal Amount => Exact + Estimated;
    public bool IsEstimated => Estimated != 0;
}

/// <summary>A table by a boundary. The sum of its lines and <paramref name="Elsewhere"/> is the sum of what was given, to the last digit.</summary>
/// <param name="Elsewhere">Amounts of units that the register does not know, or that have no counterpart on that map.</param>
public sealed record UnitTable(IReadOnlyList<UnitLine> Lines, decimal Elsewhere)
{
    public decimal Total => Lines.Sum(l => l.Amount) + Elsewhere;
}
