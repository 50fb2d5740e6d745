using System.Text.Json;

namespace Mach.FhirApi.Patching;

internal sealed class FhirPathPatch : IPatch
{
    public static FhirPathPatch Parse(JsonElement parameters, string type) => throw new FhirProblem(400, "not-supported", parameters.ValueKind + type);

    public ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> resource) => resource;
}
