using System.Text.Json;
using System.Text.Json.Nodes;
using Mach.FhirApi.Bodies;

namespace Mach.FhirApi.Patching;

/// <summary>FHIRPath Patch: operations of a Parameters resource, each on the element that a FHIRPath finds.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/fhirpatch.html.</remarks>
internal sealed class FhirPathPatch : IPatch
{
    private const int MaxOperations = 1000;

    private readonly List<PatchOperation> _operations;

    private FhirPathPatch(List<PatchOperation> operations) => _operations = operations;

    /// <exception cref="FhirProblem">400: not such a patch.</exception>
    public static FhirPathPatch Parse(JsonElement parameters)
    {
        var operations = new List<PatchOperation>();
        if (!parameters.TryGetProperty("parameter"u8, out var all) || all.ValueKind != JsonValueKind.Array)
        {
            throw new FhirProblem(400, "required", "A FHIRPath Patch has a parameter for each operation.", "Parameters.parameter");
        }

        foreach (var parameter in all.EnumerateArray())
        {
            var place = FormattableString.Invariant($"Parameters.parameter[{operations.Count}]");
            if (operations.Count == MaxOperations)
            {
                throw new FhirProblem(413, "too-long", $"A patch has at most {MaxOperations} operations here.", place);
            }

            if (JsonBody.TextOf(parameter, "name"u8) != "operation")
            {
                throw new FhirProblem(400, "invalid", "The parameters of a FHIRPath Patch are named operation.", place + ".name");
            }

            operations.Add(PatchOperation.Read(parameter, place));
        }

        return new FhirPathPatch(operations);
    }

    public ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> resource)
    {
        var root = JsonNode.Parse(resource.Span) as JsonObject ?? throw new FhirProblem(422, "structure", "Only a resource can be patched.");
        foreach (var operation in _operations)
        {
            try
            {
                operation.Apply(root);
            }
            catch (FhirProblem problem)
            {
                throw problem.Within(operation.Place);
            }
        }

        return PatchedJson.Write(root);
    }
}
