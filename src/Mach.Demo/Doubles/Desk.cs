using System.Globalization;

namespace Mach.Demo.Doubles;

/// <summary>A desk that takes down a person: which papers are shown, what is asked, which slips happen.</summary>
internal static class Desk
{
    /// <summary>Taken down without a slip: what people happen to have with them and desks to ask.</summary>
    /// <param name="papers">False: nothing is shown.</param>
    public static Registration Write(Citizen person, Dice dice, bool papers = true, bool oldUnits = false)
    {
        var age = 2026 - person.Birth.Year;
        var onlyYear = person.KnowsOnlyYear;
        var (code, address) = Address(person, dice, oldUnits);
        return new Registration
        {
            Name = dice.Chance(0.4) ? person.Name.ToUpperInvariant() : person.Name,
            Sex = person.IsMan ? "male" : "female",
            Birth = onlyYear ? dice.Chance(0.6) ? Year(person) : Year(person) + "-01-01" : Date(person.Birth),
            CitizenNumber = papers && dice.Chance(age >= 14 ? 0.88 : age >= 6 ? 0.45 : 0.25) ? person.CitizenNumber : null,
            InsuranceNumber = papers && dice.Chance(0.86) ? person.InsuranceNumber : null,
            BirthCertificate = papers && age < 6 && dice.Chance(0.4) ? person.BirthCertificate : null,
            Phone = dice.Chance(0.8) ? person.Phone : null,
            CommuneCode = code,
            Address = address,
            Mother = age < 6 && dice.Chance(0.85) ? person.Mother : null,
            BirthOrder = age < 6 && person.BirthOrder > 0 && dice.Chance(0.6) ? person.BirthOrder : 0,
        };
    }

    /// <summary>A child that has no name yet: the mother's stands for it.</summary>
    public static Registration WriteNewborn(Citizen child, Dice dice)
    {
        var plain = Write(child, dice);
        var mother = child.Mother ?? "Nguyễn Thị Hoa";
        return plain with
        {
            Name = dice.Chance(0.5) ? "CON BÀ " + mother.ToUpperInvariant() : "Con bà " + mother,
            CitizenNumber = null,
            Mother = dice.Chance(0.6) ? mother : null,
            BirthOrder = child.BirthOrder > 0 ? child.BirthOrder : dice.Chance(0.5) ? 1 : 0,
        };
    }

    public static string Date(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Year(Citizen person) => person.Birth.Year.ToString("D4", CultureInfo.InvariantCulture);

    private static (string? Code, string? Address) Address(Citizen person, Dice dice, bool oldUnits)
    {
        if (dice.Chance(0.04))
        {
            return (null, null);
        }

        var place = dice.Chance(0.85) ? person.Place + ", " : "";
        return oldUnits
            ? (null, $"{place}{person.Commune.OldUnit}, {person.Commune.OldDistrict}, Tỉnh {person.Commune.Former.Name}")
            : (dice.Chance(0.9) ? person.Commune.Code : null, $"{place}{person.Commune.Name}, Tỉnh Phú Thọ");
    }
}
