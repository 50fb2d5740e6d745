using System.Text.Json;

namespace Mach.Indicators.Briefing;

/// <summary>What a briefing tells of, in its order: Data/briefing-pdf.json.</summary>
internal sealed record BriefingList
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly Lazy<BriefingList> s_shipped = new(Load);

    /// <summary>Codes of definitions.</summary>
    public required IReadOnlyList<string> Indicators { get; init; }

    public static BriefingList Shipped => s_shipped.Value;

    private static BriefingList Load()
    {
        using var stream = typeof(BriefingList).Assembly.GetManifestResourceStream("briefing-pdf.json") ?? throw new InvalidOperationException("The list of the briefing is not in the assembly.");
        return JsonSerializer.Deserialize<BriefingList>(stream, Json)!;
    }
}
