using Mach.Store.Hashing;

namespace Mach.Store.Writing;

/// <summary>A commit on its way: prepared, queued, answered once.</summary>
internal sealed class Pending
{
    private readonly TaskCompletionSource<CommitResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Pending(Commit commit, PreparedWrite[] writes, byte[]? idempotency, (long Hash, short Type, UniqueClaim Claim)[] claims)
    {
        Commit = commit;
        Writes = writes;
        Idempotency = idempotency;
        Claims = claims;
    }

    public Commit Commit { get; }
    public PreparedWrite[] Writes { get; }
    public byte[]? Idempotency { get; }
    public (long Hash, short Type, UniqueClaim Claim)[] Claims { get; }
    public Task<CommitResult> Answer => _answer.Task;

    /// <summary>Weight in a group: its resources, or one when it has none.</summary>
    public int Size => Math.Max(1, Writes.Length);

    /// <exception cref="ArgumentException">See <see cref="PreparedWrite.From"/>; or a resource is written twice.</exception>
    public static Pending Prepare(Commit commit, StoreSecret secret)
    {
        var writes = new PreparedWrite[commit.Writes.Count];
        for (var i = 0; i < writes.Length; i++)
        {
            writes[i] = PreparedWrite.From(commit.Writes[i], secret);
        }

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

        return new Pending(commit, writes, commit.IdempotencyKey is { } key ? secret.HashIdempotency(key) : null, claims);
    }

    public void Succeed(CommitResult result) => _answer.TrySetResult(result);

    public void Fail(Exception exception) => _answer.TrySetException(exception);
}
