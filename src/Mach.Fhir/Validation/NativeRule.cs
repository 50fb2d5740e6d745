using System.Runtime.InteropServices;
using System.Text.Json;
using Mach.Fhir.Definitions;

namespace Mach.Fhir.Validation;

/// <summary>Rules that are met so often that they are written in C#. A test holds them against their FHIRPath.</summary>
internal sealed class NativeRule : Rule
{
    private static readonly Dictionary<string, Func<JsonElement, Walk, bool>> Known = new(StringComparer.Ordinal)
    {
        ["per-1"] = (period, _) => PeriodOrder.Holds(period),
        ["sqty-1"] = (quantity, _) => quantity.ValueKind != JsonValueKind.Object || !(quantity.TryGetProperty("comparator"u8, out var _) || quantity.TryGetProperty("_comparator"u8, out var _)),
        // What is contained is told by its container's narrative.
        ["dom-6"] = (resource, walk) => walk.IsContained || resource.TryGetProperty("text"u8, out var text) && text.ValueKind == JsonValueKind.Object && text.TryGetProperty("div"u8, out var _),
        // "Boolean" of the expression is meant to be the FHIR type, and engines differ about it.
        ["que-7"] = (condition, _) => JsonText.Find(condition, "operator"u8) != "exists" || condition.TryGetProperty("answerBoolean"u8, out var _),
        ["obs-7"] = (observation, _) => ValueBesideComponents(observation),
    };

    private readonly Func<JsonElement, Walk, bool> _holds;

    private NativeRule(Invariant invariant, Func<JsonElement, Walk, bool> holds)
        : base(invariant) => _holds = holds;

    public static NativeRule? Find(Invariant invariant) => Known.TryGetValue(invariant.Key, out var holds) ? new NativeRule(invariant, holds) : null;

    public override bool Holds(scoped in ObjectView view, Walk walk, JsonElement companion) => _holds(view.Value, walk);

    /// <summary>obs-7: an observation with a value has no component with the same code.</summary>
    private static bool ValueBesideComponents(JsonElement observation)
    {
        if (!observation.TryGetProperty("component"u8, out var components) || components.ValueKind != JsonValueKind.Array || !HasValue(observation)
            || Codings(observation) is not { } own)
        {
            return true;
        }

        foreach (var component in components.EnumerateArray())
        {
            if (component.ValueKind == JsonValueKind.Object && Codings(component) is { } theirs && theirs.EnumerateArray().Any(t => own.EnumerateArray().Any(o => JsonElement.DeepEquals(o, t))))
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasValue(JsonElement observation)
    {
        foreach (var property in observation.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(property);
            if (name.StartsWith("value"u8) || name.StartsWith("_value"u8))
            {
                return true;
            }
        }

        return false;
    }

    private static JsonElement? Codings(JsonElement owner) =>
        owner.TryGetProperty("code"u8, out var code) && code.ValueKind == JsonValueKind.Object && code.TryGetProperty("coding"u8, out var codings) && codings.ValueKind == JsonValueKind.Array ? codings : null;
}
