using System.Globalization;
using Mach.Demo.Catalogue;
using Mach.Demo.People;

namespace Mach.Demo.Writing;

/// <summary>Invented staff of a facility: licence codes, names and the number of its head.</summary>
internal sealed class Staff(ulong seed, Names names)
{
    private static readonly int[] RosterDepartments = [1, 2, 3, 19];

    private readonly Dictionary<(int Facility, int Post), (string Licence, string Name, int Sex, int Born)> _people = [];

    /// <summary>Doctor in charge of a department; a station has three people.</summary>
    public (string Licence, string Name) Doctor(Facility facility, string department, int turn) =>
        Person(facility, facility.Kind == "station" ? turn % 3 : 10 + (DepartmentNumber(department) * 4) + (turn % 4));

    /// <summary>Who carries out and reads the tests of a group.</summary>
    public (string Licence, string Name) Technician(Facility facility, int group, int turn) => Person(facility, facility.Kind == "station" ? turn % 3 : 400 + (group * 5) + (turn % 5));

    /// <summary>MA_TTDV: social insurance number of the head, 10 digits.</summary>
    public static string Head(Facility facility) => string.Create(CultureInfo.InvariantCulture, $"2580000{facility.Number:D3}");

    /// <summary>Some of the doctors with what a register says of them: one of a station, two of each of four departments of a hospital.</summary>
    public IEnumerable<DemoPractitioner> Roster(Facility facility, DateOnly today)
    {
        var isStation = facility.Kind == "station";
        foreach (var post in isStation ? [0] : RosterDepartments.SelectMany(d => (int[])[10 + (d * 4), 11 + (d * 4)]))
        {
            Person(facility, post);
            var (licence, name, sex, born) = _people[(facility.Number, post)];
            var dice = Dice.For(seed, facility.Number, Streams.Licence, post);
            // Licences of five years since 2024; one in twenty has run out, one in twenty is about to.
            var expiry = today.AddDays(dice.Between(1, 20) switch { 1 => -dice.Between(1, 200), 2 => dice.Between(1, 85), _ => dice.Between(200, 1700) });
            var number = string.Create(CultureInfo.InvariantCulture, $"025{sex - 1}{born % 100:D2}{(facility.Number * 1000) + post:D6}");
            yield return new DemoPractitioner(
                number, name, sex == 1 ? "male" : "female", new DateOnly(born, dice.Between(1, 12), dice.Between(1, 28)), licence, facility.Code, isStation ? "Bác sĩ đa khoa" : "Bác sĩ",
                isStation ? ["01", "02", "03"] : [string.Create(CultureInfo.InvariantCulture, $"{Math.Min((post - 10) / 4, 28):D2}"), "01"], expiry.AddYears(-5).AddDays(1), expiry, today.AddDays(-dice.Between(400, 3000)));
        }
    }

    private (string Licence, string Name) Person(Facility facility, int post)
    {
        var key = (facility.Number, post);
        if (!_people.TryGetValue(key, out var person))
        {
            var dice = Dice.For(seed, facility.Number, Streams.Staff, post);
            var sex = dice.Between(1, 2);
            var licence = string.Create(CultureInfo.InvariantCulture, $"{facility.Number * 600 + post:D6}/{facility.Former.Key switch { "VP" => "VP", "HB" => "HB", _ => "PT" }}-CCHN");
            var family = names.Pick("family", dice);
            var born = dice.Between(1968, 1996);
            _people[key] = person = (licence, names.Full(dice, family, sex, born), sex, born);
        }

        return (person.Licence, person.Name);
    }

    private static int DepartmentNumber(string department) => int.Parse(department.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture);
}
