using Mach.Data;

namespace Mach.Registry.Ledgers;

/// <summary>One change of the registry: who stated what, when and why. The row of reg_change.</summary>
public sealed record Change
{
    /// <summary>From 1, dense.</summary>
    public long Number { get; init; }
    /// <summary>Since when what it states is known, microseconds UTC. For the lists that come with the program: the day their source was published.</summary>
    public long AtUs { get; init; }
    /// <summary>When it was made, microseconds UTC.</summary>
    public long MadeUs { get; init; }
    /// <summary>seed, edit, succession, import or undo.</summary>
    public string Kind { get; init; } = "";
    public string Who { get; init; } = "";
    public string Why { get; init; } = "";
    /// <summary>What it is about, such as <c>unit:xa-07900</c>, <c>facility:25001</c> or <c>import:drugs</c>.</summary>
    public string Subject { get; init; } = "";
    public long? Undoes { get; init; }
    /// <summary>Facts it added.</summary>
    public int Opened { get; init; }
    /// <summary>Facts it closed.</summary>
    public int Closed { get; init; }

    internal const string Columns = "number AS Number, at_us AS AtUs, made_us AS MadeUs, kind AS Kind, who AS Who, why AS Why, subject AS Subject, undoes AS Undoes, opened AS Opened, closed AS Closed";

    /// <summary>A plain insert: a second change with the same number fails its commit.</summary>
    internal TableRows ToTable() => new(
        "reg_change",
        [
            ("number", ColumnType.BigInt), ("at_us", ColumnType.BigInt), ("made_us", ColumnType.BigInt), ("kind", ColumnType.Text), ("who", ColumnType.Text), ("why", ColumnType.Text),
            ("subject", ColumnType.Text), ("undoes", ColumnType.BigInt), ("opened", ColumnType.Integer), ("closed", ColumnType.Integer),
        ],
        [[Number, AtUs, MadeUs, Kind, Who, Why, Subject, Undoes, Opened, Closed]],
        []);
}
