using System.Globalization;
using Mach.FhirApi.Presentation;
using Mach.Store;

namespace Mach.FhirApi.Interactions;

/// <summary>What a history was asked for: _count, _since, _at, _list, _sort, _summary, _elements.</summary>
/// <remarks>
/// Source: http://hl7.org/fhir/R4/http.html#history. _at takes a date, a part of one or an instant, and means all of that time.
/// Versions come newest first; another order is refused.
/// </remarks>
internal sealed class HistoryParameters
{
    public const string At = "_at";
    private const int DefaultCount = 20;
    public const int MaxCount = 1000;
    private readonly List<KeyValuePair<string, string>> _kept = [];

    private HistoryParameters(HistoryQuery query) => Query = query;

    public HistoryQuery Query { get; private set; }

    /// <param name="type">Null = of all types.</param>
    /// <param name="id">Null = of all resources of the type.</param>
    /// <exception cref="FhirProblem">400: a parameter that a history does not have, twice the same, or a value that is none.</exception>
    public static HistoryParameters Read(FhirCall call, string? type, string? id)
    {
        call.Shape = ResourceShape.Of(call.Query);
        var asked = new HistoryParameters(new HistoryQuery { Type = type, Id = id, Count = DefaultCount });
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, value) in call.Query)
        {
            if (name is not (ResourceShape.Summary or ResourceShape.Elements) && !seen.Add(name) && !call.Lenient)
            {
                throw new FhirProblem(400, "invalid", $"{FhirCall.Shorten(name)} is given twice.", FhirCall.Shorten(name));
            }

            if (asked.Take(name, value, call.Lenient) && name != Search.Cursor)
            {
                asked._kept.Add(new(name, value));
            }
        }

        if (call.Shape.IsCount)
        {
            asked.Query = asked.Query with { Count = 0 };
        }

        return asked;
    }

    /// <summary>Address of a page.</summary>
    /// <param name="before">Sequence number that the page comes before; null = the first page.</param>
    public string Link(string path, long? before)
    {
        var parts = _kept.ConvertAll(p => $"{p.Key}={Uri.EscapeDataString(p.Value)}");
        if (before is { } number)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{Search.Cursor}={number}"));
        }

        return parts.Count == 0 ? path : $"{path}?{string.Join('&', parts)}";
    }

    private bool Take(string name, string value, bool lenient)
    {
        switch (name)
        {
            case ResourceShape.Summary or ResourceShape.Elements:
                return true;
            case "_count":
                Query = Query with { Count = (int)Math.Min(Number(name, value), MaxCount) };
                return true;
            case "_since":
                Query = Query with { Since = Time(name, value).Low };
                return true;
            case At:
                var time = Time(name, value);
                Query = Query with { CurrentFrom = time.Low, CurrentTo = time.High };
                return true;
            case "_list" when Query is { Type: not null, Id: null }:
                Query = Query with { List = FhirCall.IsId(value) ? value : throw new FhirProblem(400, "invalid", "_list is the id of a List.", name) };
                return true;
            case "_sort" when value is "-_lastUpdated" or "none":
                return true;
            case Search.Cursor:
                Query = Query with { Before = Number(name, value) };
                return true;
            default:
                return lenient ? false : throw Refused(name);
        }
    }

    private static FhirProblem Refused(string name) => new(400, "not-supported", name switch
    {
        "_sort" => "A history comes newest first (_sort=-_lastUpdated); no other order is supported.",
        "_list" => "_list is supported in the history of a type: Patient/_history?_list=….",
        _ => $"Parameter {FhirCall.Shorten(name)} is not supported in a history; _since, _at, _list, _count, _sort, _summary and _elements are.",
    }, FhirCall.Shorten(name));

    private static long Number(string name, string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FhirProblem(400, "invalid", $"{name} must be a whole number that is not negative.", name);

    private static AskedTime Time(string name, string value) =>
        AskedTime.TryParse(value, out var time)
            ? time
            : throw new FhirProblem(400, "invalid", $"{name} must be {(name == At ? "a date or " : "")}an instant such as 2026-07-01T08:30:00+07:00.", name);
}
