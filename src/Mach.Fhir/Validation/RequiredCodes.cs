using System.Text.Json;
using System.Text.RegularExpressions;
using Mach.Fhir.Definitions;
using Mach.Fhir.Units;

namespace Mach.Fhir.Validation;

/// <summary>The codes of a required binding.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/terminologies.html#required. Media types, currencies and units are checked by their own standards.</remarks>
internal sealed partial class RequiredCodes
{
    private readonly KnownValueSet? _set;
    private readonly Func<string, bool>? _form;
    private readonly string _name;

    private RequiredCodes(string url)
    {
        _set = ValueSets.Find(url);
        _name = _set?.Name ?? url;
        _form = url switch
        {
            "http://hl7.org/fhir/ValueSet/mimetypes" => IsMediaType,
            "http://hl7.org/fhir/ValueSet/currencies" => Currencies.Contains,
            "http://hl7.org/fhir/ValueSet/ucum-units" => Ucum.IsValid,
            _ => null,
        };
    }

    /// <summary>Null for an element whose codes nobody here can know.</summary>
    public static RequiredCodes? Of(ElementDefinition element)
    {
        var codes = new RequiredCodes(element.Binding!.ValueSet);
        return codes._set is null && codes._form is null ? null : codes;
    }

    public void CheckCode(string code, Walk walk)
    {
        if (!Contains(null, code))
        {
            walk.CodeInvalid("The code is not in the required value set " + _name + ".");
        }
    }

    /// <summary>A Coding, a CodeableConcept (one of its codings is enough), or a Quantity (its unit).</summary>
    public void Check(JsonElement value, TypeDefinition type, Walk walk)
    {
        var isKnown = type.Name switch
        {
            "Coding" or "Quantity" => Holds(value),
            "CodeableConcept" => value.TryGetProperty("coding"u8, out var codings) && codings.ValueKind == JsonValueKind.Array && codings.EnumerateArray().Any(Holds),
            _ => true,
        };
        // An extension may say why there is no code (data-absent-reason).
        if (!isKnown && !value.TryGetProperty("extension"u8, out _))
        {
            walk.CodeInvalid("A code of the required value set " + _name + " is needed.");
        }
    }

    private bool Holds(JsonElement coding) =>
        JsonText.Find(coding, "code"u8) is { } code && Contains(JsonText.Find(coding, "system"u8) ?? "", code);

    private bool Contains(string? system, string code) => _set is null ? _form!(code) : _set.Contains(system, code) != false;

    /// <summary>type/subtype with parameters, or the short names that the specification's own resources use for formats.</summary>
    private static bool IsMediaType(string code) => code is "xml" or "json" or "ttl" or "turtle" or "none" || MediaType().IsMatch(code);

    /// <remarks>Source: https://www.rfc-editor.org/rfc/rfc2045#section-5.1.</remarks>
    [GeneratedRegex(@"^[A-Za-z0-9!#$%&'*+.^_`|~-]+/[A-Za-z0-9!#$%&'*+.^_`|~-]+\s*(;.*)?$", RegexOptions.CultureInvariant)]
    private static partial Regex MediaType();
}
