using System.Text;

namespace Mach.Vietnam.Terminology;

/// <summary>ICD-10 in Vietnamese and English, in the order of the codes. The names stay in the bytes of the list until one is asked for.</summary>
/// <remarks>
/// Source: the Ministry of Health's ICD-10 list (QĐ 4469/QĐ-BYT 2020), Data/icd10-vn.tsv, without dagger and asterisk marks.
/// Seven English names that the published list repeats from the line above (I10, I48, K64, C86, D45, T08.0, T08.1) are WHO's.
/// </remarks>
public static class Icd10List
{
    private const int CategoryLength = 3;
    private static readonly Lazy<Lines> All = new(Read);
    private static readonly Lazy<Icd10Index> Index = new(() => new Icd10Index(Count, At));

    public static int Count => All.Value.Starts.Length;

    /// <summary>By place in the order of the codes, from 0.</summary>
    public static Icd10Code At(int place)
    {
        var parts = Encoding.UTF8.GetString(Line(place)).Split('\t');
        return new Icd10Code(parts[0], parts[1], parts[2]);
    }

    /// <summary>The code exactly as the list writes it; null when it is not there.</summary>
    public static Icd10Code? Find(string code) => Place(code) is >= 0 and var place ? At(place) : null;

    /// <summary>The code as people write it: any case, with or without the dot, with a dagger or asterisk; null when it is not there.</summary>
    public static Icd10Code? FindAsWritten(string code)
    {
        var plain = code.Trim().TrimEnd('*', '†', '+').ToUpperInvariant();
        return Find(plain) ?? (plain.Length > CategoryLength && plain[CategoryLength] != '.' ? Find(plain.Insert(CategoryLength, ".")) : null);
    }

    /// <summary>The next broader code; null for a category.</summary>
    public static Icd10Code? Parent(string code) => code.Length switch
    {
        <= CategoryLength => null,
        > CategoryLength + 2 when Find(code[..^1]) is { } between => between,
        _ => Find(code[..CategoryLength]),
    };

    /// <summary>The codes right below one.</summary>
    public static IEnumerable<Icd10Code> Children(string code)
    {
        for (var place = Place(code) is >= 0 and var at ? at + 1 : Count; place < Count && At(place) is var below && below.Code.StartsWith(code, StringComparison.Ordinal); place++)
        {
            if (Parent(below.Code)?.Code == code)
            {
                yield return below;
            }
        }
    }

    /// <summary>Places of what a typed text means, best first: words in any order, begun or whole, with or without tones; initials of words; a code or its beginning.</summary>
    public static IReadOnlyList<int> Search(string text) => Index.Value.Search(text);

    private static int Place(string code)
    {
        Span<byte> key = stackalloc byte[16];
        if (!Encoding.UTF8.TryGetBytes(code, key, out var length))
        {
            return -1;
        }

        var (low, high) = (0, Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = Code(Line(middle)).SequenceCompareTo(key[..length]);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    private static ReadOnlySpan<byte> Line(int place)
    {
        var rest = All.Value.Bytes.AsSpan(All.Value.Starts[place]);
        return rest[..rest.IndexOf((byte)'\n')];
    }

    private static ReadOnlySpan<byte> Code(ReadOnlySpan<byte> line) => line[..line.IndexOf((byte)'\t')];

    private static Lines Read()
    {
        using var stream = typeof(Icd10List).Assembly.GetManifestResourceStream("icd10-vn.tsv")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var starts = new List<int>();
        for (var at = 0; at < bytes.Length; at += bytes.AsSpan(at).IndexOf((byte)'\n') + 1)
        {
            starts.Add(at);
        }

        starts.Sort((a, b) => Code(bytes.AsSpan(a)).SequenceCompareTo(Code(bytes.AsSpan(b))));
        return new Lines(bytes, [.. starts]);
    }

    private sealed record Lines(byte[] Bytes, int[] Starts);
}
