using Mach.Chart.Reading;
using Mach.Contracts.People;
using Mach.Fhir.Search;
using Mach.Kernel;
using Mach.Store;

namespace Mach.Chart.Find;

/// <summary>One page of persons.</summary>
/// <param name="More">Cursor of the next page; null on the last one.</param>
/// <param name="TooMany">The words fit so many persons that the search gave up: the reader should add a word.</param>
public sealed record FoundPersons(PersonQuery Query, IReadOnlyList<PersonRow> Rows, string? More, bool TooMany = false);

/// <summary>Runs a person query: the alternatives in order of trust, those written as typed first.</summary>
internal sealed class PersonFinder(RecordView store, IPersonLinks links, TimeProvider clock)
{
    /// <param name="cursor">"{alternative}~{cursor of the store}" of the page before.</param>
    /// <param name="count">1–20.</param>
    public async Task<FoundPersons> FindAsync(string? text, string? cursor, int count, CancellationToken ct)
    {
        var query = PersonQuery.Parse(text, Ui.Dates.Today(clock));
        var rows = new List<PersonRow>();
        var (start, inner) = ReadCursor(cursor);
        try
        {
            for (var i = start; i < query.Searches.Count; i++)
            {
                var search = SearchQuery.Parse("Patient", query.Searches[i]) with { Count = count, Cursor = inner };
                var page = await store.SearchAsync(search, ct);
                rows.AddRange(Parsed.Select(page.Matches, PersonRow.From));
                if (page.Next is not null)
                {
                    return new(query, await FoldAsync(Ranked(rows, query.Name), ct), $"{i}~{page.Next}");
                }

                // The next alternative is for those whom the more certain one does not find.
                if (rows.Count > 0)
                {
                    break;
                }

                inner = null;
            }
        }
        catch (SearchException e) when (e.Code == "too-costly")
        {
            return new(query, await FoldAsync(Ranked(rows, query.Name), ct), null, TooMany: true);
        }
        catch (SearchException) when (cursor is not null)
        {
            // A cursor from an old link: begin again.
            return await FindAsync(text, null, count, ct);
        }

        return new(query, await FoldAsync(Ranked(rows, query.Name), ct), null);
    }

    private static (int Alternative, string? Cursor) ReadCursor(string? cursor)
    {
        var at = cursor?.IndexOf('~', StringComparison.Ordinal) ?? -1;
        return at == 1 && char.IsAsciiDigit(cursor![0]) ? (cursor[0] - '0', cursor[2..]) : (0, null);
    }

    /// <summary>Records of one person on the page are one row, at the place of the first. What the other pages have of them stands there.</summary>
    private async Task<List<PersonRow>> FoldAsync(List<PersonRow> rows, CancellationToken ct)
    {
        if (rows.TrueForAll(row => row.Links.Count == 0))
        {
            return rows;
        }

        var (folded, places) = (new List<PersonRow>(rows.Count), new Dictionary<string, int>(StringComparer.Ordinal));
        foreach (var row in rows)
        {
            if (places.TryGetValue(row.Id, out var place))
            {
                folded[place] = folded[place].With(row);
                continue;
            }

            // Most have no link; the few that have are followed to the end.
            foreach (var id in row.Links.Count > 0 ? await links.LinkedAsync(row.Id, ct) : [])
            {
                places.TryAdd(id, folded.Count);
            }

            folded.Add(row);
        }

        return folded;
    }

    /// <summary>Exactly as typed, tones and all, then as typed without tones, then the rest; the store's order within each.</summary>
    private static List<PersonRow> Ranked(List<PersonRow> rows, string? name)
    {
        if (name is null || rows.Count < 2)
        {
            return rows;
        }

        var typed = VietnameseText.Compose(name).ToLowerInvariant();
        var folded = VietnameseText.Fold(name);
        var tones = VietnameseText.HasDiacritics(name);
        return [.. rows.OrderBy(row =>
        {
            var own = VietnameseText.Compose(row.Name).ToLowerInvariant();
            return own == typed ? 0
                : tones && own.Contains(typed, StringComparison.Ordinal) ? 1
                : VietnameseText.Fold(row.Name) == folded ? 2 : 3;
        })];
    }
}
