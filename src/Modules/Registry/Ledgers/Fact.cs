namespace Mach.Registry.Ledgers;

/// <summary>
/// One statement of a registry: an aspect of a subject has a value in a period of law, as known in a period of record.
/// Facts are only ever added, and closed by a later <see cref="KnownTo"/>.
/// </summary>
/// <param name="Id">Change number and place in the change, such as <c>12.5</c>.</param>
/// <param name="Aspect">What is stated, such as <c>name</c> or <c>parent:administrative</c>.</param>
/// <param name="From">First day by law; <see cref="DateOnly.MinValue"/> = before the register begins.</param>
/// <param name="To">First day on which it no longer holds; <see cref="DateOnly.MaxValue"/> = open.</param>
/// <param name="KnownFrom">Microseconds UTC since when the registry knows it.</param>
/// <param name="KnownTo">Microseconds UTC since when it is known to be otherwise; <see cref="Open"/> = still believed.</param>
/// <param name="OpenedBy">Number of the change that stated it.</param>
/// <param name="ClosedBy">Number of the change that closed it; null = open.</param>
internal sealed record Fact(string Id, string Subject, string Aspect, string Value, DateOnly From, DateOnly To, long KnownFrom, long KnownTo, long OpenedBy, long? ClosedBy)
{
    public const long Open = long.MaxValue;

    public bool IsOpen => KnownTo == Open;

    public bool Holds(DateOnly date) => From <= date && date < To;

    public bool KnownAt(long us) => KnownFrom <= us && us < KnownTo;

    public bool Overlaps(DateOnly from, DateOnly to) => From < to && from < To;
}

/// <summary>What somebody states: the aspect has this value in this period; null = it has none there.</summary>
internal readonly record struct Statement(string Subject, string Aspect, string? Value, DateOnly From, DateOnly To)
{
    /// <summary>From a day on, until further notice.</summary>
    public static Statement Since(string subject, string aspect, string? value, DateOnly from) => new(subject, aspect, value, from, DateOnly.MaxValue);

    /// <summary>For all of law-time.</summary>
    public static Statement Always(string subject, string aspect, string? value) => new(subject, aspect, value, DateOnly.MinValue, DateOnly.MaxValue);
}
