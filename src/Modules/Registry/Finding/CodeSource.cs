using Mach.Registry.Catalogues;
using Mach.Registry.Ledgers;
using Mach.Ui;
using Mach.Ui.Finding;
using Mach.Vietnam.Terminology;

namespace Mach.Registry.Finding;

/// <summary>ICD-10 in the search over everything: a code or its beginning, words of a name in either language, initials.</summary>
internal sealed class CodeSource(CatalogueService catalogues, RegistryBooks books) : ISearchSource
{
    /// <summary>One letter begins a thousand names.</summary>
    private const int Shortest = 2;

    public int Place => 40;

    public async ValueTask<SearchGroup?> FindAsync(SearchAsked asked, CancellationToken ct)
    {
        if (asked.Text.Length < Shortest)
        {
            return null;
        }

        var found = await catalogues.SearchAsync(CatalogueNames.Icd10, asked.Text, books.Today(), SearchAsked.Shown + 1, ct);
        return found.Count == 0 ? null : new SearchGroup("ICD-10", [.. found.Take(SearchAsked.Shown).Select(e => new SearchHit($"/catalogues/{CatalogueNames.Icd10}/entry?code={Uri.EscapeDataString(e.Code)}", (Texts.IsEnglish ? Icd10List.Find(e.Code)?.Name(english: true) : null) ?? e.Name) { Code = e.Code })])
        {
            Page = $"/catalogues/{CatalogueNames.Icd10}?q={Uri.EscapeDataString(asked.Text)}",
            HasMore = found.Count > SearchAsked.Shown,
        };
    }
}
