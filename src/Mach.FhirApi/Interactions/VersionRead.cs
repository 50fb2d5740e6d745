using System.Globalization;
using Mach.FhirApi.Presentation;
using Microsoft.AspNetCore.Http;

namespace Mach.FhirApi.Interactions;

/// <summary>GET, HEAD [base]/Type/id/_history/n: one version as it was. 410 when that version is the deletion.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/http.html#vread.</remarks>
internal static class VersionRead
{
    public static async Task HandleAsync(FhirCall call)
    {
        var (type, id) = (call.NeedType('r'), call.NeedId());
        call.NeedOnlyShape();
        var text = (string)call.Context.Request.RouteValues["version"]!;
        var resource = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? await call.Records.ReadVersionAsync(type, id, version, call.Aborted)
            : null;
        if (resource is null)
        {
            throw new FhirProblem(StatusCodes.Status404NotFound, "not-found", $"There is no version {FhirCall.Shorten(text)} of {type}/{id}.");
        }

        if (resource.IsDeleted)
        {
            throw new FhirProblem(StatusCodes.Status410Gone, "deleted", $"Version {version} of {type}/{id} is its deletion.");
        }

        if (!await BinaryContent.SendAsync(call, resource))
        {
            await FhirAnswer.SendAsync(call, resource);
        }
    }
}
