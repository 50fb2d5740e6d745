using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Mach.FhirApi.Interactions;

/// <summary>GET [base]/.well-known/smart-configuration: where programs get their tokens. Open to all.</summary>
/// <remarks>Source: https://hl7.org/fhir/smart-app-launch/STU2.1/conformance.html#using-well-known.</remarks>
internal static class SmartConfiguration
{
    public static async Task HandleAsync(FhirCall call)
    {
        using var buffer = new PooledBuffer();
        using (var json = new Utf8JsonWriter(buffer, FhirAnswer.Json))
        {
            json.WriteStartObject();
            json.WriteString("token_endpoint"u8, call.Site + "/oauth/token");
            Capabilities.WriteStrings(json, "token_endpoint_auth_methods_supported", "client_secret_basic", "client_secret_post");
            Capabilities.WriteStrings(json, "grant_types_supported", "client_credentials");
            Capabilities.WriteStrings(json, "scopes_supported", "system/*.cruds", "system/*.rs", "system/*.read", "system/*.write");
            Capabilities.WriteStrings(json, "capabilities", "client-confidential-symmetric", "permission-v1", "permission-v2");
            json.WriteEndObject();
        }

        call.Context.Response.ContentType = "application/json; charset=utf-8";
        call.Context.Response.ContentLength = buffer.Written.Length;
        if (!HttpMethods.IsHead(call.Context.Request.Method))
        {
            await call.Context.Response.Body.WriteAsync(buffer.Written, call.Aborted);
        }
    }
}
