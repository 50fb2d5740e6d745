using System.Text.Json;
using Mach.Fhir.Definitions;

namespace Mach.Fhir.Path.Functions;

/// <summary>memberOf, subsumes, subsumedBy.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/fhirpath.html#functions. What nobody here knows is empty.</remarks>
internal static class Codes
{
    public static Values MemberOf(in Call call)
    {
        if (call.Single is not { } node || call.Text(0) is not { } valueSet)
        {
            return default;
        }

        bool? result = false;
        foreach (var (system, code) in Read(node))
        {
            call.Frame.Count(1);
            switch (call.Frame.Context.MemberOf?.Invoke(system, code, valueSet) ?? ValueSets.Find(valueSet)?.Contains(system, code))
            {
                case true:
                    return Call.Of(true);
                case null:
                    result = null;
                    break;
            }
        }

        return Call.Of(result);
    }

    /// <param name="isTurned">The argument is the broader one.</param>
    public static Values Subsumes(in Call call, bool isTurned)
    {
        if (call.Single is not { } node || call.Argument(0).Single(call.Position) is not { } argument)
        {
            return default;
        }

        var (broader, narrower) = isTurned ? (argument, node) : (node, argument);
        bool? result = false;
        foreach (var (system, code) in Read(broader))
        {
            foreach (var (otherSystem, otherCode) in Read(narrower))
            {
                call.Frame.Count(1);
                switch (system == otherSystem ? Subsumes(system, code, otherCode) : false)
                {
                    case true:
                        return Call.Of(true);
                    case null:
                        result = null;
                        break;
                }
            }
        }

        return Call.Of(result);
    }

    private static bool? Subsumes(string? system, string broader, string narrower)
    {
        if (broader == narrower)
        {
            return true;
        }

        if (system is null || CodeSystems.Find(system) is not { } known || known.Find(broader) is null || known.Find(narrower) is not { } concept)
        {
            return null;
        }

        while (concept.Parent is { } parent)
        {
            if (parent.Code == broader)
            {
                return true;
            }

            concept = parent;
        }

        return false;
    }

    /// <summary>The codes of a code, a Coding or a CodeableConcept.</summary>
    private static IEnumerable<(string? System, string Code)> Read(FhirNode node)
    {
        if (node.SystemValue is string code)
        {
            return [(null, code)];
        }

        if (node.Json.ValueKind == JsonValueKind.Object && node.Json.TryGetProperty("coding"u8, out var codings))
        {
            return codings.ValueKind == JsonValueKind.Array ? codings.EnumerateArray().SelectMany(ReadCoding) : [];
        }

        return ReadCoding(node.Json);
    }

    private static IEnumerable<(string? System, string Code)> ReadCoding(JsonElement coding) =>
        coding.ValueKind == JsonValueKind.Object && coding.TryGetProperty("code"u8, out var code) && code.ValueKind == JsonValueKind.String
            ? [(coding.TryGetProperty("system"u8, out var system) && system.ValueKind == JsonValueKind.String ? system.GetString() : null, code.GetString()!)]
            : [];
}
