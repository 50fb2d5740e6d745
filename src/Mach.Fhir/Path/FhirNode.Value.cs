using System.Text.Json;
using Mach.Fhir.Definitions;

namespace Mach.Fhir.Path;

public sealed partial class FhirNode
{
    private const string UcumSystem = "http://unitsofmeasure.org";

    /// <summary>
    /// The value as the language has it: bool, int, long, decimal, string, <see cref="Moment"/> or <see cref="PathQuantity"/>.
    /// Null when there is none: an element with elements of its own, or a primitive without a value or with one that is not of its type.
    /// </summary>
    /// <remarks>Source: http://hl7.org/fhir/R4/fhirpath.html#types, the table of implicit conversions.</remarks>
    public object? SystemValue
    {
        get
        {
            if (ReferenceEquals(_system, NotRead))
            {
                _system = Type is { Kind: not TypeKind.Primitive } ? ReadQuantity() : ReadPrimitive();
            }

            return _system;
        }
    }

    /// <summary>A primitive with a value: http://hl7.org/fhir/R4/fhirpath.html#functions.</summary>
    internal bool HasValue => IsSystem || (_json.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False && Type is null or { Kind: TypeKind.Primitive });

    /// <summary>A primitive, with or without a value.</summary>
    internal bool IsPrimitive => Type is null ? Container.ValueKind != JsonValueKind.Object : Type.Kind == TypeKind.Primitive;

    internal bool IsQuantity => Type is { Kind: TypeKind.Complex } && Type.IsA("Quantity");

    /// <summary>The JSON string, not its text: comparing needs no copy.</summary>
    internal bool IsJsonText => _json.ValueKind == JsonValueKind.String && Type is null or { Kind: TypeKind.Primitive, Name: not ("date" or "dateTime" or "instant" or "time") } && !IsSystem;

    private object? ReadPrimitive() => _json.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => Numbers.Read(_json, Type is null ? !System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(_json).ContainsAny((byte)'.', (byte)'e', (byte)'E') : Type.Name != "decimal"),
        JsonValueKind.String => ReadText(),
        _ => null,
    };

    private object? ReadText()
    {
        string text;
        try
        {
            text = _json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a pair of surrogates: JSON's grammar lets it through, and it is no text.
            return null;
        }

        Moment? moment;
        return Type?.Name switch
        {
            "date" => Moment.TryParse(text, MomentKind.Date, out moment) ? moment : null,
            "dateTime" or "instant" => !text.EndsWith('T') && Moment.TryParse(text, MomentKind.DateTime, out moment) ? moment : null,
            "time" => Moment.TryParse(text, MomentKind.Time, out moment) ? moment : null,
            _ => text,
        };
    }

    /// <summary>Null with a comparator: "more than 5 mg" is no quantity of the language.</summary>
    private PathQuantity? ReadQuantity()
    {
        if (!IsQuantity || _json.ValueKind != JsonValueKind.Object || _json.TryGetProperty("comparator"u8, out _)
            || !_json.TryGetProperty("value"u8, out var value) || value.ValueKind != JsonValueKind.Number || !value.TryGetDecimal(out var number))
        {
            return null;
        }

        var (code, unit) = (Text("code"u8), Text("unit"u8));
        if (code is null || Text("system"u8) != UcumSystem)
        {
            return new PathQuantity(number, unit ?? code ?? "1");
        }

        return code switch
        {
            "a" => new PathQuantity(number, "year", true),
            "mo" => new PathQuantity(number, "month", true),
            _ => new PathQuantity(number, code),
        };
    }

    private string? Text(ReadOnlySpan<byte> name) => _json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
