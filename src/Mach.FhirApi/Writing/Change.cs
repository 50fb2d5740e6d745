using System.Text.Json;
using Mach.FhirApi.Patching;
using Mach.Store;

namespace Mach.FhirApi.Writing;

internal enum ChangeKind { Create, Update, Patch, Delete }

/// <summary>One write as it was asked for, and what has been decided about it so far.</summary>
internal sealed class Change
{
    public required ChangeKind Kind { get; init; }

    public required string Type { get; init; }

    /// <summary>Id of the address; null for a create and for what a search names.</summary>
    public string? Id { get; init; }

    /// <summary>The search of a conditional write; null = not conditional.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Criteria { get; init; }

    /// <summary>"Type?search" of a conditional create as it was sent; null otherwise. References may name it so.</summary>
    public string? CriteriaText { get; init; }

    public Precondition? IfMatch { get; init; }

    /// <summary>If-None-Match: * — only when it is not there.</summary>
    public bool OnlyNew { get; init; }

    /// <summary>The resource of a create or update.</summary>
    public JsonElement Resource { get; init; }

    /// <summary>The same as bytes.</summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }

    public IPatch? Patch { get; init; }

    /// <summary>Where it stands in a Bundle ("Bundle.entry[2]"); null when it is the whole request.</summary>
    public string? Place { get; init; }

    /// <summary>Identity of the entry of a Bundle; null outside.</summary>
    public string? FullUrl { get; init; }

    /// <summary>Id that a new resource gets; the same over all attempts.</summary>
    public required string NewId { get; init; }

    // Decided anew on each attempt.

    /// <summary>Id that is written.</summary>
    public string Target { get; set; } = "";

    public int? IfVersion { get; set; }

    /// <summary>Nobody else can know the id yet.</summary>
    public bool KnownNew { get; set; }

    public Guard? Guard { get; set; }

    /// <summary>The version that a patch changes.</summary>
    public StoredResource? Current { get; set; }

    /// <summary>Another create by the same search, which this one stands for.</summary>
    public Change? SameAs { get; set; }

    /// <summary>As it is to be stored.</summary>
    public ReadOnlyMemory<byte> Body { get; set; }

    /// <summary>What came of it; set by the decision already when nothing is to be written.</summary>
    public Written? Result { get; set; }

    public bool Validated { get; set; }

    public void Forget() => (Target, IfVersion, KnownNew, Guard, Current, SameAs, Body, Result) = ("", null, false, null, null, null, default, null);

    /// <summary>A problem of this change, with its place in the Bundle.</summary>
    public FhirProblem Problem(int status, string code, string message, string? expression = null)
    {
        var problem = new FhirProblem(status, code, message, expression);
        return Place is null ? problem : problem.Within(Place);
    }
}

/// <summary>What came of a change.</summary>
/// <param name="Status">201, 200 or 204.</param>
/// <param name="Version">0 = there never was one (a delete of nothing).</param>
/// <param name="At">When that version was written.</param>
/// <param name="Body">As stored; empty after a delete.</param>
/// <param name="IsOwn">The client sent it all: it may be given back without a right to read.</param>
internal sealed record Written(int Status, string Type, string Id, int Version, DateTimeOffset At, ReadOnlyMemory<byte> Body, bool IsOwn)
{
    public StoredResource AsStored() => new() { Type = Type, Id = Id, Version = Version, LastUpdated = At, Seq = 0, Body = Body };
}
