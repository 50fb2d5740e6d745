using System.Text.Json;

namespace Mach.Fhir.Types;

/// <summary>A resource whose type is not known beforehand: contained, or an entry of a Bundle.</summary>
public readonly struct AnyResource(JsonElement json) : IFhirResource<AnyResource>
{
    public static string TypeName => "Resource";

    public JsonElement Json => json;

    public string? ResourceType => json.Text("resourceType"u8);

    public static AnyResource Of(JsonElement json) => new(json);

    /// <summary>The resource as a type; null when it is another.</summary>
    public T? As<T>()
        where T : struct, IFhirResource<T> =>
        ResourceType == T.TypeName ? T.Of(json) : null;
}
