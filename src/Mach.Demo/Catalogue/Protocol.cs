namespace Mach.Demo.Catalogue;

/// <param name="PerDay">Units a day; 0 when <paramref name="Fixed"/> counts.</param>
/// <param name="Fixed">Units for the whole visit (tubes, inhalers, bottles of chemotherapy).</param>
internal readonly record struct Choice(Drug Drug, int PerDay, int Fixed);

/// <param name="Alternatives">One of these is given, the same one to the same person each time.</param>
/// <param name="Sometimes">Given to some people only.</param>
internal sealed record Prescribed(IReadOnlyList<Choice> Alternatives, bool Sometimes);

internal sealed record Ordered(Service Service, bool Sometimes);

/// <summary>What a visit for one reason looks like: one row of protocols.tsv.</summary>
internal sealed class Protocol
{
    private readonly (int FromAge, double PerThousand)[] _rate;

    public Protocol(string[] f, Medicine medicine)
    {
        (Id, Kind, Codes, Reason, Department, Exam) = (f[0], f[1], f[2].Split('|'), f[3], f[5], medicine.Service(f[6]));
        (Station, District, Province) = (Weight(f[4], 'S'), Weight(f[4], 'D'), Weight(f[4], 'P'));
        Tests = Orders(f[7], medicine);
        Procedures = Orders(f[8], medicine);
        Drugs = [.. Split(f[9]).Select(d => Prescription(d, medicine))];
        Note = f[10];
        (DaysLeast, DaysMost) = Range(f[11]);
        (AgeLeast, AgeMost) = Range(f[12]);
        Sex = f[13] switch { "M" => 1, "F" => 2, _ => 0 };
        _rate = f[14] is "-" or "" ? [] : [.. f[14].Split(',').Select(p => (Medicine.Whole(p.Split(':')[0]), Medicine.Real(p.Split(':')[1])))];
        Season = f[15].Length == 0 ? '-' : f[15][0];
    }

    public string Id { get; }
    /// <summary>A number that follows from the id, to name streams of chance by.</summary>
    public long Key => field == 0 ? field = Id.Aggregate(7L, (sum, letter) => (sum * 31) + letter) : field;
    public string Kind { get; }
    /// <summary>ICD-10 codes that the visit may carry as the main disease.</summary>
    public IReadOnlyList<string> Codes { get; }
    public string Reason { get; }
    /// <summary>Weight of a commune station, a district centre and a provincial hospital as the place.</summary>
    public int Station { get; }
    public int District { get; }
    public int Province { get; }
    public string Department { get; }
    public Service Exam { get; }
    public IReadOnlyList<Ordered> Tests { get; }
    public IReadOnlyList<Ordered> Procedures { get; }
    public IReadOnlyList<Prescribed> Drugs { get; }
    public string Note { get; }
    /// <summary>Days of medicine for an outpatient, days in bed for an inpatient.</summary>
    public int DaysLeast { get; }
    public int DaysMost { get; }
    public int AgeLeast { get; }
    public int AgeMost { get; }
    /// <summary>1 men, 2 women, 0 both.</summary>
    public int Sex { get; }
    public bool HasRate => _rate.Length > 0;
    /// <summary>w winter, s summer, r rainy season, - none.</summary>
    public char Season { get; }

    public bool Fits(int age, int sex) => age >= AgeLeast && age <= AgeMost && (Sex == 0 || Sex == sex);

    /// <summary>Cases in a year per thousand people of an age; for chronic disease the share who have it.</summary>
    public double PerThousand(int age)
    {
        var rate = 0.0;
        foreach (var (from, value) in _rate)
        {
            if (age >= from)
            {
                rate = value;
            }
        }

        return rate;
    }

    /// <summary>Weight of a month (1–12); the mean over the year is about 1.</summary>
    public double InSeason(int month) => Season switch
    {
        'w' => month is 12 or 1 or 2 ? 1.8 : month is 11 or 3 ? 1.3 : month is >= 5 and <= 8 ? 0.5 : 0.85,
        's' => month is >= 5 and <= 8 ? 1.7 : month is 12 or 1 or 2 ? 0.5 : 0.8,
        'r' => month is >= 7 and <= 11 ? 1.6 : 0.6,
        _ => 1,
    };

    private static int Weight(string where, char place) => where.IndexOf(place, StringComparison.Ordinal) is var i and >= 0 ? where[i + 1] - '0' : 0;

    private static string[] Split(string list) => list.Split(';', StringSplitOptions.RemoveEmptyEntries);

    private static (int Least, int Most) Range(string text) => text.Split('-') is [var a, var b] ? (Medicine.Whole(a), Medicine.Whole(b)) : (0, 120);

    private static List<Ordered> Orders(string list, Medicine medicine) =>
        [.. Split(list).Select(s => new Ordered(medicine.Service(s.TrimEnd('?')), s.EndsWith('?')))];

    private static Prescribed Prescription(string text, Medicine medicine) =>
        new([.. text.TrimEnd('?').Split('/').Select(a => One(a, medicine))], text.EndsWith('?'));

    private static Choice One(string text, Medicine medicine)
    {
        var parts = text.Split(':');
        return parts[1][0] == 'f'
            ? new(medicine.Drug(parts[0]), 0, Medicine.Whole(parts[1][1..]))
            : new(medicine.Drug(parts[0]), Medicine.Whole(parts[1]), 0);
    }
}
