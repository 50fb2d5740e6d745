using System.Globalization;
using Mach.Demo.Catalogue;

namespace Mach.Demo.People;

/// <summary>The people of the province, household after household, commune after commune, from the seed alone.</summary>
internal sealed class Population
{
    private const int PeoplePerHousehold = 3;
    private static readonly string[] WellPeopled = ["04795", "04978", "07900", "07942", "07969", "08053", "08716", "08761"];

    private readonly ulong _seed;
    private readonly int _people;
    private readonly DateOnly _today;
    private readonly Names _names = new();
    private readonly double[] _upTo;
    private readonly List<Commune> _communes;

    public Population(ulong seed, int people, DateOnly today, Places places)
    {
        (_seed, _people, _today, _communes) = (seed, people, today, places.Communes);
        // A small province would have a dozen people in each commune: then most live in eight of them, so that those have registers worth seeing.
        double all = _communes.Sum(c => c.People);
        var share = people < 50_000 ? 0.6 : 0;
        double full = _communes.Where(c => WellPeopled.Contains(c.Code)).Sum(c => c.People);
        _upTo = new double[_communes.Count];
        var sum = 0.0;
        for (var i = 0; i < _upTo.Length; i++)
        {
            var c = _communes[i];
            sum += (1 - share) * c.People / all + (WellPeopled.Contains(c.Code) ? share * c.People / full : 0);
            _upTo[i] = sum;
        }
    }

    public IEnumerable<Household> Households()
    {
        var soFar = 0;
        for (var number = 1; soFar < _people; number++)
        {
            var household = Create(number, soFar / (double)_people);
            soFar += household.Members.Count;
            yield return household;
        }
    }

    private Household Create(int number, double through)
    {
        var dice = Dice.For(_seed, number, Streams.Household);
        var at = Array.BinarySearch(_upTo, through);
        var commune = _communes[Math.Min(at >= 0 ? at : ~at, _communes.Count - 1)];
        var household = new Household
        {
            Number = number,
            Mark = string.Create(CultureInfo.InvariantCulture, $"{(_people / PeoplePerHousehold < 90_000 ? 900_000 + number : number):D6}"),
            Commune = commune,
            Place = commune.Name[0] == 'P' && dice.Chance(0.6)
                ? string.Create(CultureInfo.InvariantCulture, $"Số {dice.Between(1, 320)}, đường {_names.Pick("street", dice)}")
                : _names.Pick("hamlet", dice),
            StationChoice = dice.Below(8),
        };
        var muong = dice.Chance(commune.Former.Key switch { "HB" => 0.62, "PT" => 0.15, _ => 0.01 });
        var ethnic = muong ? "06" : commune.Former.Key == "HB" && dice.Chance(0.1) ? "03" : "01";
        var wealth = dice.Unit();
        Fill(household, dice, _names.Pick(muong ? "muong" : "family", dice), ethnic, wealth < 0.05 ? "HN2" : wealth < 0.1 ? "CN3" : ethnic != "01" && wealth < 0.4 ? "DT2" : null);
        return household;
    }

    private void Fill(Household house, Dice dice, string family, string ethnic, string? poorGroup)
    {
        var kind = dice.Unit();
        var old = kind < 0.17;
        var wifeYear = old ? dice.Between(1938, 1962) : dice.Between(1964, 2001);
        var single = kind > 0.94;
        var husband = Add(house, 0, family, 1, wifeYear - dice.Between(-1, 6), null, null);
        if (single)
        {
            return;
        }

        var wife = Add(house, 1, _names.Pick(ethnic == "06" ? "muong" : "family", dice), 2, wifeYear, null, null);
        var birth = new DateOnly(wifeYear, 1, 1).AddDays((int)(365.25 * (19.5 + dice.Unit() * 9)));
        var children = dice.Chance(0.12) ? 1 : dice.Chance(wifeYear < 1980 ? 0.55 : 0.42) ? 3 : 2;
        for (var slot = 2; slot < 2 + children; slot++, birth = birth.AddDays(dice.Between(820, 2400)))
        {
            if (birth <= _today && (birth.Year > _today.Year - 24 || (birth.Year > _today.Year - 34 && dice.Chance(0.25))))
            {
                Add(house, slot, family, dice.Chance(0.527) ? 1 : 2, 0, wife, husband, birth);
            }
        }

        if (!old && dice.Chance(0.3))
        {
            var grandYear = wifeYear - dice.Between(22, 31);
            if (grandYear > 1932 && dice.Chance(0.62))
            {
                Add(house, 6, family, 1, grandYear - dice.Between(0, 3), null, null);
            }

            if (grandYear > 1932)
            {
                Add(house, 7, _names.Pick("family", dice), 2, grandYear, null, null);
            }
        }

        Person Add(Household to, int slot, string familyName, int sex, int year, Person? mother, Person? father, DateOnly? on = null)
        {
            var person = Create(to, slot, familyName, sex, year, mother, father, on, ethnic, poorGroup);
            to.Members.Add(person);
            return person;
        }
    }

    private Person Create(Household to, int slot, string family, int sex, int year, Person? mother, Person? father, DateOnly? on, string ethnic, string? poorGroup)
    {
        var index = to.Number * 8L + slot;
        var dice = Dice.For(_seed, index, Streams.Person);
        var birth = on ?? new DateOnly(year, 1, 1).AddDays(dice.Below(365));
        var age = _today.Year - birth.Year;
        var job = age is >= 20 and <= 60 ? _names.Pick("occupation", dice) : "00000";
        var employed = job is "81530" or "23410" or "43110" or "71110" or "83220";
        return new Person
        {
            Household = to,
            Slot = slot,
            Index = index,
            Name = _names.Full(dice, family, sex, birth.Year),
            Sex = sex,
            Birth = birth,
            BirthMinute = on is null ? -1 : dice.Below(1440),
            YearOnly = birth.Year < 1956 && dice.Chance(0.22),
            Ethnic = ethnic,
            Job = job,
            CardGroup = poorGroup ?? (age is >= 20 and <= 60 && employed ? dice.Chance(0.15) ? "HC4" : "DN4"
                : age > 60 && dice.Chance(0.24) ? "HT3" : dice.Chance(0.93) ? "GD4" : null),
            ShowsCccd = age >= 15 ? dice.Chance(0.985) : dice.Chance(0.7),
            Mother = mother,
            Father = father,
            Frailty = 0.35 + dice.Unit() * 0.8 + (dice.Chance(0.15) ? 1.1 : 0),
        };
    }
}
