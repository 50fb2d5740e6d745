using Mach.FhirApi.Writing;

namespace Mach.FhirApi.Interactions;

/// <summary>DELETE [base]/Type/id: its history stays. DELETE [base]/Type?search: the one resource that the search finds; 412 when there are more.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/http.html#delete, #3.1.0.7.1. Deleting what is not there is no error.</remarks>
internal static class Delete
{
    public static Task ByIdAsync(FhirCall call)
    {
        var (type, id) = (call.NeedWrite('d'), call.NeedId());
        call.NeedNoParameters();
        return HandleAsync(call, type, id, null);
    }

    public static Task BySearchAsync(FhirCall call) => HandleAsync(call, call.NeedWrite('d'), null, call.Query);

    private static Task HandleAsync(FhirCall call, string type, string? id, IReadOnlyList<KeyValuePair<string, string>>? criteria)
    {
        var change = new Change
        {
            Kind = ChangeKind.Delete,
            Type = type,
            Id = id,
            NewId = "",
            Criteria = criteria,
            IfMatch = Precondition.Parse(call.Header("If-Match"), "If-Match"),
        };
        return call.WriteAsync(change, RequestKey.Of(call, default));
    }
}
