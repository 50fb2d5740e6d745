using System.Text;
using System.Text.Json;
using Mach.Fhir.Definitions;

namespace Mach.Fhir.Validation;

/// <summary>Contained resources and what refers to them.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/references.html#contained and the rules dom-2 to dom-5 of http://hl7.org/fhir/R4/domainresource.html.</remarks>
internal sealed partial class Walk
{
    /// <summary>Remembers "#id": the contained resource is referred to. "#" in a contained resource is its container.</summary>
    private void Fragment(ReadOnlySpan<byte> text)
    {
        if (text.Length == 1)
        {
            _scope.NamesContainer = true;
            return;
        }

        (_scope.Root.Fragments ??= new HashSet<string>(StringComparer.Ordinal)).Add(Encoding.UTF8.GetString(text[1..]));
    }

    /// <summary>Looked at when the whole root was walked, because references may stand anywhere in it.</summary>
    private void ContainedRules()
    {
        foreach (var (contained, index) in _scope.Contained ?? [])
        {
            Enter("contained", index);
            var resource = contained.Resource;
            if (resource.TryGetProperty("contained"u8, out _))
            {
                Broken(Root("dom-2"));
            }

            if (!contained.NamesContainer && JsonText.Find(resource, "id"u8) is { } id && _scope.Fragments?.Contains(id) != true)
            {
                Broken(Root("dom-3"));
            }

            if (resource.TryGetProperty("meta"u8, out var meta) && meta.ValueKind == JsonValueKind.Object)
            {
                if (Has(meta, "versionId"u8, "_versionId"u8) || Has(meta, "lastUpdated"u8, "_lastUpdated"u8))
                {
                    Broken(Root("dom-4"));
                }

                if (meta.TryGetProperty("security"u8, out _))
                {
                    Broken(Root("dom-5"));
                }
            }

            Leave();
        }
    }

    private static bool Has(JsonElement element, ReadOnlySpan<byte> name, ReadOnlySpan<byte> companion) =>
        element.TryGetProperty(name, out _) || element.TryGetProperty(companion, out _);

    private static Invariant Root(string key) => R4.Get("DomainResource").Invariants.First(i => i.Key == key);
}
