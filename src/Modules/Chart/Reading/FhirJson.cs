using System.Globalization;
using System.Text.Json;
using Mach.Kernel;
using Mach.Vietnam;

namespace Mach.Chart.Reading;

/// <summary>What the pages ask of a FHIR body. A missing or oddly shaped element is null, never an error: a record must open whatever it holds.</summary>
internal static class FhirJson
{
    public static string? Text(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
            ? value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
                _ => null,
            }
            : null;

    public static JsonElement? Child(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    /// <summary>The elements of an array; the element itself when it is not repeated; nothing when absent.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var value))
        {
            return [];
        }

        return value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [value];
    }

    public static JsonElement? First(this JsonElement element, string name)
    {
        foreach (var item in element.Items(name))
        {
            return item;
        }

        return null;
    }

    public static string? Date(this JsonElement element, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (element.Text(name) is { Length: > 0 } text)
            {
                return text;
            }
        }

        return null;
    }

    public static PartialDate? AsDate(this string? text) => text is not null && PartialDate.TryParseFhir(text, out var date) ? date : null;

    public static double? Number(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number)
            ? number
            : null;

    /// <summary>The code of a CodeableConcept, of one system when asked.</summary>
    public static string? ConceptCode(this JsonElement concept, string? system = null)
    {
        foreach (var coding in concept.Items("coding"))
        {
            if (system is null || coding.Text("system") == system)
            {
                return coding.Text("code");
            }
        }

        return null;
    }

    /// <summary>Id at the end of a literal reference: "Encounter/x" → "x".</summary>
    public static string? ReferenceId(this JsonElement element, string name) =>
        element.Child(name)?.Text("reference") is { } reference ? reference[(reference.LastIndexOf('/') + 1)..] : null;

    public static string? Source(this JsonElement resource) => resource.Child("meta")?.Text("source");

    /// <summary>Facility code: of the dossier it came in or the facility it was written for, else of the organization it names.</summary>
    public static string? FacilityCode(this JsonElement resource, string organization = "serviceProvider")
    {
        if (DossierUri.TryParse(resource.Source(), out var dossier))
        {
            return dossier.Facility;
        }

        if (WrittenUri.TryParse(resource.Source(), out var written))
        {
            return written.Facility;
        }

        return resource.ReferenceId(organization) is { } id && id.StartsWith("cskcb-", StringComparison.Ordinal) ? id[6..].ToUpperInvariant() : null;
    }

    /// <summary>A received field that has no place of its own in FHIR, kept as an extension of its row.</summary>
    public static string? Received(this JsonElement resource, string field)
    {
        foreach (var extension in resource.Items("extension"))
        {
            foreach (var part in extension.Items("extension"))
            {
                if (part.Text("url") == field)
                {
                    return part.Text("valueString") is { Length: > 0 } text ? text.Trim() : null;
                }
            }
        }

        return null;
    }

    /// <summary>A unit as clinicians write it: UCUM codes of vital signs become the usual signs.</summary>
    public static string? Unit(this JsonElement quantity) => (quantity.Text("unit") ?? quantity.Text("code")) switch
    {
        "Cel" => "°C",
        "mm[Hg]" => "mmHg",
        "/min" => Words.T["PerMinute"],
        var unit => unit,
    };

    /// <summary>"5.2 mmol/L", "&lt; 0.5", words as they stand; null when there is no value.</summary>
    public static string? Quantity(this JsonElement? quantity)
    {
        if (quantity is not { } q || q.Text("value") is not { } value)
        {
            return null;
        }

        var unit = q.Unit();
        var sign = q.Text("comparator") is { } comparator ? comparator + " " : "";
        return string.IsNullOrEmpty(unit) ? sign + value : string.Create(CultureInfo.InvariantCulture, $"{sign}{value} {unit}");
    }
}
