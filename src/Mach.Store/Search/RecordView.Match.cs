using System.Globalization;
using Mach.Fhir.Search;
using Mach.Store.Search;

namespace Mach.Store;

public partial class RecordView
{
    private const string LastSequence = "SELECT n FROM counter WHERE id=2";

    /// <summary>
    /// What a conditional write finds: a few answers, and the guard that makes the commit fail when there may be another by then.
    /// Pages, order and includes of the query do not matter.
    /// </summary>
    /// <param name="most">So many answers are given at most; two tell one from many.</param>
    /// <exception cref="SearchException">More than the store will look at (too-costly).</exception>
    public async Task<Match> MatchAsync(SearchQuery query, CancellationToken ct, int most = 2)
    {
        ArgumentNullException.ThrowIfNull(query);
        await using var connection = await _sight.OpenAsync(Db, ct).ConfigureAwait(false);
        await using var command = connection.CreateCommand();
        command.CommandText = LastSequence;
        var seq = Convert.ToInt64(await command.ExecuteScalarAsync(ct).ConfigureAwait(false), CultureInfo.InvariantCulture);

        var run = new SearchRun(Db, connection, _sight, Hash, ct);
        var resolved = await LinkedSearch.ResolveAsync(run, query with { Sort = null, Cursor = null }).ConfigureAwait(false);
        var guard = new Guard(resolved, seq, resolved.NoIds ? [] : SearchPlanner.HashesOfEvery(resolved, Hash));
        if (resolved.NoIds)
        {
            return new Match([], guard);
        }

        var (_, drivers) = await run.PlanAsync(resolved).ConfigureAwait(false);
        var driver = drivers[await run.ChooseAsync(resolved, drivers).ConfigureAwait(false)];
        var page = await run.ReadAsync(resolved, driver, null, null, most).ConfigureAwait(false);
        var found = page.Hits.Select(hit => hit.Row.Resource).ToList();
        return Shown(new Match([.. found], guard), found);
    }
}
