using Mach.Store.Hashing;
using Mach.Store.Parameters;

namespace Mach.Store.Writing;

/// <summary>A commit on its way: prepared, queued, answered once.</summary>
internal sealed class Pending
{
    private readonly TaskCompletionSource<CommitResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Pending(Commit commit, PreparedWrite[] writes, long catalog, byte[]? idempotency, (long Hash, short Type, UniqueClaim Claim)[] claims)
    {
        Commit = commit;
        Writes = writes;
        CatalogVersion = catalog;
        Idempotency = idempotency;
        Claims = claims;
    }

    public Commit Commit { get; }
    public PreparedWrite[] Writes { get; private set; }

    /// <summary>Version of the set of parameters that the rows were made with.</summary>
    public long CatalogVersion { get; private set; }
    public byte[]? Idempotency { get; }
    public (long Hash, short Type, UniqueClaim Claim)[] Claims { get; }
    public Task<CommitResult> Answer => _answer.Task;

    /// <summary>Weight in a group: its resources, or one when it has none.</summary>
    public int Size => Math.Max(1, Writes.Length);

    /// <exception cref="ArgumentException">See <see cref="PreparedWrite.From"/>; or a resource is written twice.</exception>
    public static Pending Prepare(Commit commit, StoreSecret secret, CatalogState catalog)
    {
        var writes = Prepared(commit, secret, catalog);

        var seen = new HashSet<(short, string)>(writes.Length);
        foreach (var write in writes)
        {
            if (!seen.Add(write.Key))
            {
                throw new ArgumentException($"{write.Write.Type}/{write.Write.Id} is written twice in one commit.", nameof(commit));
            }
        }

        var claims = new (long, short, UniqueClaim)[commit.Claims.Count];
        for (var i = 0; i < claims.Length; i++)
        {
            var claim = commit.Claims[i];
            claims[i] = (secret.HashUnique(claim.Key), Fhir.Search.ResourceTypes.Number(claim.Type), claim);
        }

        return new Pending(commit, writes, catalog.Version, commit.IdempotencyKey is { } key ? secret.HashIdempotency(key) : null, claims);
    }

    /// <summary>Stored heads whose index rows are to be made anew.</summary>
    public static Pending OfStored(PreparedWrite[] writes) => new(new Commit { Writes = [], Actor = "" }, writes, 0, null, []);

    /// <summary>Makes the rows again with another set of parameters.</summary>
    public void Renew(StoreSecret secret, CatalogState catalog)
    {
        if (CatalogVersion != catalog.Version)
        {
            (Writes, CatalogVersion) = (Prepared(Commit, secret, catalog), catalog.Version);
        }
    }

    private static PreparedWrite[] Prepared(Commit commit, StoreSecret secret, CatalogState catalog)
    {
        var writes = new PreparedWrite[commit.Writes.Count];
        for (var i = 0; i < writes.Length; i++)
        {
            writes[i] = PreparedWrite.From(commit.Writes[i], secret, catalog.Catalog);
        }

        return writes;
    }

    public void Succeed(CommitResult result) => _answer.TrySetResult(result);

    public void Fail(Exception exception) => _answer.TrySetException(exception);
}
