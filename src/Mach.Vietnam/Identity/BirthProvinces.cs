namespace Mach.Vietnam.Identity;

/// <summary>The 63 province codes that open a citizen number (Identity/Data/birth-provinces.json); numbers are not changed by the mergers of 2025.</summary>
public static class BirthProvinces
{
    private static readonly Dictionary<string, string> Names = Load();

    /// <summary>Three-digit codes and names.</summary>
    public static IReadOnlyDictionary<string, string> All => Names;

    /// <summary>Name of a province by its three digits, or null.</summary>
    public static string? Find(string code) => Names.GetValueOrDefault(code);

    private static Dictionary<string, string> Load()
    {
        using var json = EmbeddedData.Read("identity/birth-provinces.json");
        return json.RootElement.GetProperty("provinces").EnumerateArray().ToDictionary(p => p.Text("code"), p => p.Text("name"), StringComparer.Ordinal);
    }
}
