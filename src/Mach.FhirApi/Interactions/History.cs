using Mach.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.FhirApi.Interactions;

/// <summary>GET [base]/Type/id/_history, [base]/Type/_history, [base]/_history: versions, newest first; see <see cref="HistoryParameters"/>.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/http.html#history.</remarks>
internal static class History
{
    public static async Task InstanceAsync(FhirCall call)
    {
        var (type, id) = (call.NeedType('r'), call.NeedId());
        var asked = HistoryParameters.Read(call, type, id);
        _ = await call.Records.ReadAsync(type, id, call.Aborted)
            ?? throw new FhirProblem(StatusCodes.Status404NotFound, "not-found", $"There is no {type}/{id}.");
        await HandleAsync(call, asked, $"{call.Base}/{type}/{id}/_history");
    }

    public static Task TypeAsync(FhirCall call)
    {
        var type = call.NeedType('s');
        return HandleAsync(call, HistoryParameters.Read(call, type, null), $"{call.Base}/{type}/_history");
    }

    public static Task SystemAsync(FhirCall call)
    {
        call.Need("*", 's');
        return HandleAsync(call, HistoryParameters.Read(call, null, null), $"{call.Base}/_history");
    }

    private static async Task HandleAsync(FhirCall call, HistoryParameters asked, string path)
    {
        // One more than asked for tells whether there is a next page.
        var query = asked.Query;
        var found = query.Count == 0 ? [] : await call.Records.HistoryAsync(query with { Count = query.Count + 1 }, call.Aborted);
        var page = found.Take(query.Count).ToArray();
        var next = found.Count > page.Length ? asked.Link(path, page[^1].Seq) : null;
        var isWhole = query.Before is null && query.Count > 0 && next is null;
        var total = isWhole ? page.Length : await TotalAsync(call, query);
        var now = call.Context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        using var bundle = new BundleWriter(call.Base, "history", now, total, asked.Link(path, query.Before), next) { Shape = call.Shape };
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

    /// <summary>Said where it costs little: of one resource and of the whole store. Of a type only when the number is all that is asked for.</summary>
    private static async Task<long?> TotalAsync(FhirCall call, HistoryQuery query)
    {
        if (query is { Type: not null, Id: null, Count: > 0 })
        {
            return null;
        }

        var total = await call.Records.CountHistoryAsync(query, call.Aborted);
        return total is null && query.Count == 0
            ? throw new FhirProblem(StatusCodes.Status400BadRequest, "not-supported", "The versions of a time are counted for one resource only; read the pages instead.", HistoryParameters.At)
            : total;
    }
}
