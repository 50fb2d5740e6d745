using Mach.Access;
using Mach.Intake.Keeping;
using Mach.Intake.Taking;
using Mach.Kernel;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Mach.Intake.Receipts;

/// <summary>Receipts and their dossiers, and the page to drop files on.</summary>
internal static class ReceiptPages
{
    private const int PerPage = 30;
    private const int LinesPerPage = 100;
    private const int MostPages = 1_000_000;
    /// <summary>More files than this in one form are taken before the answer, so that they do not all wait in memory.</summary>
    private const int BackgroundFiles = 8;
    private const int AtOnce = 4;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/intake", List).WithName("int-receipts").RequireAuthorization(Policies.ReadDossier);
        routes.MapPost("/intake", Upload).WithName("int-upload").RequireAuthorization(Policies.SendDossier)
            .WithMetadata(new DisableRequestSizeLimitAttribute())
            .WithFormOptions(memoryBufferThreshold: 64 * 1024, valueCountLimit: 100_000, multipartBodyLengthLimit: long.MaxValue);
        routes.MapGet("/intake/receipts/{id}", Show).WithName("int-receipt").RequireAuthorization(Policies.ReadDossier);
        routes.MapGet("/intake/findings", Findings).WithName("int-findings").RequireAuthorization(Policies.ReadDossier);
    }

    internal static async Task<IResult> List(HttpContext http, ReceiptQueries queries, string? state, string? q, int? page, CancellationToken ct)
    {
        var at = Math.Clamp(page ?? 1, 1, MostPages);
        var (rows, total) = await queries.ListAsync(http.User, Clean(state), Clean(q), PerPage, (at - 1) * PerPage, ct);
        return UiModule.Page<IntakePage>(new
        {
            Receipts = (IReadOnlyList<ReceiptView>)[.. rows.Select(ReceiptView.Of)],
            Total = total,
            State = state ?? "",
            Query = q ?? "",
            PageNumber = at,
            PageSize = PerPage,
            MaySend = MaySend(http),
        });
    }

    internal static async Task<IResult> Upload(HttpContext http, IntakeService intake, IFormFileCollection files, CancellationToken ct)
    {
        var sent = files.Where(f => f.Length > 0 || f.FileName.Length > 0).ToList();
        IntakeSource Source(IFormFile file) => new("page", http.User.AccountName(), http.User.BoundFacility(), file.FileName);
        if (sent.Count > BackgroundFiles)
        {
            await InOrder.RunAsync(sent, AtOnce, async (file, queued) =>
            {
                await using var content = file.OpenReadStream();
                await intake.TakeAsync(content, Source(file), null, queued, ct);
            });
            return Go(http, "/intake");
        }

        string? receipt = null;
        var before = Task.CompletedTask;
        foreach (var file in sent)
        {
            await using var content = file.OpenReadStream();
            (receipt, before) = await intake.BeginAsync(content, Source(file), before, ct);
        }

        return Go(http, sent.Count == 1 ? "/intake/receipts/" + receipt : "/intake");
    }

    internal static async Task<IResult> Show(HttpContext http, ReceiptQueries queries, string id, string? result, int? page, CancellationToken ct)
    {
        if (await queries.FindAsync(http.User, Clean(id), ct) is not { } receipt)
        {
            return TypedResults.NotFound();
        }

        var at = Math.Clamp(page ?? 1, 1, MostPages);
        var parameters = new
        {
            Receipt = ReceiptView.Of(receipt),
            Lines = (IReadOnlyList<LineView>)[.. (await queries.LinesAsync(receipt.Id, Clean(result), LinesPerPage, (at - 1) * LinesPerPage, ct)).Select(l => LineView.Of(queries.Keys, l))],
            Result = result ?? "",
            PageNumber = at,
            PageSize = LinesPerPage,
            MaySend = MaySend(http),
        };
        return http.Request.IsFragment() ? UiModule.Page<ReceiptPart>(parameters) : UiModule.Page<ReceiptPage>(parameters);
    }

    internal static async Task<IResult> Findings(HttpContext http, ReceiptQueries queries, string? rule, string? facility, CancellationToken ct)
    {
        rule = Clean(rule);
        var only = http.User.BoundFacility() ?? Clean(facility);
        return UiModule.Page<FindingsPage>(new
        {
            Sums = await queries.SumsAsync(rule, only, ct),
            Dossiers = rule.Length > 0 && only.Length > 0 ? await queries.DossiersAsync(rule, only, ct) : [],
            Rule = rule,
            Facility = only,
        });
    }

    internal static bool MaySend(HttpContext http) => http.User.HasRole(Roles.DataOfficer) || http.User.HasRole(Roles.Administrator) || http.User.HasRole(Roles.Intake);

    /// <summary>What was asked for, without the zero letter, which no kept text holds and PostgreSQL does not take.</summary>
    internal static string Clean(string? asked) => (asked ?? "").Replace("\0", "", StringComparison.Ordinal).Trim();

    /// <summary>Sends a browser on, with script or without.</summary>
    internal static IResult Go(HttpContext http, string path)
    {
        http.Response.Headers["HX-Redirect"] = path;
        return http.Request.IsFragment() ? TypedResults.Ok() : new SeeOther(path);
    }

    /// <summary>303: the browser continues with a GET.</summary>
    private sealed class SeeOther(string path) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = path;
            return Task.CompletedTask;
        }
    }
}

/// <summary>A receipt as the pages show it.</summary>
public sealed record ReceiptView(string Id, string File, string Account, string Door, string Facility, long SizeBytes, string Received, string State, long Dossiers, long New, long Updated, long Unchanged, long Refused, bool HasBytes, IReadOnlyList<Finding> Findings)
{
    public long Done => New + Updated + Unchanged + Refused;

    public bool IsReceiving => State == ReceiptRow.Receiving;

    internal static ReceiptView Of(ReceiptRow r) => new(
        r.Id, r.FileName ?? "", r.Account, r.Door, r.Facility ?? "", r.SizeBytes, Instants.Show(r.ReceivedUs), r.State, r.Dossiers, r.Made, r.Changed, r.Unchanged, r.Refused,
        r.Sha is not null && r.State is ReceiptRow.Done or ReceiptRow.Rejected, FindingList.Unpack(r.Findings));
}

/// <summary>One dossier of a receipt as the pages show it.</summary>
public sealed record LineView(int Position, string Facility, string MaLk, string Result, int Version, long Errors, long Warnings, IReadOnlyList<Finding> Findings)
{
    internal static LineView Of(Data.Sealing.KeyRing keys, LineRow l) => new((int)l.Position, l.Facility, l.MaLk, l.Result, (int)l.Version, l.Errors, l.Warnings, l.OpenFindings(keys));
}
