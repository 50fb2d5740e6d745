using Mach.Access.Authority;
using Mach.Kernel;

namespace Mach.Access.Looks;

/// <summary>What ties two people beside care.</summary>
[Flags]
public enum PersonBond
{
    None = 0,

    /// <summary>Two records of one person.</summary>
    Self = 1,

    /// <summary>Mother, father, guardian, child, spouse, sister or brother, as it is known here.</summary>
    Relative = 2,

    /// <summary>House, street or hamlet, and commune.</summary>
    Address = 4,

    /// <summary>Family name and commune.</summary>
    Neighbour = 8,
}

/// <param name="FamilyName">Of both, folded, when <see cref="PersonBond.Neighbour"/> is among the bonds; else empty.</param>
public readonly record struct BondOfTwo(PersonBond Bond, string FamilyName);

/// <summary>What the room that knows people tells about them; without it the rules that need it find nothing.</summary>
public interface IPersonBonds
{
    /// <summary>Those of these Patients that are confidential.</summary>
    ValueTask<IReadOnlySet<string>> ConfidentialAsync(IReadOnlyCollection<string> persons, CancellationToken ct);

    /// <summary>Those of these Patients of whom this sight shows who they are: with a sight of ties alone, those with a relation of care.</summary>
    ValueTask<IReadOnlySet<string>> SeenAsync(Sight sight, IReadOnlyCollection<string> persons, CancellationToken ct);

    /// <summary>What ties each of these Patients to one; those without any bond are left out.</summary>
    ValueTask<IReadOnlyDictionary<string, BondOfTwo>> BetweenAsync(string own, IReadOnlyCollection<string> persons, CancellationToken ct);
}

/// <summary>What is known about an account and those it looked at.</summary>
internal sealed record LookFacts
{
    public static readonly LookFacts Nothing = new();

    /// <summary>Patient id of the account's owner; null = unknown.</summary>
    public string? Own { get; init; }

    /// <summary>Patient ids for whom the account acts: it has a right of its own to look.</summary>
    public IReadOnlyCollection<string> ActsFor { get; init; } = [];

    public IReadOnlySet<string> Confidential { get; init; } = new HashSet<string>();

    public IReadOnlyDictionary<string, BondOfTwo> Bonds { get; init; } = new Dictionary<string, BondOfTwo>();

    /// <summary>Patient ids of those who work at the same facility.</summary>
    public IReadOnlySet<string> Colleagues { get; init; } = new HashSet<string>();

    /// <summary>Patient ids of those with whom the account has a relation of care; null = nobody has asked.</summary>
    public IReadOnlySet<string>? Related { get; init; }

    public IReadOnlyList<Post> Posts { get; init; } = [];

    public PersonBond BondWith(string person) => person == Own ? PersonBond.Self : Bonds.GetValueOrDefault(person).Bond;
}
