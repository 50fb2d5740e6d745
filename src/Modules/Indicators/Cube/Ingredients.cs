using System.Collections.Concurrent;
using System.Text.Json;
using Mach.Contracts.Registry;
using Mach.Store;

namespace Mach.Indicators.Cube;

/// <summary>ATC codes of what is prescribed, by the catalogue of drugs as it is today; each code is looked up once.</summary>
internal sealed class Ingredients(ICatalogues? catalogues, TimeProvider clock)
{
    private const int MostKept = 20_000;
    private readonly ConcurrentDictionary<string, string?> _known = new(StringComparer.Ordinal);

    /// <summary>A look-up that has what this resource needs.</summary>
    public async ValueTask<Func<string, string?>> ForAsync(StoredResource resource, CancellationToken ct)
    {
        if (catalogues is not null && resource is { Type: "MedicationRequest", IsDeleted: false })
        {
            using var document = JsonDocument.Parse(resource.Body);
            if (document.RootElement.TryGetProperty("medicationCodeableConcept", out var medicine) && medicine.TryGetProperty("coding", out var codings) && codings.ValueKind == JsonValueKind.Array)
            {
                foreach (var code in codings.EnumerateArray().Select(c => c.TryGetProperty("code", out var text) ? text.GetString() : null).OfType<string>().Where(c => !_known.ContainsKey(c)).ToList())
                {
                    if (_known.Count > MostKept)
                    {
                        _known.Clear();
                    }

                    _known[code] = (await catalogues.FindAsync("drugs", code, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime), ct))?.Attributes.GetValueOrDefault("atc");
                }
            }
        }

        return code => _known.GetValueOrDefault(code);
    }
}
