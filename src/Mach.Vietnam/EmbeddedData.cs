using System.Globalization;
using System.Text.Json;

namespace Mach.Vietnam;

/// <summary>The dated tables of the country that travel inside this assembly.</summary>
internal static class EmbeddedData
{
    internal static JsonDocument Read(string name)
    {
        using var stream = typeof(EmbeddedData).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The embedded table {name} is missing.");
        return JsonDocument.Parse(stream);
    }

    internal static string Text(this JsonElement element, string property) =>
        element.GetProperty(property).GetString() ?? throw new InvalidOperationException($"{property} is null in an embedded table.");

    internal static string? TextOrNull(this JsonElement element, string property) =>
        element.TryGetProperty(property, out var value) ? value.GetString() : null;

    internal static DateOnly Day(this JsonElement element, string property) =>
        DateOnly.ParseExact(element.Text(property), "yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal static DateOnly? DayOrNull(this JsonElement element, string property) =>
        element.TryGetProperty(property, out _) ? element.Day(property) : null;

    internal static bool Flag(this JsonElement element, string property) =>
        element.TryGetProperty(property, out var value) && value.GetBoolean();
}
