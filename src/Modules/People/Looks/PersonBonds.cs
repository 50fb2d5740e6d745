using Mach.Access.Looks;
using Mach.Contracts.People;
using Mach.Kernel;
using Mach.People.Family;
using Mach.People.Matching;
using Mach.People.Profiles;
using Mach.Store;

namespace Mach.People.Looks;

/// <summary>What ties two people beside care, for the rules about unusual looking: the family over two steps, the address, family name and commune.</summary>
internal sealed class PersonBonds(RecordStore store, KinTable kin, IPersonLinks links, IPersonConfidentiality confidentiality, FactsMaker facts) : IPersonBonds
{
    public ValueTask<IReadOnlySet<string>> ConfidentialAsync(IReadOnlyCollection<string> persons, CancellationToken ct) => confidentiality.ConfidentialAsync(persons, ct);

    public async ValueTask<IReadOnlySet<string>> SeenAsync(Sight sight, IReadOnlyCollection<string> persons, CancellationToken ct) =>
        (await store.As(sight).ReadManyAsync([.. persons.Distinct(StringComparer.Ordinal).Select(id => ("Patient", id))], ct)).Select(p => p.Id).ToHashSet(StringComparer.Ordinal);

    public async ValueTask<IReadOnlyDictionary<string, BondOfTwo>> BetweenAsync(string own, IReadOnlyCollection<string> persons, CancellationToken ct)
    {
        await facts.RefreshAsync(ct);
        var self = (await links.LinkedAsync(own, ct)).ToHashSet(StringComparer.Ordinal);
        var family = await FamilyAsync(self, ct);
        var patients = await store.ReadManyAsync([.. persons.Append(own).Distinct(StringComparer.Ordinal).Select(id => ("Patient", id))], ct);
        var known = patients.Where(p => !p.IsDeleted).ToDictionary(p => p.Id, p => PatientFacts.Read(facts, p.Body), StringComparer.Ordinal);
        var mine = known.GetValueOrDefault(own);
        var bonds = new Dictionary<string, BondOfTwo>(StringComparer.Ordinal);
        foreach (var person in persons.Distinct(StringComparer.Ordinal))
        {
            var bond = self.Contains(person) ? PersonBond.Self : family.Contains(person) ? PersonBond.Relative : PersonBond.None;
            var name = "";
            if (mine?.Commune is not null && known.GetValueOrDefault(person) is { } other && other.Commune == mine.Commune)
            {
                bond |= mine.Place.Length > 0 && mine.Place == other.Place ? PersonBond.Address : PersonBond.None;
                if (FamilyName(mine) is { Length: > 0 } shared && shared == FamilyName(other))
                {
                    (bond, name) = (bond | PersonBond.Neighbour, shared);
                }
            }

            if (bond != PersonBond.None)
            {
                bonds[person] = new BondOfTwo(bond, name);
            }
        }

        return bonds;
    }

    /// <summary>Parents, children, spouses and guardians, and theirs: so brothers, sisters, grandparents and grandchildren too.</summary>
    private async Task<HashSet<string>> FamilyAsync(HashSet<string> self, CancellationToken ct)
    {
        var reached = new HashSet<string>(self, StringComparer.Ordinal);
        var wave = self;
        for (var step = 0; step < 2 && wave.Count > 0; step++)
        {
            var rows = (await kin.OfAsync(wave, ct)).Where(r => r.State == KinRow.Linked);
            wave = rows.SelectMany(r => new[] { r.Patient, r.Relative }).Where(reached.Add).ToHashSet(StringComparer.Ordinal);
        }

        reached.ExceptWith(self);
        return reached;
    }

    /// <summary>The first of several words, folded; empty when there is but one.</summary>
    private static string FamilyName(PersonFacts person) => VietnameseText.Fold(person.Name).Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var first, _, ..] ? first : "";
}
