using Mach.Store;

namespace Mach.FhirApi.Writing;

/// <summary>The first answer to a request that comes again with its Idempotency-Key, told from the commit that the key is kept with.</summary>
internal static class Replay
{
    /// <summary>Sets the results of the changes.</summary>
    /// <returns>False when the key is new.</returns>
    public static async Task<bool> TellAsync(FhirCall call, IReadOnlyList<Change> changes, RequestKey key)
    {
        if (await call.Store.FindCommitAsync(key.Text, call.Aborted) is not { } commit)
        {
            return false;
        }

        // Those with a known id first; what a search named then is one of the others, which stand in the order of the changes.
        var open = commit.Versions.ToList();
        foreach (var change in changes)
        {
            change.Forget();
            var id = change.Kind == ChangeKind.Create ? change.NewId : change.Id;
            await TakeAsync(call, change, open, v => v.Id == id || (id is null && v.Id == change.NewId));
        }

        foreach (var change in changes.Where(c => c.Result is null))
        {
            if (change.Kind != ChangeKind.Create && change.Criteria is not null)
            {
                await TakeAsync(call, change, open, _ => true);
            }

            change.Result ??= await WithoutVersionAsync(call, change);
        }

        return true;
    }

    private static async Task TakeAsync(FhirCall call, Change change, List<WrittenVersion> open, Func<WrittenVersion, bool> isIt)
    {
        var at = open.FindIndex(v => v.Type == change.Type && isIt(v));
        if (at >= 0 && await call.Records.ReadVersionAsync(open[at].Type, open[at].Id, open[at].Version, call.Aborted) is { } stored)
        {
            open.RemoveAt(at);
            change.Result = Tell(change, stored, change.Kind switch
            {
                ChangeKind.Delete => 204,
                ChangeKind.Create => 201,
                ChangeKind.Update when stored.Version == 1 => 201,
                _ => 200,
            });
        }
    }

    /// <summary>The commit made no version of it: it was there already, the same, or not there to be deleted.</summary>
    private static async Task<Written> WithoutVersionAsync(FhirCall call, Change change)
    {
        if (change.Kind == ChangeKind.Delete)
        {
            return new Written(204, change.Type, change.Id ?? "", 0, default, default, IsOwn: false);
        }

        var current = change.Id is { } id
            ? await call.Records.ReadAsync(change.Type, id, call.Aborted)
            : (await Criteria.MatchAsync(call, change.Type, change.Criteria ?? [])).Found is [var found, ..] ? found : null;
        return current is null
            ? throw change.Problem(409, "conflict", "This request was answered before; what it found is no longer there.")
            : Tell(change, current, 200);
    }

    private static Written Tell(Change change, StoredResource stored, int status) =>
        new(status, stored.Type, stored.Id, stored.Version, stored.LastUpdated, stored.Body, change.Kind is ChangeKind.Create or ChangeKind.Update && status != 200);
}
