using System.Text.Json;
using Mach.Intake.Mapping.Tree;
using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Mapping.Tables;

/// <summary>GIA_TRI and DON_VI_DO as Observation.value: a quantity when the text is a number, else the text.</summary>
internal sealed class ValueNode(BhytTable table) : Node
{
    /// <summary>Marks a quantity whose unit stood in GIA_TRI and not in DON_VI_DO.</summary>
    private const string GluedId = "GIA_TRI";

    private static readonly Transform s_form = new MeasuredForm();
    private static readonly JsonEncodedText s_quantity = JsonEncodedText.Encode("valueQuantity");
    private static readonly JsonEncodedText s_string = JsonEncodedText.Encode("valueString");
    private static readonly JsonEncodedText s_id = JsonEncodedText.Encode("id");
    private static readonly JsonEncodedText s_value = JsonEncodedText.Encode("value");
    private static readonly JsonEncodedText s_comparator = JsonEncodedText.Encode("comparator");
    private static readonly JsonEncodedText s_unit = JsonEncodedText.Encode("unit");
    private static readonly JsonEncodedText s_ucum = JsonEncodedText.Encode("http://unitsofmeasure.org");

    private readonly int _value = table.IndexOf("GIA_TRI");
    private readonly int _unit = table.IndexOf("DON_VI_DO");

    public override void Write(Pen pen)
    {
        var text = pen.Row[_value];
        var unit = pen.Row[_unit];
        if (string.IsNullOrWhiteSpace(text))
        {
            pen.Inexact |= UInt128.One << _value | UInt128.One << _unit;
            return;
        }

        Span<char> digits = stackalloc char[24];
        if (!MeasuredValue.TryParse(text, unit, out var value) || DecimalForm.Canonical(value.Digits, digits) is not (var length and > 0))
        {
            pen.String(s_string, text);
            pen.Inexact |= UInt128.One << _unit;
            return;
        }

        var quantity = pen.BeginObject(s_quantity);
        var glued = string.IsNullOrWhiteSpace(unit) && !value.Unit.IsEmpty;
        if (glued)
        {
            pen.String(s_id, GluedId);
        }

        pen.Digits(s_value, digits[..length]);
        if (value.Comparator is { } comparator)
        {
            pen.String(s_comparator, comparator);
        }

        WriteUnit(pen, glued ? value.Unit : unit);
        pen.EndObject(quantity);
        if (!IsExact(text, value.Comparator, digits[..length]))
        {
            pen.Inexact |= UInt128.One << _value;
        }

        if (string.IsNullOrWhiteSpace(unit))
        {
            pen.Inexact |= UInt128.One << _unit;
        }
    }

    public override void Read(JsonElement parent, RowReader reader)
    {
        if (parent.TryGetProperty(s_string.EncodedUtf8Bytes, out var text))
        {
            reader.Native(_value, text.GetString()!);
        }
        else if (parent.TryGetProperty(s_quantity.EncodedUtf8Bytes, out var quantity))
        {
            var comparator = quantity.TryGetProperty(s_comparator.EncodedUtf8Bytes, out var sign) ? sign.GetString() : "";
            reader.Native(_value, comparator + quantity.GetProperty(s_value.EncodedUtf8Bytes).GetRawText());
            if (!quantity.TryGetProperty(s_id.EncodedUtf8Bytes, out _) && quantity.TryGetProperty(s_unit.EncodedUtf8Bytes, out var unit))
            {
                reader.Native(_unit, unit.GetString()!);
            }
        }
    }

    public override void Describe(string path, ICollection<Mention> into)
    {
        into.Add(new Mention(_value, path + ".value[x]", s_form));
        into.Add(new Mention(_unit, path + ".valueQuantity.unit", Shape.AsSent));
    }

    private static bool IsExact(string text, string? comparator, ReadOnlySpan<char> digits)
    {
        var start = comparator?.Length ?? 0;
        return text.Length == start + digits.Length && text.AsSpan(0, start).SequenceEqual(comparator) && text.AsSpan(start).SequenceEqual(digits);
    }

    private static void WriteUnit(Pen pen, ReadOnlySpan<char> unit)
    {
        if (unit.IsWhiteSpace())
        {
            return;
        }

        pen.String(s_unit, unit);
        if (Units.Ucum(unit) is { } code)
        {
            pen.String(FhirParts.System, s_ucum);
            pen.String(FhirParts.CodeName, code);
        }
    }

    private sealed class MeasuredForm : Transform
    {
        public override string Vi => "số (kể cả dấu phẩy, <, >) → valueQuantity; chữ → valueString";
        public override string En => "number (decimal comma, <, > too) → valueQuantity; words → valueString";

        public override bool Write(Pen pen, JsonEncodedText name, string value) => false;

        public override string? Read(JsonElement element) => null;
    }
}
