using Mach.Care.Writing;
using Mach.Ui;

namespace Mach.Care.Notes;

/// <summary>One heading of a note, from Data/note-sections.tsv.</summary>
/// <param name="Loinc">Code of the document section.</param>
public sealed record NoteSection(string Key, string Vietnamese, string English, string Loinc, string Hint, string EnglishHint)
{
    public static IReadOnlyDictionary<string, NoteSection> All { get; } =
        Table.Rows("note-sections.tsv").Select(c => new NoteSection(c[0], c[1], c[2], c[3], c[4], c[5])).ToDictionary(s => s.Key, StringComparer.Ordinal);

    /// <summary>In the language of the request.</summary>
    public string Name => Texts.IsEnglish ? English : Vietnamese;

    public string Said => Texts.IsEnglish ? EnglishHint : Hint;

    public static NoteSection? ByLoinc(string? code) => All.Values.FirstOrDefault(s => s.Loinc == code);
}

/// <summary>What a kind of note consists of, from Data/note-templates.tsv.</summary>
/// <param name="Loinc">Code of the document, and <paramref name="LoincName"/> its name there.</param>
/// <param name="Filled">What stands in a section beforehand.</param>
public sealed record NoteTemplate(string Key, string Vietnamese, string English, string Loinc, string LoincName, IReadOnlyList<NoteSection> Sections, IReadOnlyDictionary<string, string> Filled)
{
    public static IReadOnlyList<NoteTemplate> All { get; } = [.. Table.Rows("note-templates.tsv").Select(Read)];

    public string Name => Texts.IsEnglish ? English : Vietnamese;

    /// <summary>The first when there is none of that key.</summary>
    public static NoteTemplate Of(string? key) => All.FirstOrDefault(t => t.Key == key) ?? All[0];

    /// <summary>The note as it begins.</summary>
    public NoteText Begin() => new(Sections.ToDictionary(s => s.Key, s => Filled.GetValueOrDefault(s.Key, ""), StringComparer.Ordinal));

    private static NoteTemplate Read(string[] c) => new(
        c[0], c[1], c[2], c[3], c[4],
        [.. c[5].Split(' ').Select(key => NoteSection.All[key])],
        c.Length < 7 ? new Dictionary<string, string>() : c[6].Split('|', StringSplitOptions.RemoveEmptyEntries).Select(f => f.Split('=', 2)).ToDictionary(f => f[0], f => f[1], StringComparer.Ordinal));
}
