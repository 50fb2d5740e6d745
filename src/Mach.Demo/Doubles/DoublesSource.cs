using Mach.Demo.Catalogue;
using Mach.Demo.People;

namespace Mach.Demo.Doubles;

/// <summary>Pairs of registrations of which it is known whether they are one person's, and a register in which some people stand twice.</summary>
/// <remarks>The people, their names and their households are the demonstration's; what desks and keyboards do to them is written here, and knows nothing of how records are matched.</remarks>
public sealed partial class DoublesSource
{
    /// <param name="OfHolder">The case is of the person handed in, not of another that it picks itself.</param>
    private sealed record Kind(int Weight, string Case, Func<DoublesSource, Citizen, Dice, (Registration, Registration)> Make, bool OfHolder = false);

    private readonly ulong _seed;
    private readonly Names _names = new();
    private readonly List<Citizen> _people = [];
    private readonly List<Citizen> _children = [];
    private readonly List<Citizen> _women = [];
    /// <summary>Children of one house, two or more.</summary>
    private readonly List<List<Citizen>> _houses = [];
    private readonly List<(Citizen Man, Citizen Wife)> _couples = [];

    /// <param name="people">People of the province they are drawn from.</param>
    public DoublesSource(int seed, int people = 30_000)
    {
        _seed = (ulong)seed;
        var population = new Population(_seed, people, new DateOnly(2026, 7, 1), new Places(148));
        foreach (var household in population.Households())
        {
            var members = household.Members.Select(m => (Person: m, Citizen: Citizen.Of(m, Dice.For(_seed, m.Index, Streams.Double, 1), _seed))).ToList();
            _people.AddRange(members.Select(m => m.Citizen));
            _women.AddRange(members.Where(m => m.Person.Sex == 2).Select(m => m.Citizen));
            var children = members.Where(m => m.Person.Mother is not null).Select(m => m.Citizen).ToList();
            _children.AddRange(children.Where(c => c.Birth.Year >= 2018));
            if (children.Count > 1)
            {
                _houses.Add(children);
            }

            if (members.Find(m => m.Person.Slot == 0).Citizen is { } man && members.Find(m => m.Person.Slot == 1).Citizen is { } wife)
            {
                _couples.Add((man, wife));
            }
        }
    }

    /// <summary>Half of them one person's, half of them two people's, in turn.</summary>
    public IEnumerable<LabelledPair> Generate(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var dice = Dice.For(_seed, i, Streams.Double, 2);
            var isSame = i % 2 == 0;
            var cases = isSame ? SameCases : DifferentCases;
            var left = dice.Below(cases.Sum(c => c.Weight));
            var at = 0;
            while (left >= cases[at].Weight)
            {
                left -= cases[at++].Weight;
            }

            var (first, second) = cases[at].Make(this, AnyCitizen(dice), dice);
            yield return dice.Chance(0.5) ? new LabelledPair(first, second, isSame, cases[at].Case) : new LabelledPair(second, first, isSame, cases[at].Case);
        }
    }

    /// <summary>A register of everybody, with a share of them standing in it twice as the cases have it; one birth in seventy is of twins. Nobody says who is who.</summary>
    /// <param name="doubles">Share of people who were registered a second time, 0–1.</param>
    public IEnumerable<Registration> Register(double doubles)
    {
        for (var i = 0; i < _people.Count; i++)
        {
            var dice = Dice.For(_seed, i, Streams.Double, 3);
            var person = _people[i];
            yield return Desk.Write(person, dice);
            if (person.Birth.Year >= 2005 && person.Mother is not null && dice.Chance(1 / 70.0))
            {
                yield return Desk.Write(Twin(person, dice), dice);
            }

            if (dice.Chance(doubles))
            {
                var left = dice.Below(100);
                var at = 0;
                while (at < SameCases.Length - 1 && left >= SameCases[at].Weight)
                {
                    left -= SameCases[at++].Weight;
                }

                var (first, second) = SameCases[at].Make(this, person, dice);
                yield return first;
                yield return second;
            }
        }
    }

    /// <summary>
    /// What desks register in a time: three in ten people who never were registered (a few of them twins of somebody who was), the others again; one in four of those with one of the slips.
    /// </summary>
    /// <returns>First what the register holds; then registrations with the place in it where the person stands, -1 for a new one.</returns>
    public (IReadOnlyList<Registration> Register, IReadOnlyList<(Registration Registration, int Holder, string Case)> Desk) Desks(int count)
    {
        var known = _people.Count * 7 / 10;
        var register = new List<Registration>(known);
        for (var i = 0; i < known; i++)
        {
            register.Add(Desk.Write(_people[i], Dice.For(_seed, i, Streams.Double, 4)));
        }

        var desk = new List<(Registration, int, string)>(count);
        for (var i = 0; i < count; i++)
        {
            var dice = Dice.For(_seed, i, Streams.Double, 5);
            if (dice.Chance(0.3))
            {
                desk.Add((Desk.Write(_people[known + dice.Below(_people.Count - known)], dice), -1, "new"));
                continue;
            }

            var holder = dice.Below(known);
            var slips = Array.FindAll(SameCases, c => c.OfHolder);
            var at = dice.Chance(0.75) ? 0 : dice.Below(slips.Length);
            desk.Add((slips[at].Make(this, _people[holder], dice).Item2, holder, slips[at].Case));
        }

        return (register, desk);
    }

    private Citizen AnyCitizen(Dice dice) => _people[dice.Below(_people.Count)];

    private Citizen Child(Dice dice) => _children[dice.Below(_children.Count)];
}
