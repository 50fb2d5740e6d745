namespace Mach.Registry.Units;

/// <summary>What is stated of a unit; see the tables of migration 0002.</summary>
internal static class Aspects
{
    /// <summary>That it exists; the value is its official code, or nothing.</summary>
    public const string Exists = "unit";
    public const string Name = "name";
    public const string Type = "type";
    /// <summary>GeoJSON geometry, Polygon or MultiPolygon, WGS 84.</summary>
    public const string Shape = "shape";
    /// <summary><c>parent:{hierarchy}</c>; the value is the parent's id.</summary>
    public const string ParentPrefix = "parent:";
    /// <summary><c>measure:{what}:{source}</c>; the value is an invariant decimal.</summary>
    public const string MeasurePrefix = "measure:";
    /// <summary>A latitude and longitude, "20.8729 105.3192".</summary>
    public const string Centre = "centre";

    public static string Parent(string hierarchy) => ParentPrefix + hierarchy;

    public static string Measure(string what, string source) => MeasurePrefix + what + ":" + source;
}
