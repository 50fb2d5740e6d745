using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;

namespace Mach.Ui.Records;

/// <summary>The record of one person as the frame of a page of another room: whether it opens for the one at the screen, and the banner that says whose it is.</summary>
public interface IRecordFrame
{
    /// <summary>Opens the record. The opening stands in the audit trail before it returns.</summary>
    Task<RecordFrame> EnterAsync(HttpContext http, string person, CancellationToken ct);
}

/// <param name="Name">Of the person; empty when it does not open.</param>
/// <param name="Persons">Patient ids that are this person's, the asked one first.</param>
/// <param name="Banner">Who it is, allergies and all, with the way back to the record.</param>
/// <param name="Refusal">What to answer when it does not open; null when it does.</param>
public sealed record RecordFrame(string Name, IReadOnlyList<string> Persons, RenderFragment? Banner, IResult? Refusal);

/// <summary>What another room shows on the record of a person, between the summary and the time line.</summary>
public interface IRecordPart
{
    /// <summary>Null when there is nothing to show to this caller.</summary>
    /// <param name="persons">Patient ids that are this person's, the one of the address first.</param>
    ValueTask<RenderFragment?> ShowAsync(HttpContext http, IReadOnlyList<string> persons, CancellationToken ct);
}

/// <summary>What another room shows on the start page: what waits for the one at the screen.</summary>
public interface IHomePart
{
    /// <summary>Null when nothing waits.</summary>
    ValueTask<RenderFragment?> ShowAsync(HttpContext http, CancellationToken ct);
}
