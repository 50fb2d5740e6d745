using Mach.Store;

namespace Mach.FhirApi.Writing;

/// <summary>The first answer to a request that comes again with its Idempotency-Key, told from the commit that the key is kept with.</summary>
internal static class Replay
{
    /// <returns>Null when the key is new, or its commit wrote nothing that could be told about.</returns>
    public static async Task<Written?> FindAsync(FhirCall call, Change change, RequestKey key)
    {
        var commit = await call.Store.FindCommitAsync(key.Text, call.Aborted);
        if (commit is not { Versions: [var version] })
        {
            return null;
        }

        var stored = await call.Store.ReadVersionAsync(version.Type, version.Id, version.Version, call.Aborted);
        return stored is null ? null : Tell(change, stored);
    }

    private static Written Tell(Change change, StoredResource stored)
    {
        var status = change.Kind switch
        {
            ChangeKind.Delete => 204,
            ChangeKind.Create => 201,
            ChangeKind.Update when stored.Version == 1 => 201,
            _ => 200,
        };
        return new Written(status, stored.Type, stored.Id, stored.Version, stored.LastUpdated, stored.Body, change.Kind is ChangeKind.Create or ChangeKind.Update);
    }
}
