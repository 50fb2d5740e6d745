using System.Globalization;
using Mach.Data;
using Mach.Fhir.Search;
using Mach.Store.Search;

namespace Mach.Store;

public partial class RecordView
{
    /// <summary>Key spaces of hashes that are not of a search parameter: the seal of cursors.</summary>
    private const short CursorSeal = -2;

    private const int BriefCount = 100;

    /// <summary>One page of a type-level search, decided on the bodies; the cursor leads to the next.</summary>
    /// <exception cref="SearchException">A cursor that is not of this search (invalid), or more than the store will look at (too-costly).</exception>
    public async Task<SearchPage> SearchAsync(SearchQuery query, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(query);
        var cursor = query.Cursor is null ? null : SearchCursor.Read(query.Cursor, query, Seal);
        await using var connection = await _sight.OpenAsync(Db, ct).ConfigureAwait(false);
        // On SQLite a connection is no distance, and this one is open.
        var run = new SearchRun(Db, connection, _sight, Hash, ct, Db.Engine == DbEngine.Postgres && !_sight.IsWalled(Db) && IsBrief(query));
        var resolved = await LinkedSearch.ResolveAsync(run, query).ConfigureAwait(false);
        if (resolved.NoIds)
        {
            return new SearchPage { Matches = [], Total = 0 };
        }

        var (_, drivers) = await run.PlanAsync(resolved).ConfigureAwait(false);
        var chosen = cursor?.Driver ?? await run.ChooseAsync(resolved, drivers).ConfigureAwait(false);
        if (chosen >= drivers.Count || (cursor is not null && cursor.Order != drivers[chosen].Order))
        {
            throw new SearchException("invalid", "The paging cursor belongs to another version of this store; start again from the first page.");
        }

        if (query.CountOnly || query.Count == 0)
        {
            return new SearchPage { Matches = [], Total = await CountAsync(run, resolved, drivers[chosen]).ConfigureAwait(false) };
        }

        var page = await run.ReadAsync(resolved, drivers[chosen], cursor?.Last, cursor?.Since, query.Count).ConfigureAwait(false);
        var included = await new Includes(this, run, query, ct).OfAsync([.. page.Hits.Select(h => h.Row)]).ConfigureAwait(false);
        return Shown(new SearchPage
        {
            Matches = [.. page.Hits.Select(hit => hit.Row.Resource)],
            Included = included,
            Next = page.Last is { } last ? new SearchCursor(chosen, drivers[chosen].Order, last, page.Since ?? 0).Write(query, Seal) : null,
            // What fits on one page is counted already; more is counted only when asked.
            Total = page.Total ?? await TotalAsync().ConfigureAwait(false),
        });

        async Task<long?> TotalAsync()
        {
            try
            {
                return query.Total || query.Estimate ? await CountAsync(new SearchRun(Db, connection, _sight, Hash, ct), resolved, drivers[chosen]).ConfigureAwait(false) : null;
            }
            catch (SearchException e) when (query.Estimate && e.Code == "too-costly")
            {
                return null;
            }
        }
    }

    /// <summary>Each statement reads a few rows by their keys: nothing is counted, nothing followed.</summary>
    private static bool IsBrief(SearchQuery query) =>
        query is { CountOnly: false, Total: false, Estimate: false, Count: <= BriefCount, Includes.Count: 0, RevIncludes.Count: 0, NeedsOthers: false };

    private static async Task<long> CountAsync(SearchRun run, SearchQuery query, SearchDriver driver)
    {
        if (query.IsEverything && !run.Sight.LooksAtBodies)
        {
            return await run.CountTypeAsync(query.Type).ConfigureAwait(false);
        }

        long count = 0;
        await foreach (var _ in run.HitsAsync(query, driver, false, null, SearchQuery.MaxCount).ConfigureAwait(false))
        {
            count++;
        }

        return count;
    }

    private long Seal(string text) => Hash(CursorSeal, string.Create(CultureInfo.InvariantCulture, $"{text.Length}\n{text}"));
}
