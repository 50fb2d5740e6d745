using Mach.Registry.Ledgers;

namespace Mach.Registry.Imports;

/// <summary>A column that a kind of file may have.</summary>
/// <param name="Key">Our name.</param>
/// <param name="Aliases">Other headings, folded with "_" between words, such as the official "ma_cskcb".</param>
internal sealed record ImportColumn(string Key, bool Required, params string[] Aliases);

/// <summary>A kind of file: its columns, and what a line of it states.</summary>
/// <param name="Name">Such as "facilities".</param>
/// <param name="Open">Columns that are not named here are taken too, under their folded heading.</param>
/// <param name="Take">States one line in the draft; what is wrong goes to <see cref="ImportRow.Say"/>.</param>
internal sealed record ImportKind(string Name, IReadOnlyList<ImportColumn> Columns, bool Open, Action<RegistryDraft, ImportRow> Take)
{
    /// <summary>The column that names what a whole list must have; what it lacks ends. Null = a file of this kind is never the whole list.</summary>
    public string? Key { get; init; }
    /// <summary>Ends on a day everything of the kind but these codes.</summary>
    public Action<RegistryDraft, IReadOnlySet<string>, DateOnly>? EndOthers { get; init; }
}

/// <summary>What an import would do, or why it cannot.</summary>
/// <param name="Problems">By row and column; any keeps the whole file out.</param>
/// <param name="Lines">Rows of the file that were read.</param>
internal sealed record ImportPreview(IReadOnlyList<Units.Problem> Problems, IReadOnlyList<ImportDifference> Differences, int Lines)
{
    public int Added => Differences.Count(d => d.Before is null);
    public int Ended => Differences.Count(d => d.After is null);
    public int Changed => Differences.Count(d => d is { Before: not null, After: not null });
}

/// <summary>One aspect that a change gives another value.</summary>
/// <param name="Before">What was believed for the day <paramref name="From"/>; null = nothing.</param>
/// <param name="After">What is to be believed; null = that it ended.</param>
public sealed record ImportDifference(string Subject, string Aspect, string? Before, string? After, DateOnly From)
{
    /// <summary>What a draft changes, in the order of subjects.</summary>
    internal static IReadOnlyList<ImportDifference> Of(RegistryDraft draft)
    {
        var found = new List<ImportDifference>();
        foreach (var ledger in draft.All)
        {
            var closed = ledger.Closed.ToLookup(f => (f.Subject, f.Aspect));
            var opened = ledger.Opened.ToLookup(f => (f.Subject, f.Aspect));
            foreach (var key in closed.Select(g => g.Key).Union(opened.Select(g => g.Key)))
            {
                foreach (var fact in opened[key].Where(o => !closed[key].Any(c => c.Value == o.Value && c.From <= o.From && o.To <= c.To)))
                {
                    found.Add(new ImportDifference(key.Subject, key.Aspect, closed[key].FirstOrDefault(c => c.Overlaps(fact.From, fact.To))?.Value, fact.Value, fact.From));
                }

                foreach (var fact in closed[key].Where(c => !opened[key].Any(o => o.Overlaps(c.From, c.To) && o.To >= c.To)))
                {
                    found.Add(new ImportDifference(key.Subject, key.Aspect, fact.Value, null, opened[key].Where(o => o.Overlaps(fact.From, fact.To)).Select(o => o.To).DefaultIfEmpty(fact.From).Max()));
                }
            }
        }

        return [.. found.OrderBy(d => d.Subject, StringComparer.Ordinal).ThenBy(d => d.Aspect, StringComparer.Ordinal).ThenBy(d => d.From)];
    }
}
