using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Access.Programs;

/// <summary>What this house says about itself to programs: the same statement at the addresses where OAuth, OpenID Connect and SMART look for it. Open to all.</summary>
/// <remarks>Source: RFC 8414 §2; OpenID Connect Discovery 1.0 §3; SMART App Launch 2.1 §"Using .well-known"; RFC 9207 §3; RFC 8705 §3.3 and §5.</remarks>
public static class Discovery
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var address in new[] { "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration" })
        {
            routes.MapGet(address, (HttpContext context) =>
            {
                context.Response.Headers.CacheControl = "public, max-age=300";
                return TypedResults.Json(Describe(context));
            }).WithName("acc" + address.Replace('/', '-').Replace(".well-known", "discovery", StringComparison.Ordinal)).AllowAnonymous().RequireRateLimiting(Policies.ProgramRate);
        }
    }

    /// <summary>The statement, for whoever says it at another address.</summary>
    public static IReadOnlyDictionary<string, object> Describe(HttpContext context)
    {
        var issuer = Issuer.Of(context);
        var options = context.RequestServices.GetRequiredService<AccessOptions>();
        string[] proofs =
        [
            "client_secret_basic", "client_secret_post", ClientMethods.SignedStatement,
            .. options.CertificateAddress is null ? [] : options.CertificateAuthorities is null ? new[] { ClientMethods.OwnCertificate } : [ClientMethods.OwnCertificate, ClientMethods.Certificate],
        ];
        var all = new Dictionary<string, object>
        {
            ["issuer"] = issuer,
            ["authorization_endpoint"] = issuer + "/oauth/authorize",
            ["token_endpoint"] = Issuer.TokenAddress(context),
            ["revocation_endpoint"] = issuer + "/oauth/revoke",
            ["introspection_endpoint"] = issuer + "/oauth/introspect",
            ["jwks_uri"] = issuer + Keys.KeySet.Address,
            ["management_endpoint"] = issuer + "/account",
            ["response_types_supported"] = new[] { "code" },
            ["response_modes_supported"] = new[] { "query" },
            ["grant_types_supported"] = new[] { "authorization_code", "refresh_token", "client_credentials" },
            ["code_challenge_methods_supported"] = new[] { "S256" },
            ["token_endpoint_auth_methods_supported"] = (string[])[.. proofs, "none"],
            ["token_endpoint_auth_signing_alg_values_supported"] = SignedStatements.Algorithms,
            ["revocation_endpoint_auth_methods_supported"] = (string[])[.. proofs, "none"],
            ["revocation_endpoint_auth_signing_alg_values_supported"] = SignedStatements.Algorithms,
            ["introspection_endpoint_auth_methods_supported"] = proofs,
            ["introspection_endpoint_auth_signing_alg_values_supported"] = SignedStatements.Algorithms,
            ["authorization_response_iss_parameter_supported"] = true,
            ["subject_types_supported"] = new[] { "public" },
            ["id_token_signing_alg_values_supported"] = new[] { "ES256" },
            ["claims_supported"] = new[] { "iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "name", "fhirUser" },
            ["claims_parameter_supported"] = false,
            ["request_parameter_supported"] = false,
            ["request_uri_parameter_supported"] = false,
            ["prompt_values_supported"] = new[] { "none", "login", "consent" },
            ["scopes_supported"] = (string[])[.. Scopes.OfSignIn, "patient/*.rs", "patient/*.c", "user/*.rs", "user/*.c", "system/*.cruds", Scopes.SendDossier, Scopes.ReadDossier],
            ["capabilities"] = Capabilities,
        };
        if (options.CertificateAddress?.TrimEnd('/') is { } mutual)
        {
            all["tls_client_certificate_bound_access_tokens"] = true;
            all["mtls_endpoint_aliases"] = new Dictionary<string, string>
            {
                ["token_endpoint"] = mutual + "/oauth/token",
                ["revocation_endpoint"] = mutual + "/oauth/revoke",
                ["introspection_endpoint"] = mutual + "/oauth/introspect",
            };
        }

        return all;
    }

    /// <summary>What of SMART there is, by its own names. Not here: context-style, authorize-post.</summary>
    private static readonly string[] Capabilities =
    [
        "launch-ehr", "launch-standalone", "client-public", "client-confidential-symmetric", "client-confidential-asymmetric", "sso-openid-connect",
        "context-banner", "context-ehr-patient", "context-ehr-encounter", "context-standalone-patient",
        "permission-offline", "permission-online", "permission-patient", "permission-user", "permission-v1", "permission-v2",
    ];
}
