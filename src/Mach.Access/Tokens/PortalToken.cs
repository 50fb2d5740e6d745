using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mach.Access.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Access.Tokens;

/// <summary>
/// POST /api/token: the session call that hospital systems already make to provincial portals. Form, multipart or JSON with
/// <c>username</c> and <c>password</c> (plain, or the MD5 of it in upper-case hex). Only accounts that send dossiers get one,
/// and it opens sending and their own receipts alone.
/// </summary>
/// <remarks>
/// Source: the provincial health data portals' own contract (<c>access_token</c>), and the session call of Vietnam Social Security's
/// insurance portal guide (<c>maKetQua</c>, <c>APIKey</c>); one answer carries both shapes, as clients are built for either.
/// </remarks>
internal static class PortalToken
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(2);
    private const int MaxBody = 64 * 1024;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/token", HandleAsync).WithName("acc-portal-token").AllowAnonymous().RequireRateLimiting(Policies.SignInRate).DisableAntiforgery();

    private static async Task<IResult> HandleAsync(HttpContext context, PasswordCheck check, Tickets tickets, TimeProvider clock, CancellationToken ct)
    {
        if (await ReadAsync(context, ct) is not ({ Length: > 0 } user, { Length: > 0 } password))
        {
            return Refusal(StatusCodes.Status400BadRequest, "Thiếu username hoặc password. / username or password is missing.");
        }

        var (account, wait) = await check.AccountAsync(user, password, context.ClientAddress(), portal: true, ct);
        if (account is null && wait > TimeSpan.Zero)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            return Refusal(StatusCodes.Status429TooManyRequests, "Sai quá nhiều lần; hãy chờ rồi thử lại. / Too many wrong tries; wait and try again.");
        }

        if (account is null)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"mach\"";
            return Refusal(StatusCodes.Status401Unauthorized, "Sai tài khoản hoặc mật khẩu, hoặc tài khoản không được gửi hồ sơ. / Wrong user name or password, or this account may not send dossiers.");
        }

        var token = await tickets.IssueAsync(Tickets.Portal, account.Name, $"{Scopes.SendDossier} {Scopes.ReadDossier}", Lifetime, ct);
        return Results.Json(Answer.Given(token, account.Name, clock.GetUtcNow() + Lifetime));
    }

    private static IResult Refusal(int status, string message) => Results.Json(Answer.Refused(status, message), statusCode: status);

    private static async Task<(string? User, string? Password)> ReadAsync(HttpContext context, CancellationToken ct)
    {
        var request = context.Request;
        if (context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxBody;
        }

        try
        {
            if (request.HasFormContentType)
            {
                var form = await request.ReadFormAsync(ct);
                return (form["username"], form["password"]);
            }

            if (request.HasJsonContentType() && await request.ReadFromJsonAsync<Credentials>(ct) is { } body)
            {
                return (body.Username, body.Password);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or BadHttpRequestException)
        {
            // Unreadable is the same as missing: the answer says what is expected.
        }

        return (null, null);
    }

    private sealed record Credentials(string? Username, string? Password);

    /// <summary>Both shapes in one: RFC 6749 names at the top, and the portal's own.</summary>
    private sealed record Answer
    {
        [JsonPropertyName("maKetQua")]
        public required string ResultCode { get; init; }

        [JsonPropertyName("access_token"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? AccessToken { get; init; }

        [JsonPropertyName("token_type"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? TokenType { get; init; }

        /// <summary>Seconds.</summary>
        [JsonPropertyName("expires_in"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public int? ExpiresIn { get; init; }

        [JsonPropertyName("username"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Username { get; init; }

        [JsonPropertyName("APIKey")]
        public Key? ApiKey { get; init; }

        [JsonPropertyName("thongDiep"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Message { get; init; }

        public static Answer Given(string token, string user, DateTimeOffset expires) => new()
        {
            ResultCode = "200",
            AccessToken = token,
            TokenType = "Bearer",
            ExpiresIn = (int)Lifetime.TotalSeconds,
            Username = user,
            ApiKey = new(token, token, "Bearer", user, expires.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
        };

        public static Answer Refused(int status, string message) =>
            new() { ResultCode = status.ToString(CultureInfo.InvariantCulture), Message = message };
    }

    /// <param name="ExpiresIn">The instant it ends, UTC: the portal's own meaning of the name.</param>
    private sealed record Key(
        [property: JsonPropertyName("access_token")] string AccessToken,
        [property: JsonPropertyName("id_token")] string IdToken,
        [property: JsonPropertyName("token_type")] string TokenType,
        [property: JsonPropertyName("username")] string Username,
        [property: JsonPropertyName("expires_in")] string ExpiresIn);
}
