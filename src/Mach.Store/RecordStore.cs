using System.Buffers;
using Mach.Data;
using Mach.Fhir.Search;

namespace Mach.Store;

public enum WriteKind { Put, Delete }

/// <summary>One resource in a commit.</summary>
/// <param name="Body">UTF-8 JSON with resourceType and the same id, without meta.versionId and meta.lastUpdated (they are added on reading). Empty for a delete.</param>
/// <param name="IfVersion">Expected current version; null = any; 0 = must not exist.</param>
/// <param name="KnownNew">The caller knows that it does not exist: the head look-up is skipped; a duplicate fails the commit.</param>
public readonly record struct Write(WriteKind Kind, string Type, string Id, ReadOnlyMemory<byte> Body, int? IfVersion = null, bool KnownNew = false);

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
    /// <summary>Rows of module tables that land in the same transaction. A commit may consist of these alone.</summary>
    public IReadOnlyList<TableRows> Rows { get; init; } = [];
}

/// <param name="Version">Version number after the commit.</param>
/// <param name="Changed">False when the body was the same as the head: no new version was made.</param>
public readonly record struct WrittenVersion(string Type, string Id, int Version, bool Changed);

/// <param name="Tx">Dense commit number; 0 when nothing at all had to be written.</param>
/// <param name="Replayed">The idempotency key was known.</param>
public sealed record CommitResult(long Tx, DateTimeOffset At, bool Replayed, IReadOnlyList<WrittenVersion> Versions);

/// <summary>A version, a unique key or a known-new resource was not as expected. Nothing was written.</summary>
public sealed class CommitConflictException(string message) : Exception(message);

/// <summary>The database did not take the commit (full, gone, cancelled). Not acknowledged; whether it landed is unknown until asked again with the same idempotency key.</summary>
public sealed class StoreUnavailableException(string message, Exception inner) : Exception(message, inner);

/// <summary>One stored version.</summary>
public sealed record StoredResource
{
    public required string Type { get; init; }
    public required string Id { get; init; }
    public required int Version { get; init; }
    public required DateTimeOffset LastUpdated { get; init; }
    public required bool IsDeleted { get; init; }
    public required long Seq { get; init; }
    /// <summary>The body as written; empty when deleted.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }
    /// <summary>Writes the body with meta.versionId and meta.lastUpdated spliced in.</summary>
    public void WriteTo(IBufferWriter<byte> output) => throw new NotImplementedException();
}

public sealed record SearchPage
{
    public required IReadOnlyList<StoredResource> Matches { get; init; }
    public IReadOnlyList<StoredResource> Included { get; init; } = [];
    /// <summary>Cursor of the next page, or null on the last one.</summary>
    public string? Next { get; init; }
    public long? Total { get; init; }
}

/// <summary>A problem that verification found; empty report = clean.</summary>
public sealed record VerifyReport(long Commits, long Versions, long Heads, long IndexRows, IReadOnlyList<string> Problems);

/// <summary>The record: versions, heads, indexes and the chained log, on SQLite or PostgreSQL (docs/adr/0001).</summary>
public sealed partial class RecordStore : IAsyncDisposable
{
    /// <summary>Migrates and opens. The secret keys the hashes; it is made on first use and kept in <paramref name="secretFile"/> (0600), or passed for tests.</summary>
    public static Task<RecordStore> OpenAsync(Db db, StoreOptions options, TimeProvider clock, CancellationToken ct) => throw new NotImplementedException();

    public Db Db => throw new NotImplementedException();

    /// <summary>Writes atomically; returns when it is durable. Concurrent calls share transactions (group commit).</summary>
    public Task<CommitResult> CommitAsync(Commit commit, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Current version (also a deleted one); null when it never existed.</summary>
    public Task<StoredResource?> ReadAsync(string type, string id, CancellationToken ct) => throw new NotImplementedException();

    public Task<StoredResource?> ReadVersionAsync(string type, string id, int version, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Several heads at once, in no order; unknown and deleted ones are left out.</summary>
    public Task<IReadOnlyList<StoredResource>> ReadManyAsync(IReadOnlyList<(string Type, string Id)> keys, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Newest first. type null = system, id null = type level.</summary>
    public Task<IReadOnlyList<StoredResource>> HistoryAsync(string? type, string? id, int count, long? beforeSeq, CancellationToken ct) => throw new NotImplementedException();

    public Task<SearchPage> SearchAsync(SearchQuery query, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Heads of one type in the compartments of these patients, newest clinical date first; before = keyset (date in UTC microseconds, rid as cursor text of the last row).</summary>
    public Task<SearchPage> CompartmentAsync(IReadOnlyList<string> patientIds, string type, int count, string? cursor, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Number of heads per type in the compartments of these patients.</summary>
    public Task<IReadOnlyDictionary<string, long>> CompartmentCountsAsync(IReadOnlyList<string> patientIds, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Versions after a sequence number, oldest first: dense, nothing is ever skipped.</summary>
    public Task<IReadOnlyList<StoredResource>> FeedAsync(long afterSeq, int count, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Patients that hold any of these business keys as identifier ("system|value"), by key. Deleted ones left out; rechecked against the body.</summary>
    public Task<IReadOnlyDictionary<string, IReadOnlyList<StoredResource>>> FindByIdentifierAsync(string type, IReadOnlyCollection<string> keys, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Recomputes hashes, Merkle roots, chain, density, heads, manifests and index rows.</summary>
    public Task<VerifyReport> VerifyAsync(IProgress<(string Step, long Done, long Total)>? progress, CancellationToken ct) => throw new NotImplementedException();

    public ValueTask DisposeAsync() => throw new NotImplementedException();
}

/// <param name="SecretFile">File with the 32-byte store secret; made when missing.</param>
/// <param name="MaxWaitMs">Greatest wait to gather a group, milliseconds.</param>
/// <param name="MaxGroup">Greatest number of resources in one database transaction.</param>
public sealed record StoreOptions(string SecretFile, int MaxWaitMs = 5, int MaxGroup = 500);
