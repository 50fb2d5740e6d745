using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Mach.Fhir.Validation;

/// <summary>Text of JSON strings as UTF-8, without a copy where nothing is escaped.</summary>
internal static class JsonText
{
    /// <summary>The content of a JSON string; false when it is not Unicode text (broken UTF-8, half a surrogate pair).</summary>
    public static bool TryRead(JsonElement element, out ReadOnlySpan<byte> text)
    {
        var raw = JsonMarshal.GetRawUtf8Value(element);
        text = raw[1..^1];
        if (text.IndexOf((byte)'\\') < 0)
        {
            return Utf8.IsValid(text);
        }

        try
        {
            text = Encoding.UTF8.GetBytes(element.GetString()!);
            return true;
        }
        catch (InvalidOperationException)
        {
            text = default;
            return false;
        }
    }

    /// <summary>The name of a property; false when it is not Unicode text.</summary>
    public static bool TryName(JsonProperty property, out ReadOnlySpan<byte> name)
    {
        name = JsonMarshal.GetRawUtf8PropertyName(property);
        if (name.IndexOf((byte)'\\') < 0)
        {
            return Utf8.IsValid(name);
        }

        try
        {
            name = Encoding.UTF8.GetBytes(property.Name);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The text of a string property; null when there is none, or it is no string or no text.</summary>
    public static string? Find(JsonElement element, ReadOnlySpan<byte> name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && TryRead(value, out var text)
            ? Encoding.UTF8.GetString(text)
            : null;
}
