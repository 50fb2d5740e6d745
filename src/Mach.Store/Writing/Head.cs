namespace Mach.Store.Writing;

/// <summary>del column: what a head stands for.</summary>
internal enum HeadState { Current = 0, Deleted = 1, Placeholder = 2 }

/// <summary>A head while a group is being written: as stored, and as it will be.</summary>
internal sealed class Head
{
    public required long Rid { get; init; }
    public required short Type { get; init; }
    public required string Id { get; init; }
    public required long Pk { get; set; }
    public long Date { get; set; }
    public int Organization { get; set; }
    public int Labels { get; set; }
    public CareKeys Care { get; set; } = CareKeys.None;
    public int Version { get; set; }
    public long Seq { get; set; }
    public HeadState State { get; set; } = HeadState.Placeholder;
    public byte[]? Sha { get; set; }
    public HeadKeys Keys { get; set; } = HeadKeys.None;

    /// <summary>The row as the database has it; null when it is not there yet.</summary>
    public StoredHead? Stored { get; init; }

    /// <summary>The row must be inserted or updated at the end of the group.</summary>
    public bool Changed { get; set; }
}

/// <summary>What the stored row says about the index rows that exist.</summary>
internal sealed record StoredHead(long Pk, long Date, HeadKeys Keys);
