namespace Mach.People.Matching;

/// <summary>What two persons are compared by.</summary>
internal enum Field { Family, Middle, Given, Order, Birth, Sex, Commune, Place, Phone, Citizen, Insurance, Paper, Mother, BirthOrder }

/// <summary>How far the two sides of a field agree. 0 is everywhere: one side does not know it, which says nothing.</summary>
internal static class Level
{
    public const byte Unknown = 0;

    /// <summary>The same in everything that counts (all fields).</summary>
    public const byte Same = 1;

    /// <summary>Names: the same letters, and one of the two is written without marks throughout.</summary>
    public const byte Toneless = 2;
    /// <summary>Names: the same letters, other marks (Hùng and Hưng).</summary>
    public const byte Marks = 3;
    /// <summary>Names: one letter off. Numbers: one digit off, or two exchanged.</summary>
    public const byte Near = 4;
    /// <summary>Middle names: one side has fewer of the same.</summary>
    public const byte Part = 5;

    /// <summary>Birth: day and month exchanged.</summary>
    public const byte Swapped = 2;
    /// <summary>Birth: one of day, month and year differs.</summary>
    public const byte OnePart = 3;
    /// <summary>Birth: the same year, and one side knows no more than that (the first of January is written for it, too).</summary>
    public const byte YearOnly = 4;
    /// <summary>Birth: the same year, another day and month.</summary>
    public const byte SameYear = 5;

    /// <summary>Something else (all fields).</summary>
    public const byte Differs = 6;

    /// <summary>Birth: ten years or more between them, which no slip of the pen explains, but a generation does.</summary>
    public const byte Far = 7;

    public const int Count = 8;
    public static readonly int Fields = Enum.GetValues<Field>().Length;

    /// <summary>The levels that a field can have, in words that a table can show.</summary>
    public static IReadOnlyList<(byte Level, string Name)> Of(Field field) => field switch
    {
        Field.Family or Field.Given => [(Same, "same"), (Toneless, "toneless"), (Marks, "marks"), (Near, "near"), (Differs, "differs")],
        Field.Middle => [(Same, "same"), (Toneless, "toneless"), (Marks, "marks"), (Near, "near"), (Part, "part"), (Differs, "differs")],
        Field.Birth => [(Same, "same"), (Swapped, "swapped"), (OnePart, "one-part"), (YearOnly, "year-only"), (SameYear, "same-year"), (Differs, "differs"), (Far, "far")],
        Field.Citizen or Field.Insurance or Field.Mother => [(Same, "same"), (Near, "near"), (Differs, "differs")],
        _ => [(Same, "same"), (Differs, "differs")],
    };

    public static string NameOf(Field field, byte level) => level == Unknown ? "unknown" : Of(field).First(l => l.Level == level).Name;
}
