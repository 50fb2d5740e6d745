using Microsoft.AspNetCore.Routing;

namespace Mach.FhirApi.Operations;

/// <summary>The operations that exist: one line each.</summary>
internal static class OperationList
{
    private const string Standard = "http://hl7.org/fhir/OperationDefinition/";

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("everything", OperationLevel.Instance, ["Patient"], Standard + "Patient-everything", Everything.HandleAsync)
        {
            Documentation = "The person's other records (Patient.link) follow after the one asked for, each resource once. _mdm=false: this record alone; _mdm=true says what happens anyway.",
        },
        new("everything", OperationLevel.Instance, ["Encounter"], Standard + "Encounter-everything", Everything.HandleAsync),
        new("summary", OperationLevel.Instance, ["Patient"], "http://hl7.org/fhir/uv/ips/OperationDefinition/summary", PatientSummary.HandleAsync),
        new("match", OperationLevel.Type, ["Patient"], Standard + "Patient-match", MatchPatient.HandleAsync),
        new("validate", OperationLevel.Type, [], Standard + "Resource-validate", Validate.TypeAsync),
        new("validate", OperationLevel.Instance, [], Standard + "Resource-validate", Validate.InstanceAsync),
        new("meta", OperationLevel.Instance, [], Standard + "Resource-meta", Meta.ReadAsync),
        new("meta", OperationLevel.Type, [], Standard + "Resource-meta", MetaOfMany.TypeAsync),
        new("meta", OperationLevel.System, [], Standard + "Resource-meta", MetaOfMany.SystemAsync),
        new("meta-add", OperationLevel.Instance, [], Standard + "Resource-meta-add", Meta.AddAsync, AffectsState: true),
        new("meta-delete", OperationLevel.Instance, [], Standard + "Resource-meta-delete", Meta.DeleteAsync, AffectsState: true),
        new("lastn", OperationLevel.Type, ["Observation"], Standard + "Observation-lastn", LastN.HandleAsync),
        new("expand", OperationLevel.Type, ["ValueSet"], Standard + "ValueSet-expand", Expand.TypeAsync),
        new("expand", OperationLevel.Instance, ["ValueSet"], Standard + "ValueSet-expand", Expand.InstanceAsync),
        new("lookup", OperationLevel.Type, ["CodeSystem"], Standard + "CodeSystem-lookup", Lookup.HandleAsync),
        new("validate-code", OperationLevel.Type, ["CodeSystem"], Standard + "CodeSystem-validate-code", ValidateCode.SystemAsync),
        new("validate-code", OperationLevel.Type, ["ValueSet"], Standard + "ValueSet-validate-code", ValidateCode.SetAsync),
        new("validate-code", OperationLevel.Instance, ["ValueSet"], Standard + "ValueSet-validate-code", ValidateCode.StoredSetAsync),
        new("index-state", OperationLevel.Type, ["SearchParameter"], "urn:mach:operation:index-state", IndexState.HandleAsync),
    ];

    /// <param name="name">Without the dollar sign.</param>
    /// <param name="type">Of no meaning at the system level.</param>
    public static Operation? Find(string name, OperationLevel level, string type) =>
        All.FirstOrDefault(o => o.Name == name && o.Level == level && (level == OperationLevel.System || o.Types.Count == 0 || o.Types.Contains(type)));

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var operation in All)
        {
            operation.Map(routes);
        }
    }
}
