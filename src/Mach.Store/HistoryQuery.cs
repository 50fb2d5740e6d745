namespace Mach.Store;

/// <summary>Which versions of a history are wanted, newest first.</summary>
public sealed record HistoryQuery
{
    /// <summary>R4 resource type; null = of all types.</summary>
    public string? Type { get; init; }

    /// <summary>Null = of all resources of the type.</summary>
    public string? Id { get; init; }

    /// <summary>Greatest number of versions in the answer.</summary>
    public int Count { get; init; } = 20;

    /// <summary>Only versions with a sequence number below: where the page before ended.</summary>
    public long? Before { get; init; }

    /// <summary>Only versions written at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only versions that were the current one at some time from here …</summary>
    public DateTimeOffset? CurrentFrom { get; init; }

    /// <summary>… until before here. A deletion counts when it happened in that time.</summary>
    public DateTimeOffset? CurrentTo { get; init; }

    /// <summary>Id of a List: only versions of the resources of <see cref="Type"/> that it names.</summary>
    public string? List { get; init; }

    internal bool IsOfTime => CurrentFrom is not null || CurrentTo is not null;
}
