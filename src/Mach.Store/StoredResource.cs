using System.Buffers;
using Mach.Store.Reading;

namespace Mach.Store;

/// <summary>What made a version; the numbers stand in the log.</summary>
public enum VersionKind : short
{
    /// <summary>It was not there before, and the writer chose its id. Versions from before the log knew <see cref="Posted"/> may be of that kind.</summary>
    Created = 1,
    Updated = 2,
    Deleted = 3,
    /// <summary>It was not there before, and the server chose its id.</summary>
    Posted = 4,
}

/// <summary>One stored version.</summary>
public sealed record StoredResource
{
    public required string Type { get; init; }
    public required string Id { get; init; }
    public required int Version { get; init; }
    /// <summary>When its commit was written: UTC, microseconds, strictly increasing from commit to commit.</summary>
    public required DateTimeOffset LastUpdated { get; init; }
    public VersionKind Kind { get; init; } = VersionKind.Updated;
    public bool IsDeleted => Kind == VersionKind.Deleted;
    /// <summary>Number of the version in the log of the whole store: dense, from 1.</summary>
    public required long Seq { get; init; }
    /// <summary>The body as written; empty when deleted.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Writes the body with meta.versionId and meta.lastUpdated spliced in.</summary>
    public void WriteTo(IBufferWriter<byte> output) => MetaSplice.Write(Body.Span, Version, LastUpdated, output);
}

/// <summary>One page of a search.</summary>
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

/// <param name="SecretFile">File with the 32-byte store secret (64 hexadecimal digits, 0600); made when missing and the store is new.</param>
/// <param name="MaxWaitMs">Greatest wait to gather a group, milliseconds.</param>
/// <param name="MaxGroup">Greatest number of resources in one database transaction (a single larger commit still is one).</param>
/// <param name="Vault">Wraps the data keys: the bodies of a new store are sealed. Null = they are not; a sealed store does not open without.</param>
/// <param name="SecondWall">PostgreSQL itself keeps facilities apart for callers (row-level security).</param>
public sealed record StoreOptions(string SecretFile, int MaxWaitMs = 5, int MaxGroup = 2000, Sealing.IKeyVault? Vault = null, bool SecondWall = false);
