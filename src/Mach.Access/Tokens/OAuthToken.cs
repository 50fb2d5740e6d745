using System.Text.Json.Serialization;
using Mach.Access.Programs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Access.Tokens;

/// <summary>
/// POST /oauth/token: tokens for programs, for themselves (client credentials), or for a person who let them in (a code, then refresh tokens).
/// </summary>
/// <remarks>Source: OAuth 2.1 §3.2 and §4; RFC 6749 §5; SMART App Launch 2.1 (context beside the token), SMART Backend Services.</remarks>
internal static class OAuthToken
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/oauth/token", HandleAsync).WithName("acc-oauth-token").AllowAnonymous().RequireRateLimiting(Policies.SignInRate).DisableAntiforgery();

    private static async Task<IResult> HandleAsync(HttpContext context, ClientProofs proofs, Tokenizer tokens, CancellationToken ct)
    {
        OAuthAnswers.NotKept(context);
        if (await OAuthAnswers.ReadFormAsync(context, ct) is not { } form)
        {
            return OAuthAnswers.Invalid("The body must be application/x-www-form-urlencoded, every parameter once at most.");
        }

        if (form["grant_type"].ToString() is not { Length: > 0 } grant)
        {
            return OAuthAnswers.Invalid("grant_type is needed.");
        }

        if (grant is not ("client_credentials" or "authorization_code" or "refresh_token"))
        {
            return OAuthAnswers.Error(StatusCodes.Status400BadRequest, "unsupported_grant_type", "There are authorization_code, refresh_token and client_credentials.");
        }

        var (client, refusal) = await proofs.CheckAsync(context, form, ct);
        return client is null ? refusal!
            : grant == "client_credentials" ? await tokens.ForItselfAsync(client, form, ct)
            : grant == "authorization_code" ? await tokens.ForCodeAsync(context, client, form, ct)
            : await tokens.ForRefreshAsync(context, client, form, ct);
    }

    /// <summary>All of the client's own scopes when none is asked for; those asked for when each is covered; null when one is not.</summary>
    internal static string? Grant(string[] allowed, string[] asked)
    {
        var own = allowed.Where(Scopes.IsKnown).ToArray();
        if (asked.Length == 0)
        {
            return own.Length == 0 ? null : string.Join(' ', own);
        }

        return asked.All(a => Scopes.IsKnown(a) && own.Any(g => Scopes.Covers(g, a))) ? string.Join(' ', asked.Distinct()) : null;
    }
}

/// <summary>Makes the answers of the token endpoint.</summary>
internal sealed class Tokenizer(Tickets tickets, Clients clients, Authorizations authorizations, IdTokens ids)
{
    public async Task<IResult> ForItselfAsync(ProvenClient client, IFormCollection form, CancellationToken ct)
    {
        if (client.IsPublic)
        {
            return OAuthAnswers.Error(StatusCodes.Status400BadRequest, "unauthorized_client", "A program that proves nothing has no tokens for itself.");
        }

        var granted = OAuthToken.Grant(Scopes.Split(client.Row.Scopes), Scopes.Split(form["scope"]));
        if (granted is null)
        {
            return OAuthAnswers.Error(StatusCodes.Status400BadRequest, "invalid_scope", $"This client may ask for: {client.Row.Scopes}");
        }

        var token = await tickets.IssueAsync(Tickets.Client, client.Id, granted, OAuthToken.Lifetime, ct, certificate: client.Certificate);
        await clients.UsedAsync(client.Id, ct);
        return Results.Json(new Answer(token, "Bearer", (int)OAuthToken.Lifetime.TotalSeconds, granted));
    }

    public async Task<IResult> ForCodeAsync(HttpContext context, ProvenClient client, IFormCollection form, CancellationToken ct)
    {
        var issued = await authorizations.RedeemAsync(form["code"].ToString(), client, form["redirect_uri"].ToString(), form["code_verifier"].ToString(), ct);
        return issued is null
            ? OAuthAnswers.InvalidGrant("The code is not known, too old, used, another program's, or redirect_uri or code_verifier are not those of the request.")
            : await AnswerAsync(context, client, issued, ct);
    }

    public async Task<IResult> ForRefreshAsync(HttpContext context, ProvenClient client, IFormCollection form, CancellationToken ct)
    {
        var tooMuch = false;
        var issued = await authorizations.RefreshAsync(form["refresh_token"].ToString(), client, Scopes.Split(form["scope"]), () => tooMuch = true, ct);
        return issued is not null ? await AnswerAsync(context, client, issued, ct)
            : tooMuch ? OAuthAnswers.Error(StatusCodes.Status400BadRequest, "invalid_scope", "A refresh gives what the person allowed, or less.")
            : OAuthAnswers.InvalidGrant("The refresh token is not known, used, ended, or another program's.");
    }

    private async Task<IResult> AnswerAsync(HttpContext context, ProvenClient client, Issued issued, CancellationToken ct)
    {
        await clients.UsedAsync(client.Id, ct);
        var opened = issued.Context.Patient is not null;
        return Results.Json(new Answer(issued.Access, "Bearer", (int)OAuthToken.Lifetime.TotalSeconds, issued.Scopes)
        {
            RefreshToken = issued.Refresh,
            IdToken = Scopes.Split(issued.Scopes).Contains(Scopes.OpenId) ? await ids.MakeAsync(context, client, issued, ct) : null,
            Patient = issued.Context.Patient,
            Encounter = issued.Context.Encounter,
            NeedsBanner = opened ? true : null,
            Style = opened ? Issuer.Of(context) + StyleAddress.Path : null,
        });
    }

    private sealed record Answer(
        [property: JsonPropertyName("access_token")] string AccessToken,
        [property: JsonPropertyName("token_type")] string TokenType,
        [property: JsonPropertyName("expires_in")] int ExpiresIn,
        [property: JsonPropertyName("scope")] string Scope)
    {
        [JsonPropertyName("refresh_token"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? RefreshToken { get; init; }

        [JsonPropertyName("id_token"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? IdToken { get; init; }

        [JsonPropertyName("patient"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Patient { get; init; }

        [JsonPropertyName("encounter"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Encounter { get; init; }

        /// <summary>The program is opened in a window of its own, so it has to say whose record it shows.</summary>
        [JsonPropertyName("need_patient_banner"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public bool? NeedsBanner { get; init; }

        [JsonPropertyName("smart_style_url"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Style { get; init; }
    }
}
