using System.Text.Json;
using System.Text.Json.Serialization;
using Mach.Contracts.Registry;

namespace Mach.Registry.Communes;

/// <summary>The 148 communes and wards of the province since July 2025, from the embedded list (Data/communes.json).</summary>
/// <remarks>Source: resolution on commune-level units of Phú Thọ, June 2025, as published by the General Statistics Office.</remarks>
internal sealed class CommuneList : ICommunes
{
    private readonly Dictionary<string, Commune> _byCode;

    public CommuneList()
    {
        using var data = typeof(CommuneList).Assembly.GetManifestResourceStream("Mach.Registry.Data.communes.json")
            ?? throw new InvalidOperationException("The list of communes is missing from the assembly.");
        All = [.. JsonSerializer.Deserialize<Row[]>(data)!.Select(r => new Commune(r.Code, r.Name, r.Type, r.Former))];
        _byCode = All.ToDictionary(c => c.Code, StringComparer.Ordinal);
    }

    public IReadOnlyList<Commune> All { get; }

    public Commune? Find(string? code) => code is not null && _byCode.TryGetValue(code.Trim(), out var commune) ? commune : null;

    private sealed record Row(
        [property: JsonPropertyName("code")] string Code,
        [property: JsonPropertyName("name")] string Name,
        [property: JsonPropertyName("type")] string Type,
        [property: JsonPropertyName("former")] string Former);
}
