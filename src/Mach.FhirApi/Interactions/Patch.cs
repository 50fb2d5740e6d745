using Mach.FhirApi.Bodies;
using Mach.FhirApi.Patching;
using Mach.FhirApi.Writing;

namespace Mach.FhirApi.Interactions;

/// <summary>PATCH [base]/Type/id and [base]/Type?search: a JSON Patch or a FHIRPath Patch becomes a new version of the one resource.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/http.html#patch.</remarks>
internal static class Patch
{
    public static Task ByIdAsync(FhirCall call)
    {
        var (type, id) = (call.NeedWrite('u'), call.NeedId());
        call.NeedNoParameters();
        return HandleAsync(call, type, id, null);
    }

    public static Task BySearchAsync(FhirCall call) => HandleAsync(call, call.NeedWrite('u'), null, call.Query);

    private static async Task HandleAsync(FhirCall call, string type, string? id, IReadOnlyList<KeyValuePair<string, string>>? criteria)
    {
        var ifMatch = Precondition.Parse(call.Header("If-Match"), "If-Match");
        var body = await RequestBody.ReadJsonAsync(call, call.Options.MaxResourceBytes, RequestBody.JsonPatch);
        var change = new Change
        {
            Kind = ChangeKind.Patch,
            Type = type,
            Id = id,
            NewId = "",
            Criteria = criteria,
            IfMatch = ifMatch,
            Patch = Patches.OfBody(body, RequestBody.MediaType(call.Context.Request)),
        };
        await call.WriteAsync(change, RequestKey.Of(call, body));
    }
}
