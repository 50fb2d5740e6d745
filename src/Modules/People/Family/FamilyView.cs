using Mach.Kernel;

namespace Mach.People.Family;

/// <summary>One of a family as the page shows it.</summary>
/// <param name="Relation">What this one is to the person of the page: self, mother, father, guardian, spouse, co-parent, sibling, child, ward, grandparent, grandchild or relative.</param>
/// <param name="IsHome">Lives at the person's address, as far as addresses say.</param>
public sealed record FamilyMember(string Id, string Name, PartialDate? Birth, string Sex, string Relation, string Address, bool IsHome)
{
    /// <summary>The row that links this one to the person itself; null when it goes over others.</summary>
    public KinRow? Row { get; init; }

    /// <summary>Confidential, and not to be seen by this one: that there is somebody is all that stands there.</summary>
    public FamilyMember Hide() => this with { Name = Mach.Ui.Components.PersonMarks.HiddenName, Birth = null, Sex = "unknown", Address = "", IsHome = false };
}

/// <summary>A link that waits for somebody.</summary>
public sealed record WaitingKin(KinRow Row, FamilyMember Other, bool IsRelative);

/// <summary>Somebody whom papers name, and who is not linked.</summary>
/// <param name="Kind">MTH, FTH, GUARD or CHILD.</param>
public sealed record NamedKin(string Kind, string Name, string Birth);

/// <summary>Everything on the page of a family.</summary>
public sealed record FamilyView(FamilyMember Person, IReadOnlyList<FamilyMember> Members, IReadOnlyList<WaitingKin> Waiting, IReadOnlyList<NamedKin> Named, IReadOnlyList<KinAct> Acts, IReadOnlyDictionary<string, string> Names)
{
    /// <summary>Every Patient of whom something stands here.</summary>
    public IEnumerable<string> Ids => [Person.Id, .. Members.Select(m => m.Id), .. Waiting.Select(w => w.Other.Id), .. Names.Keys];

    /// <summary>Without what this one may not see.</summary>
    public FamilyView Without(IReadOnlySet<string> hidden) => hidden.Count == 0 ? this : this with
    {
        Members = [.. Members.Select(m => hidden.Contains(m.Id) ? m.Hide() : m)],
        Waiting = [.. Waiting.Select(w => hidden.Contains(w.Other.Id) ? w with { Other = w.Other.Hide() } : w)],
        Names = Names.ToDictionary(n => n.Key, n => hidden.Contains(n.Key) ? Mach.Ui.Components.PersonMarks.HiddenName : n.Value, StringComparer.Ordinal),
    };

    public IReadOnlyList<FamilyMember> Of(params string[] relations) => [.. relations.SelectMany(r => Members.Where(m => m.Relation == r))];

    /// <summary>The person and those of the family who live at the same address.</summary>
    public IReadOnlyList<FamilyMember> Household => [Person, .. Members.Where(m => m.IsHome)];
}
