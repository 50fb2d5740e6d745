using Mach.Ui.Records;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;

namespace Mach.Chart.Record;

/// <summary>The record as the frame of other rooms' pages: the same banner, behind the same doors.</summary>
internal sealed class ChartFrame(RecordReader records, RecordSession session) : IRecordFrame
{
    public async Task<RecordFrame> EnterAsync(HttpContext http, string person, CancellationToken ct)
    {
        var (card, refusal) = await session.EnterAsync(http, person, records, ct);
        return card is null ? new("", [], null, refusal) : new(card.Person.Name, [person, .. card.Linked], Banner(card), null);
    }

    private static RenderFragment Banner(PersonCard card) => builder =>
    {
        builder.OpenComponent<PersonBanner>(0);
        builder.AddComponentParameter(1, nameof(PersonBanner.Card), card);
        builder.AddComponentParameter(2, nameof(PersonBanner.ShowClinical), true);
        builder.AddComponentParameter(3, nameof(PersonBanner.ChildContent), Back(card.Person.Id));
        builder.CloseComponent();
    };

    private static RenderFragment Back(string person) => builder =>
    {
        builder.OpenElement(0, "nav");
        builder.AddAttribute(1, "aria-label", Words.T["Sections"]);
        builder.OpenElement(2, "a");
        builder.AddAttribute(3, "href", "/people/" + Uri.EscapeDataString(person));
        builder.AddContent(4, "← " + Words.T["BackToRecord"]);
        builder.CloseElement();
        builder.CloseElement();
    };
}
