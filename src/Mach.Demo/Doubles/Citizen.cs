using System.Globalization;
using Mach.Demo.Catalogue;
using Mach.Demo.People;

namespace Mach.Demo.Doubles;

/// <summary>A person as he or she really is, with every paper; the desks see parts of it.</summary>
internal sealed record Citizen
{
    public required string Name { get; init; }
    public required bool IsMan { get; init; }
    public required DateOnly Birth { get; init; }
    public required string CitizenNumber { get; init; }
    public required string OldCard { get; init; }
    public required string InsuranceNumber { get; init; }
    public required string Passport { get; init; }
    public required string BirthCertificate { get; init; }
    public required string? Phone { get; init; }
    public required Commune Commune { get; init; }
    public required string Place { get; init; }
    public string? Mother { get; init; }
    public int BirthOrder { get; init; }
    public bool KnowsOnlyYear { get; init; }

    public string Family => Name[..Name.IndexOf(' ', StringComparison.Ordinal)];

    /// <summary>A person of the demonstration with papers of its own: real numbers do not count households.</summary>
    public static Citizen Of(Person person, Dice dice, ulong seed) => new()
    {
        Name = person.Name,
        IsMan = person.Sex == 1,
        Birth = person.Birth,
        CitizenNumber = Number(person.Commune.Former.Code, person.Sex == 1, person.Birth.Year, dice),
        OldCard = Digits(dice, "13", 9),
        InsuranceNumber = Digits(dice, person.Commune.Former.Code, 10),
        Passport = Digits(dice, "C", 8),
        BirthCertificate = Digits(dice, "", 6) + "/" + person.Birth.Year.ToString(CultureInfo.InvariantCulture),
        Phone = person.Birth.Year > 2010 ? (person.Mother ?? person.Father) is { } parent ? PhoneOf(parent, seed) : null : person.Birth.Year < 1945 && dice.Chance(0.5) ? null : PhoneOf(person, seed),
        Commune = person.Commune,
        Place = person.Household.Place,
        Mother = person.Mother?.Name,
        KnowsOnlyYear = person.YearOnly,
    };

    /// <summary>Another person, whose name and papers are given anew where they are not named.</summary>
    public Citizen WithOwnPapers(Dice dice) => this with
    {
        CitizenNumber = Number(CitizenNumber[1..3], IsMan, Birth.Year, dice),
        OldCard = Digits(dice, "13", 9),
        InsuranceNumber = Digits(dice, InsuranceNumber[..2], 10),
        Passport = Digits(dice, "C", 8),
        BirthCertificate = Digits(dice, "", 6) + "/" + Birth.Year.ToString(CultureInfo.InvariantCulture),
    };

    public static string NewPhone(Dice dice) => "0" + dice.Pick<string>(["32", "33", "35", "36", "70", "81", "86", "91", "94", "97", "98"]) + Digits(dice, "", 7);

    private static string PhoneOf(Person person, ulong seed) => NewPhone(Dice.For(seed + 77, person.Household.Number * 8L + (person.Slot == 1 ? 0 : person.Slot), Streams.Double));

    private static string Number(string province, bool isMan, int year, Dice dice) =>
        Digits(dice, string.Create(CultureInfo.InvariantCulture, $"0{province}{(year >= 2000 ? 2 : 0) + (isMan ? 0 : 1)}{year % 100:D2}"), 12);

    private static string Digits(Dice dice, string beginning, int length)
    {
        while (beginning.Length < length)
        {
            beginning += (char)('0' + dice.Below(10));
        }

        return beginning;
    }
}
