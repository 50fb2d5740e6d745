using System.Buffers;
using System.Text.Json;
using Mach.Fhir.Definitions;
using Mach.Store;

namespace Mach.FhirApi.Presentation;

/// <summary>Which part of each resource an answer shows (<c>_summary</c>, <c>_elements</c>). What stays is copied byte for byte.</summary>
/// <remarks>
/// Source: http://hl7.org/fhir/R4/search.html#summary, #elements, which does not say what both together mean. Here both narrow:
/// an element is shown when <c>_elements</c> names it and <c>_summary</c> lets it through. Elements that must be there stay, so that what is shown is valid; it is tagged SUBSETTED.
/// </remarks>
internal sealed class ResourceShape
{
    public const string Summary = "_summary";
    public const string Elements = "_elements";

    private const string Subsetted = """{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}""";

    private readonly string _summary;
    private readonly HashSet<string>? _elements;

    private ResourceShape(string summary, HashSet<string>? elements) => (_summary, _elements) = (summary, elements);

    public static ResourceShape Whole { get; } = new("false", null);

    /// <summary>Only the number of resources is asked for.</summary>
    public bool IsCount => _summary == "count";

    public bool IsWhole => _elements is null && _summary is "false" or "count";

    /// <exception cref="FhirProblem">400: <c>_summary</c> is none of its five words.</exception>
    public static ResourceShape Of(IEnumerable<KeyValuePair<string, string>> asked)
    {
        var (summary, elements) = ("false", (HashSet<string>?)null);
        foreach (var (name, value) in asked)
        {
            if (name == Summary && value.Length > 0)
            {
                summary = value is "true" or "false" or "text" or "data" or "count"
                    ? value
                    : throw new FhirProblem(400, "invalid", $"_summary is true, false, text, data or count, not {FhirCall.Shorten(value)}.", Summary);
            }
            else if (name == Elements)
            {
                (elements ??= new(StringComparer.Ordinal)).UnionWith(value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
            }
        }

        return summary == "false" && elements is not { Count: > 0 } ? Whole : new ResourceShape(summary, elements is { Count: > 0 } ? elements : null);
    }

    /// <summary>Writes the part of a stored version that is shown, with its meta.</summary>
    public void Write(StoredResource resource, IBufferWriter<byte> output)
    {
        if (IsWhole || R4.Find(resource.Type) is not { } type)
        {
            resource.WriteTo(output);
            return;
        }

        using var whole = new PooledBuffer();
        resource.WriteTo(whole);
        Cut(whole.Written.Span, type, output);
    }

    /// <summary>The same of a resource that was made here.</summary>
    public void Write(string type, ReadOnlySpan<byte> body, IBufferWriter<byte> output)
    {
        if (IsWhole || R4.Find(type) is not { } definition)
        {
            output.Write(body);
            return;
        }

        Cut(body, definition, output);
    }

    private void Cut(ReadOnlySpan<byte> body, TypeDefinition type, IBufferWriter<byte> output)
    {
        var reader = new Utf8JsonReader(body);
        reader.Read();
        output.Write("{"u8);
        var (any, tagged) = (false, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            var name = reader.ValueSpan;
            var (isMeta, keep) = (name.SequenceEqual("meta"u8), Keeps(name, type, out var inside));
            reader.Read();
            var value = (int)reader.TokenStartIndex;
            if (keep)
            {
                output.Write(any ? ","u8 : ""u8);
                output.Write(body[start..value]);
                any = true;
            }

            if (keep && isMeta)
            {
                WriteMeta(body, ref reader, output);
                tagged = true;
            }
            else if (keep && inside is not null && _summary == "true")
            {
                SummaryCut.Write(body, ref reader, inside, output);
            }
            else
            {
                reader.Skip();
                output.Write(keep ? body[value..(int)reader.BytesConsumed] : default);
            }
        }

        output.Write(tagged ? "}"u8 : System.Text.Encoding.UTF8.GetBytes($",\"meta\":{{\"tag\":[{Subsetted}]}}}}"));
    }

    /// <param name="inside">Type of the value, when it has parts.</param>
    private bool Keeps(ReadOnlySpan<byte> name, TypeDefinition type, out TypeDefinition? inside)
    {
        inside = null;
        if (name.SequenceEqual("resourceType"u8))
        {
            return true;
        }

        if (!type.TryProperty(name is [(byte)'_', ..] ? name[1..] : name, out var element, out var reference))
        {
            return false;
        }

        inside = name is [(byte)'_', ..] || reference.Definition.Kind is TypeKind.Primitive or TypeKind.Resource ? null : reference.Definition;
        if (element.Name is "id" or "meta" || element.Min > 0)
        {
            return true;
        }

        var (inSummary, isAsked) = (_summary switch
        {
            "text" => element.Name == "text",
            "data" => element.Name != "text",
            "true" => element.IsSummary,
            _ => true,
        }, _elements is null || element.Name == "implicitRules" || IsAsked(element, type));
        return inSummary && isAsked;
    }

    // "name", "Patient.name" and what lies deeper ("name.family") all show the whole element.
    private bool IsAsked(ElementDefinition element, TypeDefinition type)
    {
        foreach (var asked in _elements!)
        {
            var own = asked.StartsWith(type.Name + ".", StringComparison.Ordinal) ? asked.AsSpan(type.Name.Length + 1) : asked;
            var end = own.IndexOfAny('.', '[');
            if ((end < 0 ? own : own[..end]).SequenceEqual(element.Name))
            {
                return true;
            }
        }

        return false;
    }

    // The reader stands on the brace of meta and is left on its end.
    private static void WriteMeta(ReadOnlySpan<byte> body, ref Utf8JsonReader reader, IBufferWriter<byte> output)
    {
        var (from, tagged) = ((int)reader.TokenStartIndex, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isTag = reader.ValueTextEquals("tag"u8);
            reader.Read();
            if (isTag && reader.TokenType == JsonTokenType.StartArray)
            {
                var first = (int)reader.BytesConsumed;
                output.Write(body[from..first]);
                output.Write(System.Text.Encoding.UTF8.GetBytes(Subsetted));
                output.Write(body[first..].TrimStart(" \t\r\n"u8) is [(byte)']', ..] ? ""u8 : ","u8);
                (from, tagged) = (first, true);
            }

            reader.Skip();
        }

        var end = (int)reader.BytesConsumed;
        output.Write(body[from..(end - 1)]);
        if (!tagged)
        {
            output.Write(System.Text.Encoding.UTF8.GetBytes($",\"tag\":[{Subsetted}]"));
        }

        output.Write("}"u8);
    }
}
