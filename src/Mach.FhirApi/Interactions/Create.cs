using Mach.FhirApi.Writing;

namespace Mach.FhirApi.Interactions;

/// <summary>POST [base]/Type: a new resource under an id of the server's. If-None-Exist: only when no resource answers that search.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/http.html#create, #ccreate.</remarks>
internal static class Create
{
    public static async Task HandleAsync(FhirCall call)
    {
        var type = call.NeedWrite('c');
        call.NeedNoParameters();
        using var incoming = await Incoming.ReadAsync(call, type);
        var key = RequestKey.Of(call, incoming.Bytes);
        var change = new Change
        {
            Kind = ChangeKind.Create,
            Type = type,
            NewId = FhirCall.NewId(key),
            Criteria = call.Context.Request.Headers.TryGetValue("If-None-Exist", out var criteria) ? Criteria.Parse(criteria.ToString()) : null,
            Resource = incoming.Resource,
            Bytes = incoming.Bytes,
        };
        await call.WriteAsync(change, key);
    }
}
