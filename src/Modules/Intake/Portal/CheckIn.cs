using System.Text.Encodings.Web;
using System.Text.Json;
using Mach.Access;
using Mach.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Mach.Intake.Portal;

/// <summary>The provincial portal contract that hospital systems already speak: an envelope in, a transaction code out.</summary>
/// <remarks>Source: the running contract of a provincial health data portal (POST /api/Cong130/CheckIn), fields maGiaoDich, trangThai, maLoi.</remarks>
internal static class CheckIn
{
    private const int RetryAfterSeconds = 5;
    /// <summary>Vietnamese stays readable; this answer is never put into a page.</summary>
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/Cong130/CheckIn", Handle)
        .WithName("int-portal-check-in")
        .WithMetadata(new DisableRequestSizeLimitAttribute())
        .DisableAntiforgery()
        .RequireAuthorization(Policies.SendDossier);

    /// <summary>200 all taken; 201 some dossiers refused; 400 unreadable; 413 too large; 503 the store takes nothing now and nothing is acknowledged.</summary>
    internal static async Task<IResult> Handle(HttpContext http, IntakeService intake, ILogger<IntakeService> log, CancellationToken ct)
    {
        var receipts = new List<(string? File, Receipt Receipt)>();
        try
        {
            await foreach (var (file, content) in FilesAsync(http.Request, ct))
            {
                var source = new IntakeSource("portal", http.User.AccountName(), http.User.BoundFacility(), file);
                receipts.Add((file, await intake.TakeAsync(content, source, null, ct)));
            }
        }
        catch (StoreUnavailableException e)
        {
            Log.Unavailable(log, e);
            http.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
            return Answer(PortalAnswer.Failed("Hệ thống tạm thời không nhận được hồ sơ; chưa có gì được xác nhận. Hãy gửi lại sau ít phút. (The store takes nothing now; send again later.)"), StatusCodes.Status503ServiceUnavailable);
        }
        catch (BadHttpRequestException e)
        {
            return Answer(PortalAnswer.Failed($"Yêu cầu bị ngắt hoặc sai dạng. ({e.Message})"), e.StatusCode);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return Answer(PortalAnswer.Failed("Yêu cầu multipart bị ngắt hoặc sai dạng; hãy gửi tệp trong trường 'files'. (Malformed multipart request.)"), StatusCodes.Status400BadRequest);
        }

        return receipts.Count == 0
            ? Answer(PortalAnswer.Failed("Không có tệp nào trong yêu cầu; hãy gửi tệp XML trong trường 'files'. (No file in the request.)"), StatusCodes.Status400BadRequest)
            : Answer(PortalAnswer.Of(receipts), Status(receipts));
    }

    private static int Status(List<(string? File, Receipt Receipt)> receipts)
    {
        if (receipts.TrueForAll(r => r.Receipt.Rejection is not null))
        {
            return receipts.Exists(r => r.Receipt.IsTooLarge) ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest;
        }

        return receipts.TrueForAll(r => r.Receipt.Rejection is null && r.Receipt.Refused == 0) ? StatusCodes.Status200OK : StatusCodes.Status201Created;
    }

    private static IResult Answer(PortalAnswer answer, int status) => Results.Json(answer, Readable, statusCode: status);

    /// <summary>The files of a multipart request one after the other, or the body itself.</summary>
    private static async IAsyncEnumerable<(string? File, Stream Content)> FilesAsync(HttpRequest request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            yield return (null, request.Body);
            yield break;
        }

        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrEmpty(boundary))
        {
            throw new InvalidDataException("The multipart request names no boundary.");
        }

        var reader = new MultipartReader(boundary, request.Body);
        while (await reader.ReadNextSectionAsync(ct) is { } section)
        {
            if (section.GetContentDispositionHeader() is { } part && (part.IsFileDisposition() || part.Name.Value?.Trim('"') is "files" or "file"))
            {
                yield return (HeaderUtilities.RemoveQuotes(part.FileNameStar.HasValue ? part.FileNameStar : part.FileName).Value, section.Body);
            }
        }
    }
}
