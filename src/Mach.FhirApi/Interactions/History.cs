using System.Globalization;
using Mach.FhirApi.Presentation;
using Mach.Kernel;
using Mach.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.FhirApi.Interactions;

/// <summary>GET [base]/Type/id/_history, [base]/Type/_history, [base]/_history: versions, newest first, by <c>_since</c>, <c>_count</c>, <c>_summary</c> and <c>_elements</c>.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/http.html#history. <c>_at</c> and <c>_list</c> are not supported.</remarks>
internal static class History
{
    private const int DefaultCount = 20;
    private const int MaxCount = 1000;

    public static Task InstanceAsync(FhirCall call) => HandleAsync(call, call.NeedType('r'), call.NeedId());

    public static Task TypeAsync(FhirCall call) => HandleAsync(call, call.NeedType('s'), null);

    public static Task SystemAsync(FhirCall call)
    {
        call.Need("*", 's');
        return HandleAsync(call, null, null);
    }

    private static async Task HandleAsync(FhirCall call, string? type, string? id)
    {
        var asked = Parse(call);
        long? total = null;
        if (id is not null)
        {
            var head = await call.Store.ReadAsync(type!, id, call.Aborted)
                ?? throw new FhirProblem(StatusCodes.Status404NotFound, "not-found", $"There is no {type}/{id}.");

            // Versions are numbered without gaps from 1.
            total = asked.Since is null ? head.Version : null;
        }

        // One more than asked for tells whether there is a next page.
        var found = asked.Count == 0 ? [] : await call.Store.HistoryAsync(type, id, asked.Count + 1, asked.BeforeSeq, call.Aborted);
        var within = asked.Since is { } since ? found.TakeWhile(v => v.LastUpdated >= since).ToArray() : found;
        var page = within.Take(asked.Count).ToArray();
        var path = string.Join('/', new[] { call.Base, type, id, "_history" }.Where(p => p is not null));
        var next = within.Count > page.Length && page.Length > 0 ? Link(path, asked, page[^1].Seq) : null;
        await WriteAsync(call, page, total, Link(path, asked, asked.BeforeSeq), next);
    }

    private static async Task WriteAsync(FhirCall call, StoredResource[] page, long? total, string self, string? next)
    {
        var now = call.Context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        using var bundle = new BundleWriter(call.Base, "history", now, total, self, next) { Shape = call.Shape };
        if (page.Length > 0)
        {
            bundle.StartEntries();
            foreach (var version in page)
            {
                bundle.WriteVersion(version);
            }

            bundle.EndEntries();
        }

        await FhirAnswer.SendAsync(call, bundle.End());
    }

    private static Asked Parse(FhirCall call)
    {
        var asked = new Asked(DefaultCount, null, null, null);
        call.Shape = ResourceShape.Of(call.Query);
        foreach (var (name, value) in call.Query)
        {
            asked = name switch
            {
                ResourceShape.Summary or ResourceShape.Elements => asked with { Shape = $"{asked.Shape}&{name}={Uri.EscapeDataString(value)}", Count = call.Shape.IsCount ? 0 : asked.Count },
                "_count" when call.Shape.IsCount => asked,
                "_count" => asked with { Count = (int)Math.Min(Number(name, value), MaxCount) },
                "_since" => asked with { Since = Instant(value), SinceText = value },
                Search.Cursor => asked with { BeforeSeq = Number(name, value) },
                _ when call.Lenient => asked,
                _ => throw new FhirProblem(StatusCodes.Status400BadRequest, "not-supported", $"Parameter {FhirCall.Shorten(name)} is not supported in a history; _since, _count, _summary and _elements are.", FhirCall.Shorten(name)),
            };
        }

        return asked;
    }

    private static long Number(string name, string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FhirProblem(StatusCodes.Status400BadRequest, "invalid", $"{name} must be a whole number that is not negative.", name);

    private static DateTimeOffset Instant(string value) =>
        PartialDate.TryParseFhir(value, out var date)
            ? date.Low
            : throw new FhirProblem(StatusCodes.Status400BadRequest, "invalid", "_since must be an instant such as 2026-07-01T08:30:00+07:00.", "_since");

    private static string Link(string path, Asked asked, long? before)
    {
        var since = asked.SinceText is null ? "" : "&_since=" + Uri.EscapeDataString(asked.SinceText);
        var cursor = before is null ? "" : string.Create(CultureInfo.InvariantCulture, $"&{Search.Cursor}={before}");
        return string.Create(CultureInfo.InvariantCulture, $"{path}?_count={asked.Count}{since}{asked.Shape}{cursor}");
    }

    private sealed record Asked(int Count, DateTimeOffset? Since, string? SinceText, long? BeforeSeq, string Shape = "");
}
