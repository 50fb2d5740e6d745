using Mach.FhirApi.Bodies;
using Mach.FhirApi.Writing;
using Microsoft.AspNetCore.Http;

namespace Mach.FhirApi.Interactions;

/// <summary>PUT [base]/Type/id: a new version, or the first one under that id. PUT [base]/Type?search: of the resource that the search finds.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/http.html#update, #upsert, #cond-update.</remarks>
internal static class Update
{
    public static async Task ByIdAsync(FhirCall call)
    {
        var (type, id) = (call.NeedWrite('u'), call.NeedNewId());
        call.NeedNoParameters();
        await HandleAsync(call, type, id, null);
    }

    public static Task BySearchAsync(FhirCall call) => HandleAsync(call, call.NeedWrite('u'), null, call.Query);

    private static async Task HandleAsync(FhirCall call, string type, string? id, IReadOnlyList<KeyValuePair<string, string>>? criteria)
    {
        var headers = call.Context.Request.Headers;
        var onlyNew = headers.IfNoneMatch.ToString().Trim();
        if (onlyNew is not ("" or "*"))
        {
            throw new FhirProblem(StatusCodes.Status400BadRequest, "not-supported", "If-None-Match of an update is * (only when it is not there yet); which version it follows is said by If-Match.", "If-None-Match");
        }

        var ifMatch = Precondition.Parse(call.Header("If-Match"), "If-Match");
        using var incoming = await Incoming.ReadAsync(call, type);
        if (id is not null && JsonBody.IdOf(incoming.Resource) != id)
        {
            throw new FhirProblem(StatusCodes.Status400BadRequest, "invalid", $"The resource must carry the id of the address: {id}.", $"{type}.id");
        }

        var key = RequestKey.Of(call, incoming.Bytes);
        var change = new Change
        {
            Kind = ChangeKind.Update,
            Type = type,
            Id = id,
            NewId = FhirCall.NewId(key),
            Criteria = criteria,
            IfMatch = ifMatch,
            OnlyNew = id is not null && onlyNew == "*",
            Resource = incoming.Resource,
            Bytes = incoming.Bytes,
        };
        await call.WriteAsync(change, key);
    }
}
