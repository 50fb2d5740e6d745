using System.Text;
using System.Text.Json;
using Mach.Fhir.Definitions;

namespace Mach.Fhir.Validation;

internal sealed partial class Walk
{
    /// <summary>One value of an element, or the companion of one.</summary>
    /// <param name="twin">The value of a companion, the companion of a value.</param>
    private void Item(JsonElement value, ElementPlan element, Property known, bool isCompanion, JsonElement twin)
    {
        var plan = element.Plan(known.TypeNumber);
        if (plan.Format != PrimitiveFormat.None && !isCompanion)
        {
            if (Primitive(value, plan.Format))
            {
                Code(value, element);
                ElementRules(value, element, plan, twin);
            }

            return;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            Structure(isCompanion ? "The id and the extensions of a primitive are a JSON object." : plan.Type.Name + " is a JSON object.");
            return;
        }

        if (plan.IsResource)
        {
            Nested(value, element.Definition, plan);
            return;
        }

        Object(value, plan, isCompanion ? twin : default);
        if (isCompanion)
        {
            return;
        }

        if (plan.Type.Name == "Reference")
        {
            Reference(value, known.Type);
        }

        element.Codes?.Check(value, plan.Type, this);
        ElementRules(value, element, plan, default);
    }

    /// <summary>A resource inside another: contained in it, or an entry of a Bundle or Parameters, which stands for itself.</summary>
    private void Nested(JsonElement value, ElementDefinition element, TypePlan plan)
    {
        if (!plan.Type.IsAbstract && TypeOf(value) is { } type && !type.IsA(plan.Type))
        {
            Structure("A resource of type " + plan.Type.Name + " is expected.");
        }

        if (element.Name != "contained" || !element.Owner.IsA("DomainResource"))
        {
            Resource(value, null);
            return;
        }

        var root = _scope.Root;
        if (_scope != root)
        {
            // dom-2 says what is wrong; what is inside is looked at as the root's own.
            Resource(value, root);
            return;
        }

        Resource(value, root, _steps[_depth - 1].Index);
    }

    private void Code(JsonElement value, ElementPlan element)
    {
        if (element.Codes is { } codes && value.ValueKind == JsonValueKind.String && JsonText.TryRead(value, out var text))
        {
            codes.CheckCode(Encoding.UTF8.GetString(text), this);
        }
    }

    /// <summary>The JSON kind and the format of a primitive; false when something is wrong.</summary>
    private bool Primitive(JsonElement value, PrimitiveFormat format)
    {
        var expected = format switch
        {
            PrimitiveFormat.Boolean => JsonValueKind.True,
            PrimitiveFormat.Integer or PrimitiveFormat.UnsignedInt or PrimitiveFormat.PositiveInt or PrimitiveFormat.Decimal => JsonValueKind.Number,
            _ => JsonValueKind.String,
        };
        if (value.ValueKind != expected && !(expected == JsonValueKind.True && value.ValueKind == JsonValueKind.False))
        {
            Structure(PrimitiveFormats.Name(format) + " is a JSON " + (expected == JsonValueKind.True ? "boolean." : expected == JsonValueKind.Number ? "number." : "string."));
            return false;
        }

        if (expected == JsonValueKind.Number)
        {
            return Number(value, format);
        }

        return expected == JsonValueKind.True || Text(value, format);
    }

    private bool Number(JsonElement value, PrimitiveFormat format)
    {
        if (format == PrimitiveFormat.Decimal)
        {
            return true;
        }

        var raw = System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(value);
        var least = format switch
        {
            PrimitiveFormat.PositiveInt => 1,
            PrimitiveFormat.UnsignedInt => 0,
            _ => int.MinValue,
        };
        if (raw.IndexOfAny(".eE"u8) < 0 && !raw.SequenceEqual("-0"u8) && value.TryGetInt32(out var number) && number >= least)
        {
            return true;
        }

        Value(PrimitiveFormats.Name(format) + " is a whole number from " + least + " to " + int.MaxValue + ".");
        return false;
    }

    private bool Text(JsonElement value, PrimitiveFormat format)
    {
        if (!JsonText.TryRead(value, out var text))
        {
            Value("The text is not Unicode.");
            return false;
        }

        if (text.IsEmpty)
        {
            Value("A value is never empty.");
            return false;
        }

        if (format == PrimitiveFormat.Xhtml)
        {
            return Narrative(Encoding.UTF8.GetString(text));
        }

        if (!PrimitiveFormats.IsValid(format, text))
        {
            Value(PrimitiveFormats.Explain(format));
            return false;
        }

        if (text.Length > PrimitiveFormats.LongestString && format is PrimitiveFormat.String or PrimitiveFormat.Markdown && Encoding.UTF8.GetCharCount(text) > PrimitiveFormats.LongestString)
        {
            Add(IssueSeverity.Error, "too-long", "A string has at most 1,048,576 characters.");
            return false;
        }

        if (text[0] == '#' && format is PrimitiveFormat.Uri or PrimitiveFormat.Url or PrimitiveFormat.Canonical)
        {
            Fragment(text);
        }

        return true;
    }

    private bool Narrative(string div)
    {
        var (wellFormed, allowed, hasContent) = Xhtml.Check(div);
        if (wellFormed is not null)
        {
            Value(wellFormed);
            return false;
        }

        if (allowed is not null)
        {
            Add(IssueSeverity.Error, "invariant", "The narrative SHALL contain only the basic html formatting elements and attributes: " + allowed, "txt-1");
        }

        if (!hasContent)
        {
            Add(IssueSeverity.Error, "invariant", "The narrative SHALL have some non-whitespace content", "txt-2");
        }

        return true;
    }
}
