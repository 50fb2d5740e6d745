using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Mach.Access.SignIn;
using Mach.Access.Tokens;
using Mach.Access.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Access.External;

/// <summary>
/// GET /sign-in/with/{provider} sends the browser to the provider, GET /sign-in/from/{provider} takes it back: authorization code with
/// PKCE, state and nonce, bound to this browser by a sealed cookie of ten minutes that is given up with the first answer.
/// </summary>
/// <remarks>Source: OpenID Connect Core 1.0 §3.1; RFC 7636 (PKCE); RFC 9207 (issuer in the answer, against mix-up); RFC 9700.</remarks>
internal static class ExternalEndpoints
{
    private const string Cookie = "mach.provider";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sign-in/with/{provider}", StartAsync).WithName("acc-provider-start").AllowAnonymous().RequireRateLimiting(Policies.SignInRate);
        routes.MapGet("/sign-in/from/{provider}", FinishAsync).WithName("acc-provider-finish").AllowAnonymous().RequireRateLimiting(Policies.SignInRate);
    }

    private sealed record Asked(string Provider, string State, string Nonce, string Verifier, string ReturnUrl, long Until);

    private static async Task StartAsync(string provider, string? returnUrl, HttpContext context, Providers providers, TimeProvider clock)
    {
        if (providers.Find(provider) is not { } found)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        try
        {
            var metadata = await found.MetadataAsync(context.RequestAborted);
            var asked = new Asked(provider, Tickets.RandomText(), Tickets.RandomText(), Tickets.RandomText(), LocalUrl.OrHome(returnUrl), (clock.GetUtcNow() + Lifetime).ToUs());
            // Lax, not strict: the browser comes back from another site.
            HouseCookies.Give(context, Cookie, Protector(context).Protect(JsonSerializer.Serialize(asked)), Lifetime, SameSiteMode.Lax);
            var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(asked.Verifier)));
            var query = QueryString.Create(new Dictionary<string, string?>
            {
                ["response_type"] = "code",
                ["client_id"] = found.Options.ClientId,
                ["redirect_uri"] = Redirect(context, found.Options),
                ["scope"] = found.Options.Scopes,
                ["state"] = asked.State,
                ["nonce"] = asked.Nonce,
                ["code_challenge"] = challenge,
                ["code_challenge_method"] = "S256",
            }.Concat(found.Options.Strength));
            context.Response.Redirect(metadata.AuthorizationEndpoint + (metadata.AuthorizationEndpoint.Contains('?', StringComparison.Ordinal) ? "&" + query.Value![1..] : query.Value));
        }
        catch (ProviderException)
        {
            Forms.SeeOther(context, Forms.ErrorPage("/sign-in", "provider", LocalUrl.OrHome(returnUrl)));
        }
    }

    private static async Task FinishAsync(string provider, HttpContext context, Providers providers, Sessions sessions, AccessLog log)
    {
        var ct = context.RequestAborted;
        var asked = Read(context);
        HouseCookies.Forget(context, Cookie, SameSiteMode.Lax);
        var query = context.Request.Query;
        if (asked is null || asked.Provider != provider || providers.Find(provider) is not { } found || !Same(query["state"], asked.State))
        {
            Forms.SeeOther(context, Forms.ErrorPage("/sign-in", SignInResult.Expired, "/"));
            return;
        }

        try
        {
            var metadata = await found.MetadataAsync(ct);
            if (query["iss"].Count > 0 ? query["iss"] != metadata.Issuer : metadata.SaysIssuer)
            {
                throw new ProviderException("the answer is of another issuer");
            }

            if (query["code"].ToString() is not { Length: > 0 and < 4096 } code)
            {
                throw new ProviderException("the provider gave no code");
            }

            var (subject, authenticated) = await found.RedeemAsync(code, asked.Verifier, asked.Nonce, Redirect(context, found.Options), ct);
            var account = await providers.AccountAsync(metadata.Issuer, subject, ct);
            await log.RecordAsync(new AccessEvent(account ?? "?", "provider-sign-in", account is null ? AccessOutcome.Denied : AccessOutcome.Ok, Address: context.ClientAddress(), Detail: provider), ct);
            if (account is null)
            {
                Forms.SeeOther(context, Forms.ErrorPage("/sign-in", "unbound", asked.ReturnUrl) + "&who=" + Uri.EscapeDataString(providers.Seal(subject)));
                return;
            }

            await sessions.OpenAsync(context, account, Methods.Provider, full: true, null, ct, authenticated);
            Forms.SeeOther(context, asked.ReturnUrl);
        }
        catch (ProviderException)
        {
            await log.RecordAsync(new AccessEvent("?", "provider-sign-in", AccessOutcome.Failed, Address: context.ClientAddress(), Detail: provider), ct);
            Forms.SeeOther(context, Forms.ErrorPage("/sign-in", "provider", asked.ReturnUrl));
        }
    }

    private static Asked? Read(HttpContext context)
    {
        try
        {
            var asked = HouseCookies.Read(context, Cookie) is { Length: < 8192 } text ? JsonSerializer.Deserialize<Asked>(Protector(context).Unprotect(text)) : null;
            return asked is not null && asked.Until > context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().ToUs() ? asked : null;
        }
        catch (Exception e) when (e is CryptographicException or JsonException)
        {
            return null;
        }
    }

    private static bool Same(string? said, string expected) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(said ?? ""), Encoding.UTF8.GetBytes(expected));

    private static string Redirect(HttpContext context, ProviderOptions options) =>
        (options.PublicAddress?.TrimEnd('/') ?? $"{context.Request.Scheme}://{context.Request.Host}") + "/sign-in/from/" + options.Id;

    private static IDataProtector Protector(HttpContext context) => context.RequestServices.GetRequiredService<IDataProtectionProvider>().CreateProtector("mach.external");
}
