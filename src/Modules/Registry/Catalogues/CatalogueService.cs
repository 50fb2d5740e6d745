using Mach.Contracts.Registry;
using Mach.Registry.Ledgers;

namespace Mach.Registry.Catalogues;

/// <summary>
/// Dated catalogues: the lists that come with the program, and over them what was imported. From the first day that an import speaks of a code, imports alone
/// say what it is; before that day the shipped entry stands, so that old visits keep their version.
/// </summary>
internal sealed class CatalogueService(RegistryBooks books) : ICatalogues
{
    /// <summary>From this rank on (its name begins as typed, or it is the code) an imported entry stands before shipped ones of lists with an order of their own.</summary>
    private const int ImportedFirst = 1000;

    public async ValueTask<CatalogueEntry?> FindAsync(string catalogue, string code, DateOnly date, CancellationToken ct) =>
        Find((await books.CurrentAsync(ct)).Catalogues, catalogue, code, date, long.MaxValue - 1);

    public async ValueTask<IReadOnlyList<CatalogueEntry>> SearchAsync(string catalogue, string text, DateOnly date, int limit, CancellationToken ct)
    {
        var shipped = ShippedCatalogue.Of(catalogue);
        var ledger = (await books.CurrentAsync(ct)).Catalogues;
        var words = CatalogueWords.Of(text);
        var imported = Imported(ledger, catalogue);
        var found = (words.Length == 0 ? shipped.All.Select(e => (Rank: 0, Entry: e)) : shipped.Search(text, words))
            .Where(h => !imported.Contains(h.Entry.Code))
            .Concat(imported.Select(code => Find(ledger, catalogue, code, date, long.MaxValue - 1)).OfType<CatalogueEntry>()
                .Select(e => (Rank: words.Length == 0 ? 0 : CatalogueWords.Rank(CatalogueWords.Line(e), words), Entry: e)).Where(h => words.Length == 0 || h.Rank > 0)
                .Select(h => (Rank: h.Rank >= ImportedFirst ? int.MaxValue : h.Rank, h.Entry)));
        return [.. found.OrderByDescending(h => h.Rank).ThenBy(h => h.Entry.Code, StringComparer.Ordinal).Take(limit).Select(h => h.Entry)];
    }

    /// <summary>How many entries the shipped list has, and how many codes imports speak of.</summary>
    public async ValueTask<(int Shipped, int Imported)> CountAsync(string catalogue, CancellationToken ct) =>
        (ShippedCatalogue.Of(catalogue).Count, Imported((await books.CurrentAsync(ct)).Catalogues, catalogue).Count);

    /// <summary>All versions of a code in order of time, the shipped one first.</summary>
    public async ValueTask<IReadOnlyList<CatalogueEntry>> VersionsAsync(string catalogue, string code, CancellationToken ct)
    {
        var facts = (await books.CurrentAsync(ct)).Catalogues.Of(CatalogueLine.Subject(catalogue, code)).Where(f => f.IsOpen).OrderBy(f => f.From).ToList();
        var shipped = ShippedCatalogue.Of(catalogue).Find(code);
        return
        [
            .. shipped is null || (facts.Count > 0 && facts[0].From == DateOnly.MinValue) ? [] : (CatalogueEntry[])[shipped with { To = facts.Count > 0 ? facts[0].From : DateOnly.MaxValue }],
            .. facts.Select(CatalogueLine.Read),
        ];
    }

    internal static CatalogueEntry? Find(Ledger ledger, string catalogue, string code, DateOnly date, long knownAt)
    {
        var facts = ledger.Of(CatalogueLine.Subject(catalogue, code)).Where(f => f.KnownAt(knownAt)).ToList();
        if (facts.Find(f => f.Holds(date)) is { } fact)
        {
            return CatalogueLine.Read(fact);
        }

        var first = facts.Count > 0 ? facts.Min(f => f.From) : DateOnly.MaxValue;
        return date < first && ShippedCatalogue.Of(catalogue).Find(code) is { } shipped ? shipped with { To = first } : null;
    }

    private static HashSet<string> Imported(Ledger ledger, string catalogue)
    {
        var prefix = CatalogueLine.Subject(catalogue, "");
        return [.. ledger.Subjects.Where(s => s.StartsWith(prefix, StringComparison.Ordinal) && ledger.Of(s).Any(f => f.IsOpen)).Select(s => s[prefix.Length..])];
    }
}
