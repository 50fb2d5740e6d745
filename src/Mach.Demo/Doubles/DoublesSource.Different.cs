namespace Mach.Demo.Doubles;

public sealed partial class DoublesSource
{
    /// <summary>Cases of two people who could be taken for one, with their weights (per cent).</summary>
    private static readonly Kind[] DifferentCases =
    [
        new(12, "twins", (all, _, d) => all.Child(d) is var child ? (Desk.Write(child with { BirthOrder = 1 }, d), Desk.Write(all.Twin(child, d), d)) : default),
        new(6, "father and son of one name", (_, p, d) => (Desk.Write(p, d), Desk.Write((p with { Birth = p.Birth.AddYears(d.Between(19, 34)).AddDays(d.Below(360)), KnowsOnlyYear = false }).WithOwnPapers(d), d))),
        new(12, "brothers and sisters", (all, _, d) => all.Siblings(d)),
        new(10, "husband and wife with one phone", (all, _, d) => all.Couple(d)),
        new(14, "namesakes of one year in one commune", (all, p, d) => (Desk.Write(p, d), Desk.Write(all.Namesake(p, d), d))),
        new(6, "the same name and birth date elsewhere", (all, p, d) => (Desk.Write(p, d), Desk.Write((p with { Commune = all.AnyCitizen(d).Commune, Place = all.AnyCitizen(d).Place, Phone = Citizen.NewPhone(d), Mother = all._women[d.Below(all._women.Count)].Name }).WithOwnPapers(d), d))),
        new(4, "names one mark apart in one house", (all, _, d) => all.Child(d) is var child ? (Desk.Write(child, d), Desk.Write((child with { Name = OneMarkApart(child, d), Birth = child.Birth.AddDays(d.Between(400, 2500)) }).WithOwnPapers(d), d)) : default),
        new(3, "newborns of two mothers of one name", (all, _, d) => all.NewbornsOfNamesakes(d)),
        new(3, "newborn twins", (all, _, d) => all.NewbornTwins(d)),
        new(6, "a phone number given to somebody else", (all, p, d) => (Desk.Write(p, d) with { Phone = p.Phone ?? "0912345678" }, Desk.Write(all.AnyCitizen(d), d) with { Phone = p.Phone ?? "0912345678" })),
        new(2, "a borrowed insurance card", (all, p, d) => (Desk.Write(p, d) with { InsuranceNumber = p.InsuranceNumber }, Desk.Write(all.AnyCitizen(d), d) with { InsuranceNumber = p.InsuranceNumber })),
        new(22, "strangers", (all, p, d) => (Desk.Write(p, d), Desk.Write(all.AnyCitizen(d), d))),
    ];

    private Citizen Twin(Citizen child, Dice dice)
    {
        var words = child.Name.Split(' ');
        var sameSex = dice.Chance(0.7);
        var man = sameSex ? child.IsMan : !child.IsMan;
        string given;
        do
        {
            given = _names.Pick("givenNew" + (man ? "M" : "F"), dice);
        }
        while (given == words[^1]);

        // Parents of twins like names that belong together: all but the last word are often the same.
        var middle = sameSex && dice.Chance(0.8) ? words[1..^1] : [_names.Pick("young" + (man ? "M" : "F"), dice)];
        return (child with { Name = string.Join(' ', [words[0], .. middle, given]), IsMan = man, BirthOrder = 2 }).WithOwnPapers(dice);
    }

    private (Registration, Registration) Siblings(Dice dice)
    {
        var house = _houses[dice.Below(_houses.Count)];
        return (Desk.Write(house[0], dice), Desk.Write(house[1 + dice.Below(house.Count - 1)], dice));
    }

    private (Registration, Registration) Couple(Dice dice)
    {
        var (man, wife) = _couples[dice.Below(_couples.Count)];
        var phone = man.Phone ?? Citizen.NewPhone(dice);
        return (Desk.Write(man, dice) with { Phone = phone }, Desk.Write(wife, dice) with { Phone = phone });
    }

    /// <summary>The same name, sex, year and commune; everything else is another person's.</summary>
    private Citizen Namesake(Citizen person, Dice dice)
    {
        var birth = new DateOnly(person.Birth.Year, 1, 1).AddDays(dice.Below(365));
        return (person with { Birth = birth == person.Birth ? birth.AddDays(birth.DayOfYear > 300 ? -40 : 40) : birth, Place = AnyCitizen(dice).Place, Phone = Citizen.NewPhone(dice), Mother = _women[dice.Below(_women.Count)].Name, KnowsOnlyYear = false }).WithOwnPapers(dice);
    }

    private static string OneMarkApart(Citizen child, Dice dice)
    {
        var words = child.Name.Split(' ');
        var others = new[] { ("Hùng", "Hưng"), ("Anh", "Ánh"), ("Thảo", "Thao"), ("Hà", "Hạ"), ("Minh", "Mình"), ("Hương", "Hường"), ("Thanh", "Thành"), ("Dung", "Dũng"), ("Đức", "Đực"), ("Nam", "Năm"), ("Lan", "Lân"), ("Phương", "Phượng"), ("Bảo", "Bão"), ("Nhi", "Nhị") };
        var known = Array.Find(others, o => o.Item1 == words[^1] || o.Item2 == words[^1]);
        words[^1] = known.Item1 is null ? dice.Pick<string>(["Ánh", "Hạ", "Hường"]) : known.Item1 == words[^1] ? known.Item2 : known.Item1;
        return string.Join(' ', words);
    }

    private (Registration, Registration) NewbornsOfNamesakes(Dice dice)
    {
        var one = Newborn(dice) with { Mother = "Nguyễn Thị " + _names.Pick("givenMidF", dice) };
        var elsewhere = AnyCitizen(dice);
        var two = (one with { Birth = one.Birth.AddDays(dice.Between(1, 30)), Commune = elsewhere.Commune, Place = elsewhere.Place, Phone = elsewhere.Phone, IsMan = dice.Chance(0.5) }).WithOwnPapers(dice);
        return (Desk.WriteNewborn(one, dice), Desk.WriteNewborn(two, dice));
    }

    /// <summary>A desk numbers them: that is the only thing that tells them apart.</summary>
    private (Registration, Registration) NewbornTwins(Dice dice)
    {
        var one = Newborn(dice) with { BirthOrder = 1 };
        var two = (one with { BirthOrder = 2, IsMan = dice.Chance(0.7) == one.IsMan }).WithOwnPapers(dice);
        return (Desk.WriteNewborn(one, dice), dice.Chance(0.5) ? Desk.WriteNewborn(two, dice) : Desk.Write(Twin(one, dice), dice));
    }
}
