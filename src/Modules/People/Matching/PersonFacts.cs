using System.Text;

namespace Mach.People.Matching;

/// <summary>What matching compares of a person; the compact row of ppl_profile.</summary>
internal sealed record PersonFacts
{
    private const char Field = '\u001F', Item = '\u001E';

    /// <summary>As written, composed.</summary>
    public string Name { get; init; } = "";
    /// <summary>yyyy, yyyy-MM or yyyy-MM-dd; null when unknown.</summary>
    public string? Birth { get; init; }
    /// <summary>male or female; anything else is unknown.</summary>
    public string Sex { get; init; } = "";
    /// <summary>In one form (PhoneNumber.Normalise).</summary>
    public IReadOnlyList<string> Phones { get; init; } = [];
    /// <summary>Present commune, five digits; null when unknown.</summary>
    public string? Commune { get; init; }
    /// <summary>House, street, hamlet; folded; empty when unknown.</summary>
    public string Place { get; init; } = "";
    /// <summary>Twelve digits.</summary>
    public string? CitizenNumber { get; init; }
    /// <summary>Ten digits each.</summary>
    public IReadOnlyList<string> InsuranceNumbers { get; init; } = [];
    /// <summary>Old identity card, passport, birth certificate: kind, colon, number.</summary>
    public IReadOnlyList<string> Papers { get; init; } = [];
    /// <summary>The mother's name; empty when unknown.</summary>
    public string Mother { get; init; } = "";
    /// <summary>1, 2 … among children of one birth; 0 when unknown.</summary>
    public int BirthOrder { get; init; }

    /// <summary>Its numbers contradict another person's: a data officer has been asked.</summary>
    public bool IsDisputed { get; init; }
    /// <summary>Nobody: made to try something out.</summary>
    public bool IsTest { get; init; }

    public byte[] Encode() => Encoding.UTF8.GetBytes(string.Join(
        Field, Name, Birth, Sex, string.Join(Item, Phones), Commune, Place, CitizenNumber, string.Join(Item, InsuranceNumbers), string.Join(Item, Papers), Mother, BirthOrder > 0 ? ((char)('0' + Math.Min(BirthOrder, 9))).ToString() : "", (IsDisputed ? "d" : "") + (IsTest ? "t" : "")));

    public static PersonFacts Decode(ReadOnlySpan<byte> row)
    {
        var fields = Encoding.UTF8.GetString(row).Split(Field);
        return new PersonFacts
        {
            Name = fields[0],
            Birth = OrNull(fields[1]),
            Sex = fields[2],
            Phones = List(fields[3]),
            Commune = OrNull(fields[4]),
            Place = fields[5],
            CitizenNumber = OrNull(fields[6]),
            InsuranceNumbers = List(fields[7]),
            Papers = List(fields[8]),
            Mother = fields[9],
            BirthOrder = fields[10].Length > 0 ? fields[10][0] - '0' : 0,
            IsDisputed = fields[11].Contains('d', StringComparison.Ordinal),
            IsTest = fields[11].Contains('t', StringComparison.Ordinal),
        };
    }

    private static string? OrNull(string text) => text.Length > 0 ? text : null;

    private static string[] List(string text) => text.Length > 0 ? text.Split(Item) : [];
}
