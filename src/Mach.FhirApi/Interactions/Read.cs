using Mach.FhirApi.Presentation;
using Microsoft.AspNetCore.Http;

namespace Mach.FhirApi.Interactions;

/// <summary>GET, HEAD [base]/Type/id: the current version. 410 when it was deleted, 304 when the client has it.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/http.html#read, #cread.</remarks>
internal static class Read
{
    public static async Task HandleAsync(FhirCall call)
    {
        var (type, id) = (call.NeedType('r'), call.NeedId());
        call.NeedOnlyShape();
        if (await AuditTrailSearch.ReadAsync(call, type, id))
        {
            return;
        }

        var resource = await call.Records.ReadAsync(type, id, call.Aborted)
            ?? throw new FhirProblem(StatusCodes.Status404NotFound, "not-found", $"There is no {type}/{id}.");
        if (resource.IsDeleted)
        {
            call.Context.Response.Headers.ETag = FhirAnswer.ETag(resource.Version);
            call.Context.Response.Headers.LastModified = FhirAnswer.HttpDate(resource.LastUpdated);
            throw new FhirProblem(StatusCodes.Status410Gone, "deleted", $"{type}/{id} was deleted; its earlier versions are in {type}/{id}/_history.");
        }

        if (!await BinaryContent.SendAsync(call, resource))
        {
            await FhirAnswer.SendAsync(call, resource);
        }
    }
}
