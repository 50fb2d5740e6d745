using System.Text.Json;
using Mach.Access.Programs;
using Microsoft.AspNetCore.Http;

namespace Mach.FhirApi.Interactions;

/// <summary>GET [base]/.well-known/smart-configuration: what there is for programs, and where. Open to all.</summary>
/// <remarks>Source: https://hl7.org/fhir/smart-app-launch/STU2.1/conformance.html#using-well-known.</remarks>
internal static class SmartConfiguration
{
    public static async Task HandleAsync(FhirCall call)
    {
        using var buffer = new PooledBuffer();
        using (var json = new Utf8JsonWriter(buffer, FhirAnswer.Json))
        {
            JsonSerializer.Serialize(json, Discovery.Describe(call.Context));
        }

        call.Context.Response.ContentType = "application/json; charset=utf-8";
        call.Context.Response.ContentLength = buffer.Written.Length;
        if (!HttpMethods.IsHead(call.Context.Request.Method))
        {
            await call.Context.Response.Body.WriteAsync(buffer.Written, call.Aborted);
        }
    }
}
