using System.Globalization;
using Mach.Access;
using Mach.Chart.Record;
using Mach.Chart.Visits;
using Mach.Contracts.Registry;
using Mach.Ui;
using Mach.Ui.Print;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using static Mach.Chart.Words;

namespace Mach.Chart.Print;

/// <summary>A record and a visit on paper, as PDF: what the page shows the caller and no more, with the same line in the trail.</summary>
internal static class PrintRecord
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/people/{id}/summary.pdf", SummaryAsync).RequireAuthorization(Policies.ReadRecord).WithName("chart-print-summary");
        routes.MapGet("/people/{id}/visits/{visit}/record-summary.pdf", RecordSummaryAsync).RequireAuthorization(Policies.ReadRecord).WithName("chart-print-record-summary");
    }

    /// <summary>The sixty-second summary, in the language of the request. 404 for an unknown person; 403 with a page for a confidential one that the caller knows of.</summary>
    internal static async Task<IResult> SummaryAsync(string id, HttpContext http, RecordReader records, RecordSession session, IFacilityDirectory directory, TimeProvider clock, CancellationToken ct)
    {
        if (await session.RefusalAsync(http, id, ct) is { } refusal)
        {
            return refusal;
        }

        if (await records.ReadAsync(id, new(null, null, null), clinical: true, ct) is not { Clinical: { } clinical } record)
        {
            return Results.NotFound();
        }

        await session.OpenedAsync(http, id, ct);
        var facilities = new FacilityNames(directory);
        var paper = PaperFor(http, clock, T["Print.Summary"], record.Card, Texts.IsEnglish ? "en" : "vi");
        return File(http, PdfWriting.Write(paper, new SummaryForm(record, facilities, Dates.Today(clock)).Build(clinical)), "summary.pdf");
    }

    /// <summary>The form of the record summary, always in Vietnamese. 404 when the visit is unknown or belongs to somebody else.</summary>
    /// <remarks>Source: docs/adr/0020-printing.md; the wording is data, Print/Forms/record-summary.json.</remarks>
    internal static async Task<IResult> RecordSummaryAsync(
        string id, string visit, HttpContext http, VisitReader visits, RecordReader records, RecordSummaryReader summaries, RecordSession session, IFacilityDirectory directory, TimeProvider clock, CancellationToken ct)
    {
        // An official form has one language; names of codes follow it.
        CultureInfo.CurrentUICulture = new CultureInfo("vi");
        if (await session.RefusalAsync(http, id, ct) is { } refusal)
        {
            return refusal;
        }

        if (await visits.ReadAsync(id, visit, ct) is not { } detail || await records.ReadCardAsync(id, clinical: true, ct) is not { } card)
        {
            return Results.NotFound();
        }

        var summary = await summaries.ReadAsync(detail, ct);
        await session.OpenedAsync(http, id, ct);
        var form = PaperForm.RecordSummary(DayOf(summary.Day ?? detail.Visit.End ?? detail.Visit.Start) ?? Dates.Today(clock));
        var paper = PaperFor(http, clock, form.Title, card, "vi");
        return File(http, PdfWriting.Write(paper, new RecordSummaryForm(form, card, detail, summary, new FacilityNames(directory)).Build()), "record-summary.pdf");
    }

    private static Paper PaperFor(HttpContext http, TimeProvider clock, string title, PersonCard card, string language)
    {
        var person = card.Person;
        // To the minute: what stands on the paper and in the file is the same.
        var now = clock.GetUtcNow();
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMinute));
        var running = string.Join(" · ", new[] { person.Name, person.Birth is { } birth ? Dates.Show(birth) : null, title }.OfType<string>());
        return new(title, running, T.Format("Print.Foot", Dates.Show(now), http.User.AccountName()), T["Print.PageOf"], language, now);
    }

    private static IResult File(HttpContext http, byte[] pdf, string name)
    {
        http.Response.Headers.ContentDisposition = $"inline; filename=\"{name}\"";
        return Results.Bytes(pdf, "application/pdf");
    }

    private static DateOnly? DayOf(Kernel.PartialDate? date) => date is { } d ? new(d.Year, Math.Max(d.Month, 1), Math.Max(d.Day, 1)) : null;
}
