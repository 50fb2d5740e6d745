using System.Globalization;
using System.Text.Json.Nodes;
using Dapper;
using Mach.Access;
using Mach.Care.Writing;
using Mach.Data;
using Mach.Kernel;
using Mach.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Care.Unread;

/// <summary>A result that came into the record since somebody last said that they had seen all.</summary>
/// <param name="Flag">What the source called it: H, L, A …; null = nothing.</param>
public sealed record UnreadResult(string Name, string Value, string? Flag, PartialDate? Date)
{
    /// <summary>Only what the source itself called abnormal.</summary>
    internal bool IsAbnormal => Flag is not (null or "N" or "NEG" or "IND");
}

/// <summary>New results, and until when they would be seen.</summary>
/// <param name="Results">Abnormal ones first, then the newest; vital signs are not among them.</param>
/// <param name="UntilUs">Microseconds UTC of the newest of them: one that comes while the page is read stays new.</param>
public sealed record UnreadList(IReadOnlyList<UnreadResult> Results, long UntilUs);

/// <summary>Table car_seen: what of a person's results is new to an account.</summary>
internal sealed class UnreadResults(Db db, TimeProvider clock)
{
    private const int Newest = 120, NewestReports = 40;

    /// <summary>Who has never pressed the button is shown the results of so many days; older ones are history, also when an old dossier comes late.</summary>
    private const int FirstDays = 30, MostDays = 90;

    /// <summary>Null when there is nothing new.</summary>
    public async Task<UnreadList?> ReadAsync(RecordView view, string account, IReadOnlyList<string> persons, CancellationToken ct)
    {
        long? until;
        await using (var connection = await db.OpenAsync(ct))
        {
            until = await connection.ExecuteScalarAsync<long?>(new CommandDefinition(Until, new { account, patient = persons[0] }, cancellationToken: ct));
        }

        var oldest = clock.GetUtcNow().AddDays(-(until is null ? FirstDays : MostDays));
        var found = new List<(StoredResource Head, UnreadResult Result)>();
        foreach (var (type, most) in new[] { ("Observation", Newest), ("DiagnosticReport", NewestReports) })
        {
            found.AddRange((await view.CompartmentAsync(persons, type, most, null, ct)).Matches
                .Where(m => !m.IsDeleted && Us(m.LastUpdated) > (until ?? 0))
                .Select(m => (m, Result: Read(Parts.Parse(m)))).Where(r => r.Result is { Date: { } date } && date.Low >= oldest).Select(r => (r.m, r.Result!)));
        }

        return found.Count == 0 ? null : new(
            [.. found.Select(f => f.Result).OrderByDescending(r => r.IsAbnormal).ThenByDescending(r => r.Date!.Value.Low).ThenBy(r => r.Name, StringComparer.Ordinal)],
            found.Max(f => Us(f.Head.LastUpdated)));
    }

    /// <summary>Says that all up to there was seen; never takes back what was seen before.</summary>
    public async Task SeeAsync(string account, string patient, long untilUs, CancellationToken ct) => await db.WriteAsync((connection, transaction) =>
        connection.ExecuteAsync(new CommandDefinition(Put, new { account, patient, until = Math.Min(untilUs, Us(clock.GetUtcNow())) }, transaction, cancellationToken: ct)), ct);

    private static UnreadResult? Read(JsonObject body)
    {
        var name = Parts.Text(body, "code", "text") ?? Parts.Text(body, "code", "coding", 0, "display");
        if (name is null || Parts.Text(body, "status") is "entered-in-error" or "cancelled" || Parts.Text(body, "category", 0, "coding", 0, "code") == "vital-signs")
        {
            return null;
        }

        var value = Parts.Text(body, "valueQuantity", "value") is { } number ? $"{number} {Parts.Text(body, "valueQuantity", "unit")}".Trim() : Parts.Text(body, "valueString") ?? Parts.Text(body, "valueCodeableConcept", "text") ?? Parts.Text(body, "conclusion");
        return value is null ? null : new(
            name,
            value,
            Parts.Text(body, "interpretation", 0, "coding", 0, "code"),
            (Parts.Text(body, "effectiveDateTime") ?? Parts.Text(body, "issued")) is { } when && PartialDate.TryParseFhir(when, out var date) ? date : null);
    }

    private static long Us(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private const string Until = "SELECT until_us FROM car_seen WHERE account=@account AND patient=@patient";
    private const string Put = """
        INSERT INTO car_seen(account, patient, until_us) VALUES (@account, @patient, @until)
        ON CONFLICT(account, patient) DO UPDATE SET until_us=excluded.until_us WHERE car_seen.until_us<excluded.until_us
        """;
}

/// <summary>POST /people/{id}/seen: the one at the screen has seen the results that were shown.</summary>
internal static class SeeResults
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/people/{id}/seen", Handle).RequireAuthorization(Policies.WriteRecord).WithName("care-results-seen");

    /// <summary>404 for a person whom the caller does not see; a moment that cannot be read marks nothing.</summary>
    internal static async Task<IResult> Handle(string id, IFormCollection form, HttpContext http, Desk desk, UnreadResults unread, CancellationToken ct)
    {
        var writer = Writer.OfNotes(http);
        var (_, refusal) = await desk.PersonsAsync(http, writer, id, ct);
        if (refusal is not null)
        {
            return refusal;
        }

        if (long.TryParse(form["until"], NumberStyles.None, CultureInfo.InvariantCulture, out var until))
        {
            await unread.SeeAsync(writer!.Account, id, until, ct);
        }

        return TypedResults.LocalRedirect($"/people/{Uri.EscapeDataString(id)}?care=results-seen#results");
    }
}
