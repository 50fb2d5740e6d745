using System.Globalization;
using Mach.Access;
using Mach.Access.Audit;
using Mach.Data.Sealing;
using Mach.Intake.Filing;
using Mach.Intake.Keeping;
using Mach.Intake.Receipts;
using Mach.Kernel;
using Mach.Store;
using Mach.Ui;
using Mach.Vietnam.Bhyt;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Mach.Intake.Dossiers;

/// <summary>Answers one dossier as it is kept: as XML, as data about it, or as a page.</summary>
internal static class DossierEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/intake/dossiers/{facility}/{**maLk}", Show).WithName("int-dossier").RequireAuthorization(Policies.ReadDossier);
        routes.MapGet("/intake/envelopes/{id}", Envelope).WithName("int-envelope").RequireAuthorization(Policies.ReadDossier);
    }

    /// <summary>404 when it is unknown, belongs to a facility that the account may not see, or is of a person, or has content, that the caller may not see.</summary>
    internal static async Task<IResult> Show(HttpContext http, RecordStore store, string facility, string maLk, int? version, string? format, CancellationToken ct)
    {
        var wanted = Format(http.Request, format);
        var versions = http.User.BoundFacility() is { } bound && bound != facility ? [] : await FindAsync(store, facility, maLk, ct);
        var shown = await DossierSight.ShowsAsync(http, store, versions, ct) ? versions.FirstOrDefault(v => version is null || v.Version == version) : null;
        http.Response.Headers.Vary = "Accept";
        if (shown is null)
        {
            return wanted == "html"
                ? TypedResults.NotFound()
                : Results.Json(new { maLoi = "Không có hồ sơ này. (There is no such dossier.)" }, statusCode: StatusCodes.Status404NotFound);
        }

        return wanted switch
        {
            "json" => Results.Json(DossierFacts.Of(store.Db.Keys, shown, versions)),
            "html" => await PageAsync(store, shown, versions, ct),
            _ => Results.Stream(output => new KeptEnvelope(store.Db).WriteDossierAsync(shown, output, ct), "application/xml", Safe($"{facility}_{maLk}.xml")),
        };
    }

    /// <summary>A slash inside a key arrives encoded still (servers do not open %2F in a path), but the same three letters may be the key's own.</summary>
    private static async Task<IReadOnlyList<VersionRow>> FindAsync(RecordStore store, string facility, string maLk, CancellationToken ct)
    {
        var opened = maLk.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        var found = await Versions.AllAsync(store.Db, Ids.Derive(facility, opened), ct);
        return found.Count > 0 || opened == maLk ? found : await Versions.AllAsync(store.Db, Ids.Derive(facility, maLk), ct);
    }

    /// <summary>The envelope exactly as it was received.</summary>
    internal static async Task<IResult> Envelope(HttpContext http, RecordStore store, string id, CancellationToken ct)
    {
        var kept = new KeptEnvelope(store.Db);
        var receipt = await kept.FindAsync(ReceiptPages.Clean(id), ct);
        // Who treats opens dossiers one by one: a file holds people whom they may not see.
        if (receipt is null || !DossierSight.Keeps(http) || !ReceiptAccess.MaySee(http.User, receipt) || receipt.Sha is null || receipt.State == ReceiptRow.Receiving)
        {
            return Results.Json(new { maLoi = "Không có tệp này, hoặc tệp chưa nhận xong. (There is no such file, or it is still being received.)" }, statusCode: StatusCodes.Status404NotFound);
        }

        if (receipt.State == ReceiptRow.Interrupted)
        {
            return Results.Json(new { maLoi = "Tệp này bị ngắt khi đang nhận nên không còn đủ; hãy gửi lại. (The file was interrupted and is not complete; send it again.)" }, statusCode: StatusCodes.Status404NotFound);
        }

        http.Audit().ShowPersons(await Versions.PatientsAsync(store.Db, receipt.Id, ct));
        return Results.Stream(output => kept.WriteAsync(id, output, ct), "application/xml", Safe(receipt.FileName ?? id + ".xml"));
    }

    private static async Task<IResult> PageAsync(RecordStore store, VersionRow shown, IReadOnlyList<VersionRow> versions, CancellationToken ct)
    {
        var dossier = await ReadAsync(store, shown, ct);
        var before = versions.FirstOrDefault(v => v.Version == shown.Version - 1);
        return UiModule.Page<DossierPage>(new
        {
            Dossier = dossier,
            Findings = shown.OpenFindings(store.Db.Keys),
            Shown = DossierFacts.Of(store.Db.Keys, shown, versions),
            Changes = before is null ? [] : DossierDifference.Between(await ReadAsync(store, before, ct), dossier),
        });
    }

    private static async Task<Dossier> ReadAsync(RecordStore store, VersionRow version, CancellationToken ct) =>
        EnvelopeReader.ReadDossier(await Versions.BytesAsync(store.Db, version.Dossier, version.Version, ct), (int)version.Position, version.Facility);

    /// <summary>xml, json or html: the query decides, then the best of Accept; a program that asks for nothing special gets XML.</summary>
    internal static string Format(HttpRequest request, string? format)
    {
        if (format is "xml" or "json" or "html")
        {
            return format;
        }

        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted))
        {
            return "xml";
        }

        var best = accepted.OrderByDescending(a => a.Quality ?? 1).Select(a => a.MediaType.Value switch
        {
            "text/html" or "application/xhtml+xml" => "html",
            "application/json" => "json",
            "application/xml" or "text/xml" => "xml",
            _ => null,
        });
        return best.FirstOrDefault(f => f is not null) ?? "xml";
    }

    private static string Safe(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '_'));
}

/// <summary>What is known about a dossier besides its content.</summary>
public sealed record DossierFacts
{
    public required string Facility { get; init; }
    public required string MaLk { get; init; }
    public required int Version { get; init; }
    public required bool IsCheckIn { get; init; }
    public required string Encounter { get; init; }
    public required string Patient { get; init; }
    public required IReadOnlyList<DossierVersionFacts> Versions { get; init; }
    public required IReadOnlyList<Finding> Findings { get; init; }

    internal static DossierFacts Of(KeyRing keys, VersionRow shown, IReadOnlyList<VersionRow> versions) => new()
    {
        Facility = shown.Facility,
        MaLk = shown.MaLk,
        Version = (int)shown.Version,
        IsCheckIn = shown.Kind == Filing.Versions.CheckIn,
        Encounter = "Encounter/" + shown.Dossier,
        Patient = "Patient/" + shown.Patient,
        Versions = [.. versions.Select(v => new DossierVersionFacts((int)v.Version, Instants.At(v.TakenUs).ToString("O", CultureInfo.InvariantCulture), v.Account, v.Door, v.Receipt, (int)v.Position, Convert.ToHexStringLower(v.Sha), (int)v.Errors, (int)v.Warnings))],
        Findings = shown.OpenFindings(keys),
    };
}

/// <summary>One version of a dossier.</summary>
/// <param name="TakenAt">Instant, ISO 8601.</param>
/// <param name="Sha">SHA-256 of its bytes, hex.</param>
public sealed record DossierVersionFacts(int Version, string TakenAt, string Account, string Door, string Receipt, int Position, string Sha, int Errors, int Warnings);
