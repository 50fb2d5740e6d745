using Mach.Access;
using Mach.Chart.Record;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Chart.Sources;

/// <summary>The resource behind a line: /people/{id}/sources/{type}/{resource}?version=&amp;against=.</summary>
internal static class SourcePages
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/people/{id}/sources/{type}/{resource}", Handle).RequireAuthorization(Policies.ReadRecord).WithName("chart-source");

    /// <summary>404 for what is unknown or about somebody else, whoever asks.</summary>
    internal static async Task<IResult> Handle(
        string id, string type, string resource, string? version, string? against, HttpContext http, SourceReader sources, RecordReader records, RecordSession session, CancellationToken ct)
    {
        var (card, refusal) = await session.EnterAsync(http, id, records, ct);
        if (card is null)
        {
            return refusal!;
        }

        return await sources.ReadAsync(id, type, resource, Number(version), Number(against), ct) is { } data
            ? UiModule.Page<SourcePage>(new { Card = card, Data = data })
            : Results.NotFound();
    }

    /// <summary>No version has this number, so what cannot be read is not found.</summary>
    private const int NoVersion = -1;

    private static int? Number(string? text) => int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : string.IsNullOrEmpty(text) ? null : NoVersion;
}
