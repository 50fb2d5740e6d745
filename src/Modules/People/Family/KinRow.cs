using Mach.Kernel;

namespace Mach.People.Family;

/// <summary>What one of a family is to another; codes of http://terminology.hl7.org/CodeSystem/v3-RoleCode.</summary>
internal static class Kinds
{
    public const string Mother = "MTH";
    public const string Father = "FTH";
    public const string Guardian = "GUARD";
    public const string Spouse = "SPS";
    /// <summary>Only said, never kept: a child's parent is what is kept.</summary>
    public const string Child = "CHILD";

    public static readonly IReadOnlyList<string> Kept = [Mother, Father, Guardian, Spouse];

    public static bool IsParent(string kind) => kind is Mother or Father;
}

/// <summary>One row of ppl_kin: the relative is this to the patient.</summary>
public sealed record KinRow
{
    public const string Linked = "linked";
    public const string Waiting = "waiting";
    public const string Removed = "removed";

    public string Patient { get; init; } = "";
    public string Relative { get; init; } = "";
    public string Kind { get; init; } = "";
    public string State { get; init; } = "";
    /// <summary>Why it waits: name, birth, age, sex, another; blank between.</summary>
    public string Reasons { get; init; } = "";
    /// <summary>Type/id of the resource that says so; empty when somebody said it.</summary>
    public string Source { get; init; } = "";
    public long AtUs { get; init; }

    public string Other(string patient) => patient == Patient ? Relative : Patient;

    /// <summary>Id of the RelatedPerson that says it in the record.</summary>
    public string ResourceId => Ids.Derive("kin", Patient, Relative, Kind);
}

/// <summary>One row of ppl_kin_act.</summary>
public sealed record KinAct
{
    public long No { get; init; }
    public string Patient { get; init; } = "";
    public string Relative { get; init; } = "";
    public string Kind { get; init; } = "";
    public long AtUs { get; init; }
    /// <summary>linked or removed.</summary>
    public string Act { get; init; } = "";
    public string Officer { get; init; } = "";
    public string Why { get; init; } = "";
}

/// <summary>One row of ppl_clue: what a paper says about one of a family.</summary>
public sealed record Clue
{
    public string Source { get; init; } = "";
    public string Patient { get; init; } = "";
    public string Kind { get; init; } = "";
    /// <summary>system|value; empty when only a name is known.</summary>
    public string IdKey { get; init; } = "";
    public string Name { get; init; } = "";
    public string Birth { get; init; } = "";
}
