using System.Text.Json;
using Mach.Registry.Ledgers;
using Mach.Registry.Units;

namespace Mach.Registry.Imports;

/// <summary>Shapes of units from a GeoJSON FeatureCollection (RFC 7946): each feature has the unit's code in <c>properties.code</c> and a Polygon or MultiPolygon.</summary>
internal static class Shapes
{
    public const string Kind = "shapes";

    public static int State(RegistryDraft draft, byte[] bytes, DateOnly from, List<Problem> problems)
    {
        if (bytes.Length > Sheet.MostBytes)
        {
            throw new SheetException("Tệp lớn hơn 20 MB; hãy đơn giản hóa đường biên.", "The file is larger than 20 MB; simplify the boundaries.");
        }

        try
        {
            using var json = JsonDocument.Parse(bytes);
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("features", out var features) || features.ValueKind != JsonValueKind.Array)
            {
                throw new SheetException("Tệp không phải GeoJSON FeatureCollection.", "The file is no GeoJSON FeatureCollection.");
            }

            var map = SuccessionPlan.Map(draft);
            var number = 0;
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var feature in features.EnumerateArray())
            {
                number++;
                Feature(draft, map, feature, number, from, seen, problems);
            }

            return number;
        }
        catch (JsonException e)
        {
            throw new SheetException($"Tệp không phải JSON: dòng {e.LineNumber + 1}.", $"The file is no JSON: line {e.LineNumber + 1}.");
        }
    }

    private static void Feature(RegistryDraft draft, UnitMap map, JsonElement feature, int number, DateOnly from, HashSet<string> seen, List<Problem> problems)
    {
        if (feature.ValueKind != JsonValueKind.Object || !feature.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object
            || !properties.TryGetProperty("code", out var code) || code.ValueKind != JsonValueKind.String)
        {
            problems.Add(new Problem($"{number}: properties.code", "Thiếu mã đơn vị.", "The unit's code is missing."));
        }
        else if (map.FindByCode(code.GetString()!, from) is not { } unit)
        {
            problems.Add(new Problem($"{number}: properties.code", $"Không có đơn vị mã '{code}' vào ngày {from:dd/MM/yyyy}.", $"No unit has the code '{code}' on {from:yyyy-MM-dd}."));
        }
        else if (!seen.Add(unit.Id))
        {
            problems.Add(new Problem($"{number}: properties.code", $"Mã '{code}' có hai lần.", $"The code '{code}' is there twice."));
        }
        else if (!feature.TryGetProperty("geometry", out var geometry) || !IsArea(geometry))
        {
            problems.Add(new Problem($"{number}: geometry", "Hình phải là Polygon hoặc MultiPolygon với tọa độ kinh độ, vĩ độ.", "The geometry must be a Polygon or MultiPolygon of longitude and latitude."));
        }
        else
        {
            draft.Units.State(Statement.Since(unit.Id, Aspects.Shape, JsonSerializer.Serialize(geometry), from));
        }
    }

    private static bool IsArea(JsonElement geometry)
    {
        if (geometry.ValueKind != JsonValueKind.Object || !geometry.TryGetProperty("type", out var type) || !geometry.TryGetProperty("coordinates", out var coordinates) || coordinates.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        return type.GetString() switch
        {
            "Polygon" => IsPolygon(coordinates),
            "MultiPolygon" => coordinates.GetArrayLength() > 0 && coordinates.EnumerateArray().All(IsPolygon),
            _ => false,
        };
    }

    private static bool IsPolygon(JsonElement rings) => rings.ValueKind == JsonValueKind.Array && rings.GetArrayLength() > 0 && rings.EnumerateArray().All(r =>
        r.ValueKind == JsonValueKind.Array && r.GetArrayLength() >= 4 && r.EnumerateArray().All(p => p.ValueKind == JsonValueKind.Array && p.GetArrayLength() >= 2
            && p[0].ValueKind == JsonValueKind.Number && p[1].ValueKind == JsonValueKind.Number && Math.Abs(p[0].GetDouble()) <= 180 && Math.Abs(p[1].GetDouble()) <= 90));
}
