using System.Runtime.InteropServices;
using System.Text.Json;

namespace Mach.Fhir.Search;

public static partial class IndexExtractor
{
    private static void AddToken(SearchParameter parameter, JsonElement element, IndexKeys keys)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                Add(keys, parameter.Number, "|" + element.GetString());
                break;
            case JsonValueKind.True:
                Add(keys, parameter.Number, "|true");
                break;
            case JsonValueKind.False:
                Add(keys, parameter.Number, "|false");
                break;
            case JsonValueKind.Object when element.TryGetProperty("coding"u8, out var codings):
                if (codings.ValueKind == JsonValueKind.Array)
                {
                    foreach (var coding in codings.EnumerateArray())
                    {
                        AddCoded(parameter, coding, "code"u8, keys);
                    }
                }

                break;
            case JsonValueKind.Object:
                // Coding has a code; Identifier and ContactPoint have a value.
                AddCoded(parameter, element, "code"u8, keys);
                AddCoded(parameter, element, "value"u8, keys);
                break;
        }
    }

    private static void AddCoded(SearchParameter parameter, JsonElement element, ReadOnlySpan<byte> property, IndexKeys keys)
    {
        if (element.ValueKind != JsonValueKind.Object || Text(element, property) is not { } code)
        {
            return;
        }

        Add(keys, parameter.Number, "|" + code);
        if (!element.TryGetProperty("system"u8, out var system) || system.ValueKind != JsonValueKind.String)
        {
            return;
        }

        if (parameter.Indexing == SearchIndexing.Full)
        {
            Add(keys, parameter.Number, string.Concat(system.GetString(), "|", code));
        }

        // One row more for each code of ICD-10: its category, so that a category, group or chapter finds what is below it.
        var raw = JsonMarshal.GetRawUtf8Value(system)[1..];
        if ((raw.StartsWith("http://hl7.org/fhir/sid/icd-10"u8) || raw.Contains((byte)'\\')) && Icd10Hierarchy.Knows(system.GetString()!) && Icd10Hierarchy.TryParse(code, out var place))
        {
            Add(keys, parameter.Number, place.Key);
        }
    }

    private static void AddPhone(short number, JsonElement element, IndexKeys keys)
    {
        if (element.ValueKind == JsonValueKind.Object && Text(element, "value"u8) is { } value)
        {
            Add(keys, number, "|" + SearchText.Phone(value));
        }
    }

    /// <summary>The address itself, so that a beginning of it finds it too.</summary>
    private static void AddUri(short number, JsonElement element, IndexKeys keys)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            AddString(number, SearchText.CutUri(element.GetString()!), keys);
        }
    }

    /// <summary>Only presence has a row: absence is what most have, and is found by the recheck.</summary>
    private static void AddPresence(SearchParameter parameter, JsonElement resource, IndexKeys keys)
    {
        if (SearchMatcher.IsPresent(resource, parameter.Compiled[0].Steps[0].Name))
        {
            Add(keys, parameter.Number, "|true");
        }
    }

    private static bool AddDate(SearchParameter parameter, JsonElement element, IndexKeys keys)
    {
        if (!DateRange.TryRead(element, out var range))
        {
            return false;
        }

        var number = parameter.DateNumber(range.Low, range.High);
        for (var i = 0; i < keys.Dates.Count; i++)
        {
            if (keys.Dates[i].Parameter == number && keys.Dates[i].Low == range.Low)
            {
                keys.Dates[i] = (number, range.Low, Math.Max(keys.Dates[i].High, range.High));
                return true;
            }
        }

        keys.Dates.Add((number, range.Low, range.High));
        return true;
    }

    /// <summary>A row at each end of what the value stands for; when the ends differ, one more that says so.</summary>
    private static void AddQuantity(short number, JsonElement element, IndexKeys keys)
    {
        if (!QuantityRange.TryRead(element, out var range))
        {
            return;
        }

        AddEnds(number, QuantityKeys.AnyUnit, range.Low, range.High, keys);
        if (range.TryCanonical(out var unit, out var low, out var high))
        {
            AddEnds(number, QuantityKeys.Canonical(unit), low, high, keys);
        }
    }

    private static void AddEnds(short number, string unit, double low, double high, IndexKeys keys)
    {
        AddRow(keys, number, unit, low);
        if (high != low)
        {
            AddRow(keys, number, unit, high);
            AddRow(keys, number, QuantityKeys.Wide(unit), low);
        }
    }

    private static void AddRow(IndexKeys keys, short number, string unit, double value)
    {
        var row = (number, unit, QuantityKeys.Bounded(value));
        if (!keys.Quantities.Contains(row))
        {
            keys.Quantities.Add(row);
        }
    }

    private static void AddReference(SearchParameter parameter, JsonElement element, IndexKeys keys)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            Add(keys, parameter.Number, "|" + ReferenceText.WithoutVersion(element.GetString()!));
            return;
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        if (ReferenceText.TryTarget(element, out var type, out var id))
        {
            if (parameter.Targets.Count == 0 || parameter.Targets.Contains(type))
            {
                var row = (parameter.Number, type, id);
                if (!keys.References.Contains(row))
                {
                    keys.References.Add(row);
                }
            }
        }
        else if (Text(element, "reference"u8) is [not '#', ..] elsewhere)
        {
            Add(keys, parameter.Number, "|" + ReferenceText.WithoutVersion(elsewhere));
        }

        if (element.TryGetProperty("identifier"u8, out var identifier) && identifier.ValueKind == JsonValueKind.Object && Text(identifier, "value"u8) is { } value)
        {
            Add(keys, parameter.Number, ReferenceText.IdentifierKey("", value));
            if (Text(identifier, "system"u8) is { } system)
            {
                Add(keys, parameter.Number, ReferenceText.IdentifierKey(system, value));
            }
        }
    }

    /// <summary>A local literal reference "Type/id", also with a version behind it.</summary>
    private static bool TryReference(JsonElement element, out string type, out string id)
    {
        type = id = "";
        return element.ValueKind == JsonValueKind.Object && Text(element, "reference"u8) is { } text && LocalReference.TryParse(text, out type, out id);
    }

    private static void Add(IndexKeys keys, short number, string key)
    {
        foreach (var (known, text) in keys.Tokens)
        {
            if (known == number && text == key)
            {
                return;
            }
        }

        keys.Tokens.Add((number, key));
    }

    private static string? Text(JsonElement element, ReadOnlySpan<byte> name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The items of an array; a single value (not legal FHIR, but seen) is one item.</summary>
    private static List<JsonElement> Items(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray()] : [element];
}
