using System.Text.Json;

namespace Mach.Fhir.Types;

/// <summary>A typed look at JSON: nothing is copied or checked, and what is missing or of another kind reads as null.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
/// <remarks>The types are written by tools/Mach.Definitions from the definitions of FHIR R4 4.0.1; Mach.Fhir.Validation says whether JSON is valid.</remarks>
public interface IFhir<TSelf>
    where TSelf : struct, IFhir<TSelf>
{
    /// <summary>Name in the standard: "Quantity", "Patient"; a backbone's is its path.</summary>
    static abstract string TypeName { get; }

    static abstract TSelf Of(JsonElement json);

    JsonElement Json { get; }
}

/// <summary>A resource.</summary>
public interface IFhirResource<TSelf> : IFhir<TSelf>
    where TSelf : struct, IFhirResource<TSelf>;

/// <summary>What all types have.</summary>
public static class FhirElements
{
    extension<T>(T value)
        where T : struct, IFhir<T>
    {
        public string? Id => value.Json.Text("id"u8);

        public Many<Extension> Extension => value.Json.Many<Extension>("extension"u8);

        public Many<Extension> ModifierExtension => value.Json.Many<Extension>("modifierExtension"u8);
    }

    extension<T>(T resource)
        where T : struct, IFhirResource<T>
    {
        public Meta? Meta => resource.Json.One<Meta>("meta"u8);

        public string? Language => resource.Json.Text("language"u8);

        public string? ImplicitRules => resource.Json.Text("implicitRules"u8);

        public Narrative? Text => resource.Json.One<Narrative>("text"u8);

        public Many<AnyResource> Contained => resource.Json.Many<AnyResource>("contained"u8);
    }
}
