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

    private static void AddCoded(SearchParameter parameter, JsonElement element, ReadOnlySpan<byte> name, IndexKeys keys)
    {
        if (element.ValueKind != JsonValueKind.Object || Text(element, name) is not { } code)
        {
            return;
        }

        Add(keys, parameter.Number, "|" + code);
        if (parameter.Indexing == SearchIndexing.Full && Text(element, "system"u8) is { } system)
        {
            Add(keys, parameter.Number, string.Concat(system, "|", code));
        }
    }

    private static void AddPhone(short number, JsonElement element, IndexKeys keys)
    {
        if (element.ValueKind == JsonValueKind.Object && Text(element, "value"u8) is { } value)
        {
            Add(keys, number, "|" + SearchText.Phone(value));
        }
    }

    private static void AddUri(short number, JsonElement element, IndexKeys keys)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            Add(keys, number, "|" + element.GetString());
        }
    }

    private static void AddDate(SearchParameter parameter, JsonElement element, IndexKeys keys)
    {
        if (!DateRange.TryRead(element, out var range))
        {
            return;
        }

        var number = parameter.DateNumber(range.Low, range.High);
        if (number == parameter.Number && parameter is { IsPrimaryDate: true, Indexing: SearchIndexing.Bare })
        {
            // A short primary date stands in the keys of the other rows already.
            return;
        }

        for (var i = 0; i < keys.Dates.Count; i++)
        {
            if (keys.Dates[i].Parameter == number && keys.Dates[i].Low == range.Low)
            {
                keys.Dates[i] = (number, range.Low, Math.Max(keys.Dates[i].High, range.High));
                return;
            }
        }

        keys.Dates.Add((number, range.Low, range.High));
    }

    private static void AddQuantity(short number, JsonElement element, IndexKeys keys)
    {
        if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("value"u8, out var value) && value.ValueKind == JsonValueKind.Number)
        {
            var row = (number, "", value.GetDouble());
            if (!keys.Quantities.Contains(row))
            {
                keys.Quantities.Add(row);
            }
        }
    }

    private static void AddReference(SearchParameter parameter, JsonElement element, IndexKeys keys)
    {
        if (TryReference(element, out var type, out var id) && (parameter.Targets.Count == 0 || parameter.Targets.Contains(type)))
        {
            var row = (parameter.Number, type, id);
            if (!keys.References.Contains(row))
            {
                keys.References.Add(row);
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
