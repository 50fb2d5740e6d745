namespace Mach.Demo.Doubles;

public sealed partial class DoublesSource
{
    /// <summary>Cases of one person registered twice, with their weights (per cent); whether the person is the one that is handed in.</summary>
    private static readonly Kind[] SameCases =
    [
        new(27, "comes again", (_, p, d) => (Desk.Write(p, d), Desk.Write(p, d)), true),
        new(7, "missing tones", (_, p, d) => (Desk.Write(p, d), Named(Desk.Write(p, d), Slips.Toneless)), true),
        new(4, "Telex leftovers", (_, p, d) => (Desk.Write(p, d), Desk.Write(p, d) with { Name = Slips.Keyed(p.Name, vni: false, d) }), true),
        new(1, "VNI leftovers", (_, p, d) => (Desk.Write(p, d), Desk.Write(p, d) with { Name = Slips.Keyed(p.Name, vni: true, d) }), true),
        new(4, "day and month swapped", (_, p, d) => (Dated(Desk.Write(p, d), p), Desk.Write(p, d) with { Birth = Slips.Swapped(p.Birth) ?? Slips.DateTypo(p.Birth, d) }), true),
        new(3, "one part of the date wrong", (_, p, d) => (Dated(Desk.Write(p, d), p), Desk.Write(p, d) with { Birth = Slips.DateTypo(p.Birth, d) }), true),
        new(5, "only a birth year", (_, p, d) => (Dated(Desk.Write(p, d), p), Desk.Write(p, d) with { Birth = d.Chance(0.6) ? Desk.Year(p) : Desk.Year(p) + "-01-01" }), true),
        new(8, "old card, then citizen number", (_, p, d) => (Desk.Write(p, d) with { CitizenNumber = null, OldCard = p.OldCard }, Desk.Write(p, d) with { CitizenNumber = p.CitizenNumber }), true),
        new(5, "moved to another commune", (all, p, d) => (Desk.Write(p, d), Desk.Write(p with { Commune = all.AnyCitizen(d).Commune, Place = all.AnyCitizen(d).Place }, d)), true),
        new(7, "address before the merger", (_, p, d) => (Desk.Write(p, d, oldUnits: true), Desk.Write(p, d)), true),
        new(2, "name in another order", (_, p, d) => (Desk.Write(p, d), Named(Desk.Write(p, d), n => Slips.OtherOrder(n, d))), true),
        new(3, "a letter of the name wrong", (_, p, d) => (Desk.Write(p, d), Named(Desk.Write(p, d), n => Slips.Typo(n, d))), true),
        new(2, "a middle name left out", (_, p, d) => (Desk.Write(p, d), Named(Desk.Write(p, d), Slips.WithoutMiddle)), true),
        new(5, "a new phone", (_, p, d) => (Desk.Write(p, d), Desk.Write(p, d) with { Phone = Citizen.NewPhone(d) }), true),
        new(2, "newborn, then named", (all, _, d) => all.Newborn(d) is var child ? (Desk.WriteNewborn(child, d), Desk.Write(child, d) with { Mother = child.Mother }) : default, false),
        new(1, "adopted under another family name", (all, _, d) => all.Adopted(d), false),
        new(1, "a digit of the citizen number wrong", (_, p, d) => (Desk.Write(p, d) with { CitizenNumber = p.CitizenNumber }, Desk.Write(p, d) with { CitizenNumber = p.CitizenNumber[..^1] + (char)('0' + ((p.CitizenNumber[^1] - '0' + d.Between(1, 9)) % 10)) }), true),
        new(1, "the other sex ticked", (_, p, d) => Desk.Write(p, d) is var second ? (Desk.Write(p, d), second with { Sex = second.Sex == "male" ? "female" : "male" }) : default, true),
        new(8, "no papers the second time", (_, p, d) => (Desk.Write(p, d), Desk.Write(p, d, papers: false)), true),
        new(3, "a child by birth certificate", (all, _, d) => all.Child(d) is var child ? (Desk.Write(child, d) with { BirthCertificate = child.BirthCertificate }, Desk.Write(child, d) with { BirthCertificate = child.BirthCertificate, Phone = null }) : default, false),
        new(1, "a passport and nothing else", (_, p, d) => (Desk.Write(p, d, papers: false) with { Passport = p.Passport, Address = null, CommuneCode = null }, Desk.Write(p, d, papers: false) with { Passport = p.Passport, Name = Slips.Toneless(p.Name) }), false),
    ];

    private static Registration Named(Registration written, Func<string, string> slip) => written with { Name = slip(written.Name) };

    /// <summary>The whole date, whatever the person knows of it.</summary>
    private static Registration Dated(Registration written, Citizen person) => written with { Birth = Desk.Date(person.Birth) };

    private (Registration, Registration) Adopted(Dice dice)
    {
        var child = Child(dice);
        var parents = AnyCitizen(dice);
        var after = child with { Name = parents.Family + child.Name[child.Name.IndexOf(' ', StringComparison.Ordinal)..], Mother = _women[dice.Below(_women.Count)].Name, Commune = parents.Commune, Place = parents.Place, Phone = parents.Phone };
        return (Desk.Write(child, dice) with { InsuranceNumber = child.InsuranceNumber }, Desk.Write(after, dice) with { InsuranceNumber = child.InsuranceNumber });
    }

    private Citizen Newborn(Dice dice) => Child(dice) with { Birth = new DateOnly(2025, 1, 1).AddDays(dice.Below(600)) };
}
