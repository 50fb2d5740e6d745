namespace Mach.Care.Notes;

/// <summary>A note that is being written, or was.</summary>
public sealed record Draft
{
    /// <summary>Also of the Composition that it becomes.</summary>
    public required string Id { get; init; }
    /// <summary>Account; nobody else reads it.</summary>
    public required string Author { get; init; }
    public required string Patient { get; init; }
    /// <summary>The visit that it is about; null = none.</summary>
    public string? Encounter { get; init; }
    public required string Template { get; init; }
    public required DraftState State { get; init; }
    /// <summary>Counts the saved states of the text.</summary>
    public required long Revision { get; init; }
    /// <summary>Version of the Composition that it stands on; 0 = it was never signed.</summary>
    public int Version { get; init; }
    public required DateTimeOffset Made { get; init; }
    public required DateTimeOffset Changed { get; init; }
    /// <summary>32 bytes under which the author's browser keeps what is not saved yet.</summary>
    public required byte[] LocalKey { get; init; }

    public bool IsOpen => State is DraftState.Draft or DraftState.Signing;
}

public enum DraftState
{
    Draft,

    /// <summary>Somebody pressed the button, and the record has not answered yet.</summary>
    Signing,

    /// <summary>Signed: a Composition of the record.</summary>
    Final,

    /// <summary>Thrown away by its author, who can take it up again.</summary>
    Dropped,
}

/// <summary>A state of the text as a page sends it.</summary>
/// <param name="Tab">The open page; empty where no script runs.</param>
/// <param name="Number">Of that page's savings, growing: one that comes late says nothing new.</param>
/// <param name="Base">Revision that the page began from.</param>
/// <param name="Text">As it stands there now.</param>
/// <param name="Began">The text of <paramref name="Base"/>, for when it is kept no longer.</param>
internal sealed record Saving(string Tab, long Number, long Base, NoteText Text, NoteText? Began);

internal enum SavingOutcome
{
    Saved,

    /// <summary>The base is kept no longer: send it along.</summary>
    NeedsBase,

    /// <summary>It is being signed at this moment: once more in a second.</summary>
    Busy,

    /// <summary>It is signed, or thrown away: nothing was saved.</summary>
    Closed,
    NotThere,
}

/// <param name="Text">As it stands now, with what others wrote.</param>
internal sealed record Saved(SavingOutcome Outcome, long Revision, NoteText Text);
