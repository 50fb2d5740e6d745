using System.Globalization;
using Mach.Demo.Catalogue;
using Mach.Demo.People;

namespace Mach.Demo.Writing;

/// <summary>Invented staff of a facility: licence codes, names and the number of its head.</summary>
internal sealed class Staff(ulong seed, Names names)
{
    private readonly Dictionary<(int Facility, int Post), (string Licence, string Name)> _people = [];

    /// <summary>Doctor in charge of a department; a station has three people.</summary>
    public (string Licence, string Name) Doctor(Facility facility, string department, int turn) =>
        Person(facility, facility.Kind == "station" ? turn % 3 : 10 + (DepartmentNumber(department) * 4) + (turn % 4));

    /// <summary>Who carries out and reads the tests of a group.</summary>
    public (string Licence, string Name) Technician(Facility facility, int group, int turn) => Person(facility, facility.Kind == "station" ? turn % 3 : 400 + (group * 5) + (turn % 5));

    /// <summary>MA_TTDV: social insurance number of the head, 10 digits.</summary>
    public static string Head(Facility facility) => string.Create(CultureInfo.InvariantCulture, $"2580000{facility.Number:D3}");

    private (string Licence, string Name) Person(Facility facility, int post)
    {
        var key = (facility.Number, post);
        if (!_people.TryGetValue(key, out var person))
        {
            var dice = Dice.For(seed, facility.Number, Streams.Staff, post);
            var sex = dice.Between(1, 2);
            var licence = string.Create(CultureInfo.InvariantCulture, $"{facility.Number * 600 + post:D6}/{facility.Former.Key switch { "VP" => "VP", "HB" => "HB", _ => "PT" }}-CCHN");
            _people[key] = person = (licence, names.Full(dice, names.Pick("family", dice), sex, dice.Between(1968, 1996)));
        }

        return person;
    }

    private static int DepartmentNumber(string department) => int.Parse(department.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture);
}
