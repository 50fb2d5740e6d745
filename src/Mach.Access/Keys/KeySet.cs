using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Mach.Access.Keys;

/// <summary>GET /oauth/jwks: the public keys of this house, for whoever checks what it signed. Open to all.</summary>
/// <remarks>Source: RFC 7517 §5; RFC 7518 §6.2.1.</remarks>
internal static class KeySet
{
    public const string Address = "/oauth/jwks";

    /// <summary>How long the list may be kept: much shorter than a key waits (<see cref="SigningKeys.Notice"/>), so that a withdrawn one is soon forgotten.</summary>
    private static readonly TimeSpan Keep = TimeSpan.FromMinutes(5);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet(Address, Handle).WithName("acc-jwks").AllowAnonymous().RequireRateLimiting(Policies.ProgramRate);

    private static JsonHttpResult<Answer> Handle(HttpContext context, SigningKeys keys)
    {
        context.Response.Headers.CacheControl = string.Create(CultureInfo.InvariantCulture, $"public, max-age={(int)Keep.TotalSeconds}");
        return TypedResults.Json(new Answer([.. keys.Published().Select(k => new Key(k.Id, k.X, k.Y))]));
    }

    private sealed record Answer([property: JsonPropertyName("keys")] IReadOnlyList<Key> Keys);

    private sealed record Key(
        [property: JsonPropertyName("kid")] string Id,
        [property: JsonPropertyName("x")] string X,
        [property: JsonPropertyName("y")] string Y,
        [property: JsonPropertyName("kty")] string Type = "EC",
        [property: JsonPropertyName("crv")] string Curve = "P-256",
        [property: JsonPropertyName("use")] string Use = "sig",
        [property: JsonPropertyName("alg")] string Algorithm = "ES256");
}
