using System.Globalization;
using System.Text.Json;
using Mach.Fhir.Search;
using Mach.Kernel;
using Mach.Store.Search;

namespace Mach.Store.Reading;

/// <summary>
/// A <see cref="Narrowing"/> as a condition on the heads (alias r), and as a look at bodies: the index knows codes without their systems, and not every search
/// parameter has rows, so a condition of a search lets through by the index no less than it should, and the body decides.
/// </summary>
internal sealed class NarrowingSql
{
    private readonly List<(Opening Opening, SearchQuery? Query)> _openings = [];
    private readonly List<List<long>> _hashes = [];
    private readonly SearchCatalog _catalog;

    /// <param name="hash">Of a key of a search parameter.</param>
    /// <param name="open">Numbers of the types that belong to no person, separated by commas.</param>
    /// <param name="ofPatient">Condition for heads in the compartment of the people of a parameter.</param>
    public NarrowingSql(Narrowing narrowing, SearchCatalog catalog, Func<short, string, long> hash, string open, Func<string, string> ofPatient)
    {
        (Patient, _catalog) = (narrowing.Patient, catalog);
        var ways = new List<string>();
        foreach (var opening in narrowing.Openings)
        {
            // What cannot be understood opens nothing, nor does one patient's opening without a patient.
            if ((opening.OfPatient && Patient is null) || (opening.Type is { } type && !ResourceTypes.Exists(type)) || !TryParse(opening, catalog, out var query))
            {
                continue;
            }

            _openings.Add((opening, query));
            List<string> all = opening.Type is null ? [] : [string.Create(CultureInfo.InvariantCulture, $"r.type={ResourceTypes.Number(opening.Type)}")];
            if (opening.OfPatient)
            {
                all.Add($"({ofPatient("narrow_patient")} OR (r.pk=r.rid AND r.type IN ({open})))");
            }

            foreach (var keys in query is null ? [] : query.Clauses.Where(ClauseKeys.CanDrive).Select(c => ClauseKeys.Tokens(query, c)).OfType<IReadOnlyList<(short Parameter, string Key)>>())
            {
                all.Add(string.Create(CultureInfo.InvariantCulture, $"EXISTS(SELECT 1 FROM tok t WHERE t.h {{longs:narrow_{_hashes.Count}}} AND t.pk=r.pk AND t.rid=r.rid)"));
                _hashes.Add([.. keys.Select(k => hash(k.Parameter, k.Key))]);
            }

            ways.Add(all.Count == 0 ? "1=1" : string.Join(" AND ", all));
        }

        Condition = ways.Count == 0 ? " AND 1=0" : $" AND ({string.Join(" OR ", ways.Distinct().Select(w => $"({w})"))})";
    }

    public string Condition { get; }

    public string? Patient { get; }

    /// <summary>Some types are decided on their bodies.</summary>
    public bool LooksAtBodies => _openings.Exists(o => o.Query is not null);

    public IEnumerable<(string Name, List<long> Hashes)> Hashes => _hashes.Select((h, i) => (string.Create(CultureInfo.InvariantCulture, $"narrow_{i}"), h));

    /// <summary>True when an opening of the type lets the body through; whose it is, the statement has said.</summary>
    /// <param name="lastUpdatedUs">Microseconds since 1970-01-01 UTC.</param>
    public bool Shows(string type, ReadOnlyMemory<byte> body, long lastUpdatedUs)
    {
        var some = _openings.Where(o => o.Opening.Type is null || o.Opening.Type == type).ToList();
        if (some.Count == 0)
        {
            return false;
        }

        // An opening without a condition that is not of one patient lets all through. One that is may not let this one through, so then the others are looked at.
        if (some.TrueForAll(o => o.Query is null) || some.Exists(o => o.Query is null && !o.Opening.OfPatient))
        {
            return true;
        }

        if (body.IsEmpty)
        {
            return some.Exists(o => o.Query is null);
        }

        using var document = JsonDocument.Parse(body);
        return some.Exists(o => o.Query is null ? IsOfPatient(type, document.RootElement, lastUpdatedUs) : SearchMatcher.Matches(document.RootElement, o.Query, lastUpdatedUs));
    }

    private bool IsOfPatient(string type, JsonElement body, long lastUpdatedUs) =>
        type == "Patient" ? body.TryGetProperty("id", out var id) && id.ValueEquals(Patient)
        : SearchClause.InCompartment(_catalog, "Patient", Patient!, type) is not { } clause || SearchMatcher.Matches(body, new SearchQuery { Type = type, Clauses = [clause], Catalog = _catalog }, lastUpdatedUs);

    private static bool TryParse(Opening opening, SearchCatalog catalog, out SearchQuery? query)
    {
        query = null;
        if (opening.Conditions.Count == 0)
        {
            return true;
        }

        try
        {
            query = opening.Type is null ? null : SearchQuery.Parse(opening.Type, opening.Conditions, catalog: catalog);
            return query is { Has.Count: 0, Lists.Count: 0, Includes.Count: 0, RevIncludes.Count: 0, Sort: null } && query.Clauses.All(c => c.Chains.Count == 0) && query.Clauses.Count + query.Ids.Count > 0;
        }
        catch (SearchException)
        {
            return false;
        }
    }
}
