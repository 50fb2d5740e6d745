using System.Text.Json;

namespace Mach.Fhir.Types;

/// <summary>How the generated types read; null for what is missing or of another kind.</summary>
internal static class JsonReading
{
    public static string? Text(this JsonElement json, ReadOnlySpan<byte> name) =>
        Find(json, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static bool? Flag(this JsonElement json, ReadOnlySpan<byte> name) =>
        Find(json, name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } value ? value.GetBoolean() : null;

    public static int? Integer(this JsonElement json, ReadOnlySpan<byte> name) =>
        Find(json, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : null;

    public static decimal? Number(this JsonElement json, ReadOnlySpan<byte> name) =>
        Find(json, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDecimal(out var number) ? number : null;

    public static T? One<T>(this JsonElement json, ReadOnlySpan<byte> name)
        where T : struct, IFhir<T> =>
        Find(json, name) is { ValueKind: JsonValueKind.Object } value ? T.Of(value) : null;

    public static Many<T> Many<T>(this JsonElement json, ReadOnlySpan<byte> name)
        where T : struct, IFhir<T> =>
        new(Find(json, name));

    /// <summary>Primitives that repeat, as text; null where only an extension stands.</summary>
    public static IReadOnlyList<string?> Texts(this JsonElement json, ReadOnlySpan<byte> name) =>
        Find(json, name) is { ValueKind: JsonValueKind.Array } array
            ? [.. array.EnumerateArray().Select(i => i.ValueKind switch { JsonValueKind.String => i.GetString(), JsonValueKind.Null => null, _ => i.GetRawText() })]
            : [];

    private static JsonElement Find(JsonElement json, ReadOnlySpan<byte> name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value : default;
}
