using Mach.Access;
using Mach.Access.Audit;
using Mach.Access.Authority;
using Mach.Contracts.People;
using Mach.Store;
using Mach.Ui;
using Mach.Ui.Records;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Mach.Care.Writing;

/// <summary>What every page on which the record is written needs.</summary>
internal sealed record Desk(RecordStore Store, IPersonLinks Links, IRecordFrame Frames, AccessLog Log, TimeProvider Clock)
{
    /// <summary>The record as the one at the screen sees it.</summary>
    public RecordView View(HttpContext http) => Store.As(http.Sight(), http.Audit());

    /// <summary>
    /// Patient ids of somebody whom this one may write about: seen with their own sight, the one of the address first; else what to answer. Nobody and somebody who is none of
    /// the caller's business are answered alike.
    /// </summary>
    public async Task<(IReadOnlyList<string> Persons, IResult? Refusal)> PersonsAsync(HttpContext http, Writer? writer, string person, CancellationToken ct)
    {
        if (writer is null)
        {
            return ([], NoWriter());
        }

        if (await View(http).ReadAsync("Patient", person, ct) is not { IsDeleted: false })
        {
            return ([], Results.NotFound());
        }

        http.Audit().ShowPerson(person);
        return (await Links.LinkedAsync(person, ct), null);
    }

    /// <summary>The same for a page that shows whose record it is.</summary>
    public async Task<(RecordFrame Frame, IResult? Refusal)> EnterAsync(HttpContext http, Writer? writer, string person, CancellationToken ct)
    {
        if (writer is null)
        {
            return (new("", [], null, null), NoWriter());
        }

        var frame = await Frames.EnterAsync(http, person, ct);
        return (frame, frame.Refusal);
    }

    /// <summary>The role would do, and where they work now does not.</summary>
    private static RazorComponentResult<NoWriterPage> NoWriter()
    {
        var page = UiModule.Page<NoWriterPage>(new { });
        page.StatusCode = StatusCodes.Status403Forbidden;
        return page;
    }

    /// <summary>Says in the trail what was done besides which door was used.</summary>
    public Task SayAsync(HttpContext http, string action, string person, CancellationToken ct) => Log.RecordAsync(http, action, person, ct);
}
