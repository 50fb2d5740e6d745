using System.Globalization;

namespace Mach.People.Matching;

/// <summary>Facts with everything read out of them that comparing needs more than once.</summary>
internal sealed class Candidate
{
    public Candidate(PersonFacts facts)
    {
        Facts = facts;
        Name = PersonName.Read(facts.Name);
        Mother = PersonName.Read(Name.Mother ?? facts.Mother);
        var parts = (facts.Birth ?? "").Split('-');
        (Year, Month, Day) = (Number(parts, 0), Number(parts, 1), Number(parts, 2));
    }

    public PersonFacts Facts { get; }
    public PersonName Name { get; }
    public PersonName Mother { get; }
    /// <summary>0 when unknown; so are month and day.</summary>
    public int Year { get; }
    public int Month { get; }
    public int Day { get; }

    /// <summary>Only the year is known: nothing else is written, or the first of January, which clerks write for it.</summary>
    public bool KnowsOnlyYear => Year > 0 && (Day == 0 || (Day == 1 && Month == 1));

    private static int Number(string[] parts, int at) =>
        at < parts.Length && int.TryParse(parts[at], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
