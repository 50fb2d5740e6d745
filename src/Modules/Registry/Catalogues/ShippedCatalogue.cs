using System.Reflection;
using System.Text;
using Mach.Contracts.Registry;
using Mach.Kernel;
using Mach.Registry.Data;
using Mach.Registry.Imports;
using Mach.Vietnam.Terminology;

namespace Mach.Registry.Catalogues;

/// <summary>A list that comes with the program: read at first need, held by code with its folded words for searching.</summary>
internal sealed class ShippedCatalogue
{
    private readonly Dictionary<string, CatalogueEntry> _byCode;
    private readonly List<(string Folded, CatalogueEntry Entry)> _lines;

    private readonly Func<string, IEnumerable<string>>? _search;

    /// <param name="search">Finds codes, best first, where the list has a search of its own.</param>
    private ShippedCatalogue(IEnumerable<CatalogueEntry> entries, Func<string, IEnumerable<string>>? search = null)
    {
        _search = search;
        _byCode = new(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            _byCode.TryAdd(entry.Code, entry);
        }

        _lines = search is not null ? [] : [.. _byCode.Values.Select(e => (CatalogueWords.Line(e), e))];
    }

    public int Count => _byCode.Count;

    public IEnumerable<CatalogueEntry> All => _byCode.Values;

    public CatalogueEntry? Find(string code) => _byCode.GetValueOrDefault(code);

    /// <summary>Entries that have all the words, best first.</summary>
    public IEnumerable<(int Rank, CatalogueEntry Entry)> Search(string text, string[] words) => _search is not null
        ? _search(text).Select((code, i) => (int.MaxValue / 2 - i, _byCode[code]))
        : _lines.Select(l => (CatalogueWords.Rank(l.Folded, words), l.Entry)).Where(h => h.Item1 > 0);

    private static readonly Dictionary<string, Lazy<ShippedCatalogue>> Known = new(StringComparer.Ordinal)
    {
        [CatalogueNames.Icd10] = new(() => new(Icd10(), text => Icd10List.Search(text).Select(place => Icd10List.At(place).Code))),
        [CatalogueNames.Services] = new(() => new(Tsv.Read("services", 5).Select(f => Entry(f[0], f[1], "QĐ 4440/QĐ-BYT 2020", ("tier", f[2]), ("class", f[3]), ("icd9cm", f[4]))))),
        [CatalogueNames.Drugs] = new(() => new(Table("drugs", "Mạch 2026-11 (ATC/WHO)"))),
        [CatalogueNames.Tests] = new(() => new(Table("laboratory-tests", "Mạch 2026-11"))),
        [CatalogueNames.InsuranceObjects] = new(() => new(Tsv.Read("insurance-objects", 4).Select(f => Entry(f[0], f[1], "QĐ 1351/QĐ-BHXH 2015", ("benefit", f[2]), ("share", f[3]))))),
        [CatalogueNames.EthnicGroups] = new(() => new(Names("ethnic-groups", "QĐ 121-TCTK/PPCĐ 1979"))),
        [CatalogueNames.Nationalities] = new(() => new(Names("nationalities", "TT 07/2016/TT-BCA"))),
        [CatalogueNames.Occupations] = new(() => new(Names("occupations", "QĐ 34/2020/QĐ-TTg"))),
    };

    /// <exception cref="ArgumentException">There is no such catalogue.</exception>
    public static ShippedCatalogue Of(string catalogue) => Known.TryGetValue(catalogue, out var list) ? list.Value
        : throw new ArgumentException($"There is no catalogue '{catalogue}'. Known: {string.Join(", ", CatalogueNames.All)}.", nameof(catalogue));

    private static IEnumerable<CatalogueEntry> Names(string name, string version) => Tsv.Read(name, 2).Select(f => Entry(f[0], f[1], version));

    private static IEnumerable<CatalogueEntry> Icd10()
    {
        var rules = Rows("icd10-rules").ToLookup(r => r["code"].TrimEnd('†', '*', '+'), StringComparer.Ordinal);
        for (var place = 0; place < Icd10List.Count; place++)
        {
            var code = Icd10List.At(place);
            var rule = rules[code.Code].FirstOrDefault();
            yield return Entry(code.Code, code.Vi, "QĐ 4469/QĐ-BYT 2020", [("name_en", code.En), .. RuleNames.Select(n => (n, rule?.GetValueOrDefault(n) ?? ""))]);
        }
    }

    private static readonly string[] RuleNames = ["not_main", "sex", "age_min_days", "age_max_days"];

    private static IEnumerable<CatalogueEntry> Table(string name, string version) =>
        Rows(name).Select(r => Entry(r["code"], r["name_vi"], version, [.. r.Where(c => c.Key is not ("code" or "name_vi")).Select(c => (c.Key, c.Value))]));

    private static IEnumerable<Dictionary<string, string>> Rows(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Mach.Registry.Data.{name}.csv") ?? throw new InvalidOperationException($"{name}.csv is missing from the assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var rows = Csv.Read(reader.ReadToEnd());
        foreach (var row in rows.Skip(1))
        {
            yield return rows[0].Cells.Zip(row.Cells).ToDictionary(c => c.First, c => c.Second, StringComparer.Ordinal);
        }
    }

    private static CatalogueEntry Entry(string code, string name, string version, params (string Name, string Value)[] attributes) =>
        new(code, name, attributes.Where(a => a.Value.Length > 0).ToDictionary(a => a.Name, a => a.Value, StringComparer.Ordinal), version, DateOnly.MinValue, DateOnly.MaxValue);
}

/// <summary>How typed words find an entry: each must begin a word of its code, name or short attributes, tones aside.</summary>
internal static class CatalogueWords
{
    private const int WholeName = 1000;

    public static string[] Of(string text) => [.. VietnameseText.Fold(text).Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(12)];

    /// <summary>" code | name words | other words ".</summary>
    public static string Line(CatalogueEntry entry)
    {
        var others = entry.Attributes.Where(a => a.Key is "name_en" or "atc" or "loinc").Select(a => a.Value);
        return VietnameseText.Fold(entry.Code) + "\t" + Plain(VietnameseText.Fold(entry.Name)) + "\t" + Plain(VietnameseText.Fold(string.Join(' ', others)));
    }

    /// <summary>0 = a word is missing; more is better: a code before names, a whole name before its beginning, short names first.</summary>
    public static int Rank(string line, string[] words)
    {
        var parts = line.Split('\t');
        if (words.Length == 1 && parts[0].StartsWith(words[0], StringComparison.Ordinal))
        {
            return (3 * WholeName) - parts[0].Length;
        }

        foreach (var word in words)
        {
            if (!parts[1].Contains(" " + word, StringComparison.Ordinal) && !parts[2].Contains(" " + word, StringComparison.Ordinal) && !parts[0].StartsWith(word, StringComparison.Ordinal))
            {
                return 0;
            }
        }

        var phrase = " " + string.Join(' ', words);
        return (parts[1].StartsWith(phrase, StringComparison.Ordinal) ? WholeName : parts[1].Contains(phrase, StringComparison.Ordinal) ? WholeName / 2 : 0) + Math.Max(1, 400 - parts[1].Length);
    }

    private static string Plain(string folded)
    {
        var plain = new StringBuilder(folded.Length + 2).Append(' ');
        foreach (var c in folded)
        {
            plain.Append(char.IsLetterOrDigit(c) || c == '.' ? c : ' ');
        }

        return plain.Append(' ').ToString();
    }
}
