using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Mach.Access.External;

/// <summary>What a provider says about itself (OpenID Connect Discovery 1.0 §3).</summary>
internal sealed record Metadata(
    [property: JsonPropertyName("issuer")] string Issuer,
    [property: JsonPropertyName("authorization_endpoint")] string AuthorizationEndpoint,
    [property: JsonPropertyName("token_endpoint")] string TokenEndpoint,
    [property: JsonPropertyName("jwks_uri")] string KeysAddress,
    [property: JsonPropertyName("authorization_response_iss_parameter_supported")] bool SaysIssuer);

/// <summary>The provider did not answer as it must; the sign-in ends and nothing is taken from it.</summary>
internal sealed class ProviderException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Talks to one provider: metadata, code for token, and the check of what it signed.</summary>
/// <remarks>Source: OpenID Connect Core 1.0 §3.1.2, §3.1.3.7; RFC 7636; RFC 9700 §2.1.</remarks>
internal sealed class Provider(ProviderOptions options, HttpClient http, TimeProvider clock)
{
    private static readonly TimeSpan Trust = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);
    private Known? _known;

    public ProviderOptions Options => options;

    public async Task<Metadata> MetadataAsync(CancellationToken ct) => (await KnownAsync(fresh: false, ct)).Metadata;

    /// <summary>The subject that the provider vouches for in exchange for this code, and when that person last proved who they are; null = it does not say.</summary>
    /// <param name="nonce">The one that went out with the request: an answer to another request is refused.</param>
    /// <exception cref="ProviderException">The provider refused the code, or its statement does not hold.</exception>
    public async Task<(string Subject, DateTimeOffset? Authenticated)> RedeemAsync(string code, string verifier, string nonce, string redirect, CancellationToken ct)
    {
        var metadata = await MetadataAsync(ct);
        using var request = new HttpRequestMessage(HttpMethod.Post, metadata.TokenEndpoint);
        var form = new Dictionary<string, string> { ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = redirect, ["code_verifier"] = verifier };
        if (options.ClientSecret is { } secret)
        {
            // RFC 6749 §2.3.1: both parts are form-encoded before they are joined.
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(options.ClientId)}:{Uri.EscapeDataString(secret)}")));
        }
        else
        {
            form["client_id"] = options.ClientId;
        }

        request.Content = new FormUrlEncodedContent(form);
        var answer = await SendAsync<TokenAnswer>(request, ct);
        return await CheckAsync(answer.IdToken ?? throw new ProviderException("no id_token"), nonce, ct);
    }

    /// <summary>OpenID Connect Core 1.0 §3.1.3.7: issuer, audience, signature by a current key, time, nonce, and the strength and age that were asked for.</summary>
    internal async Task<(string Subject, DateTimeOffset? Authenticated)> CheckAsync(string token, string nonce, CancellationToken ct)
    {
        var handler = new JsonWebTokenHandler { MapInboundClaims = false };
        var known = await KnownAsync(fresh: false, ct);
        var result = await handler.ValidateTokenAsync(token, Parameters(known.Metadata, known.Keys));
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            // Keys change: ask once for the current ones.
            known = await KnownAsync(fresh: true, ct);
            result = await handler.ValidateTokenAsync(token, Parameters(known.Metadata, known.Keys));
        }

        if (!result.IsValid || result.SecurityToken is not JsonWebToken statement)
        {
            throw new ProviderException("the id_token does not hold", result.Exception);
        }

        var audiences = statement.Audiences.ToList();
        statement.TryGetPayloadValue<string>("azp", out var party);
        statement.TryGetPayloadValue<string>("nonce", out var said);
        if ((audiences.Count > 1 && party != options.ClientId) || (party is not null && party != options.ClientId))
        {
            throw new ProviderException("the id_token is for another client");
        }

        if (said is null || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(said), Encoding.UTF8.GetBytes(nonce)))
        {
            throw new ProviderException("the id_token answers another request");
        }

        return statement.Subject is { Length: > 0 and <= 255 } subject ? (subject, CheckProof(statement)) : throw new ProviderException("the id_token has no subject");
    }

    /// <summary>How the person proved who they are, and when. A time of the provider's that lies ahead of ours counts as now.</summary>
    /// <remarks>Source: OpenID Connect Core 1.0 §2 (acr, auth_time), §3.1.2.1 (max_age: then auth_time has to be there); OWASP ASVS 5.0 V6.8.4.</remarks>
    private DateTimeOffset? CheckProof(JsonWebToken statement)
    {
        statement.TryGetPayloadValue<string>("acr", out var acr);
        if (options.Acr.Count > 0 && (acr is null || !options.Acr.Contains(acr, StringComparer.Ordinal)))
        {
            throw new ProviderException("the provider's proof is of another class than asked for");
        }

        var now = clock.GetUtcNow();
        DateTimeOffset? at = statement.TryGetPayloadValue<long>("auth_time", out var seconds) && seconds > 0 && seconds <= now.ToUnixTimeSeconds() + (long)Skew.TotalSeconds
            ? DateTimeOffset.FromUnixTimeSeconds(Math.Min(seconds, now.ToUnixTimeSeconds())) : null;
        return options.MaxAgeMinutes is not { } minutes || (at is { } proved && now - proved <= TimeSpan.FromMinutes(minutes) + Skew) ? at : throw new ProviderException("the provider's proof is older than asked for");
    }

    private TokenValidationParameters Parameters(Metadata metadata, JsonWebKeySet keys) => new()
    {
        ValidIssuer = metadata.Issuer,
        ValidAudience = options.ClientId,
        IssuerSigningKeys = keys.GetSigningKeys(),
        TryAllIssuerSigningKeys = false,
        ValidAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"],
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        LifetimeValidator = (from, until, _, _) =>
        {
            var now = clock.GetUtcNow().UtcDateTime;
            return until is { } end && end + Skew > now && (from is not { } start || start - Skew <= now);
        },
    };

    private async Task<(Metadata Metadata, JsonWebKeySet Keys)> KnownAsync(bool fresh, CancellationToken ct)
    {
        if (_known is { } known && !fresh && known.At + Trust > clock.GetUtcNow())
        {
            return (known.Metadata, known.Keys);
        }

        try
        {
            var metadata = await SendAsync<Metadata>(new HttpRequestMessage(HttpMethod.Get, options.Issuer.TrimEnd('/') + "/.well-known/openid-configuration"), ct);
            // Discovery 1.0 §4.3: the issuer must be the one that was asked, or one provider could speak for another.
            if (metadata.Issuer != options.Issuer)
            {
                throw new ProviderException("the metadata is of another issuer");
            }

            using var request = new HttpRequestMessage(HttpMethod.Get, metadata.KeysAddress);
            using var answer = await http.SendAsync(request, ct);
            var keys = new JsonWebKeySet(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(ct));
            _known = new Known(metadata, keys, clock.GetUtcNow());
            return (metadata, keys);
        }
        catch (Exception e) when (e is HttpRequestException or ArgumentException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            throw new ProviderException("the provider cannot be reached", e);
        }
    }

    private async Task<T> SendAsync<T>(HttpRequestMessage request, CancellationToken ct) where T : class
    {
        try
        {
            using var answer = await http.SendAsync(request, ct);
            return await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<T>(ct) ?? throw new ProviderException("the provider answered nothing");
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or InvalidOperationException or UriFormatException)
        {
            throw new ProviderException("the provider refused or answered badly", e);
        }
    }

    private sealed record Known(Metadata Metadata, JsonWebKeySet Keys, DateTimeOffset At);

    private sealed record TokenAnswer([property: JsonPropertyName("id_token")] string? IdToken);
}
