using System.Buffers;
using System.Text.Json;
using Mach.Fhir.Definitions;

namespace Mach.FhirApi.Presentation;

/// <summary>Inside a value of a summary, only parts that the definitions count as summary (or that must be there) stay.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.isSummary.</remarks>
internal static class SummaryCut
{
    /// <summary>The reader stands on the value and is left on its end.</summary>
    public static void Write(ReadOnlySpan<byte> body, ref Utf8JsonReader reader, TypeDefinition type, IBufferWriter<byte> output)
    {
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            output.Write("["u8);
            for (var any = false; reader.Read() && reader.TokenType != JsonTokenType.EndArray; any = true)
            {
                output.Write(any ? ","u8 : ""u8);
                Write(body, ref reader, type, output);
            }

            output.Write("]"u8);
        }
        else if (reader.TokenType == JsonTokenType.StartObject && type.Elements.Any(e => e.IsSummary || e.Min > 0))
        {
            WriteObject(body, ref reader, type, output);
        }
        else
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            output.Write(body[start..(int)reader.BytesConsumed]);
        }
    }

    private static void WriteObject(ReadOnlySpan<byte> body, ref Utf8JsonReader reader, TypeDefinition type, IBufferWriter<byte> output)
    {
        output.Write("{"u8);
        var any = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            var name = reader.ValueSpan;
            var shadow = name is [(byte)'_', ..];
            var keep = type.TryProperty(shadow ? name[1..] : name, out var element, out var reference) && (element.IsSummary || element.Min > 0);
            reader.Read();
            var value = (int)reader.TokenStartIndex;
            if (!keep)
            {
                reader.Skip();
                continue;
            }

            output.Write(any ? ","u8 : ""u8);
            output.Write(body[start..value]);
            any = true;
            if (shadow || reference.Definition.Kind is TypeKind.Primitive or TypeKind.Resource)
            {
                reader.Skip();
                output.Write(body[value..(int)reader.BytesConsumed]);
            }
            else
            {
                Write(body, ref reader, reference.Definition, output);
            }
        }

        output.Write("}"u8);
    }
}
