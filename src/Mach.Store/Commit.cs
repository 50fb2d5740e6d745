using Mach.Data;

namespace Mach.Store;

public enum WriteKind { Put, Delete }

/// <summary>One resource in a commit.</summary>
/// <param name="Type">R4 resource type.</param>
/// <param name="Id">FHIR id: 1–64 of A–Z a–z 0–9 - and full stop.</param>
/// <param name="Body">UTF-8 JSON with resourceType and the same id, without meta.versionId and meta.lastUpdated (they are added on reading). Empty for a delete.</param>
/// <param name="IfVersion">Expected current version; null = any; 0 = must not exist.</param>
/// <param name="KnownNew">The caller knows that it does not exist: the head look-up is skipped; a duplicate fails the commit.</param>
/// <param name="Posted">When this creates it, the id is of the server's choice: the history says POST.</param>
public readonly record struct Write(WriteKind Kind, string Type, string Id, ReadOnlyMemory<byte> Body, int? IfVersion = null, bool KnownNew = false, bool Posted = false);

/// <summary>A claim on a business key: no other resource may hold it.</summary>
public readonly record struct UniqueClaim(string Key, string Type, string Id);

/// <summary>One atomic write: all of it or nothing.</summary>
public sealed record Commit
{
    public required IReadOnlyList<Write> Writes { get; init; }
    /// <summary>Who wrote it: account name or door.</summary>
    public required string Actor { get; init; }
    /// <summary>The same key again answers with the first result and writes nothing.</summary>
    public string? IdempotencyKey { get; init; }
    public IReadOnlyList<UniqueClaim> Claims { get; init; } = [];
    /// <summary>Searches that this commit was decided by: it fails when any of them may find more now (<see cref="GuardFailedException"/>).</summary>
    public IReadOnlyList<Guard> Guards { get; init; } = [];
    /// <summary>Rows of module tables that land in the same transaction. A commit may consist of these alone.</summary>
    public IReadOnlyList<TableRows> Rows { get; init; } = [];
}

/// <param name="Version">Version number after the commit; 0 when a resource that never existed was deleted.</param>
/// <param name="Changed">False when the body was the same as the head: no new version was made.</param>
/// <param name="Created">It was not there before: new, or back after its deletion.</param>
public readonly record struct WrittenVersion(string Type, string Id, int Version, bool Changed, bool Created = false);

/// <param name="Tx">Dense commit number; 0 when nothing at all had to be written.</param>
/// <param name="Replayed">The idempotency key was known.</param>
public sealed record CommitResult(long Tx, DateTimeOffset At, bool Replayed, IReadOnlyList<WrittenVersion> Versions);

/// <summary>A version, a unique key or a known-new resource was not as expected. Nothing was written.</summary>
public class CommitConflictException(string message) : Exception(message);

/// <summary>A claimed key is held by another resource. Nothing was written.</summary>
public sealed class ClaimHeldException(string message) : CommitConflictException(message);

/// <summary>A search that the commit was decided by has another answer now. Nothing was written: search again, decide again.</summary>
public sealed class GuardFailedException(string message) : CommitConflictException(message);

/// <summary>The database did not take the commit (full, gone, cancelled). Not acknowledged; whether it landed is unknown until asked again with the same idempotency key.</summary>
public sealed class StoreUnavailableException(string message, Exception inner) : Exception(message, inner);
