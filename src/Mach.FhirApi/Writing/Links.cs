using System.Text;
using System.Text.Json;
using Mach.Fhir.Search;
using Mach.FhirApi.Bodies;

namespace Mach.FhirApi.Writing;

/// <summary>
/// Sets references right before a resource is stored. An absolute reference to this server becomes the relative one that it means, so that searches find it.
/// In a transaction, what names another entry by its fullUrl, or names a resource by a search, becomes the reference to where that is written.
/// </summary>
/// <remarks>Source: http://hl7.org/fhir/R4/http.html#trules, http://hl7.org/fhir/R4/references.html#literal, http://hl7.org/fhir/R4/bundle.html#references.</remarks>
internal sealed class Links(string baseUrl, bool isTransaction = false)
{
    private readonly string _base = baseUrl + "/";
    private readonly byte[] _baseBytes = Encoding.UTF8.GetBytes(baseUrl + "/");
    private readonly Dictionary<string, string> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _searches = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Change> _unresolved = new(StringComparer.Ordinal);
    private IReadOnlyList<Change> _changes = [];

    /// <summary>Takes note of what the entries have been decided to fall on.</summary>
    /// <exception cref="FhirProblem">400: two entries have the same fullUrl.</exception>
    public void Prepare(IReadOnlyList<Change> changes)
    {
        _entries.Clear();
        _searches.Clear();
        _changes = changes;
        foreach (var change in changes)
        {
            var place = $"{change.Type}/{change.Target}";
            if (change.FullUrl is { Length: > 0 } url && !_entries.TryAdd(url, place))
            {
                throw change.Problem(400, "duplicate", $"Another entry has the same fullUrl: {FhirCall.Shorten(url)}.", "fullUrl");
            }

            if (change.CriteriaText is { } search)
            {
                _searches.TryAdd(search, place);
            }
        }
    }

    /// <summary>Finds what references by search mean; after that the bodies are to be made again.</summary>
    /// <returns>False when there is none to find.</returns>
    /// <exception cref="FhirProblem">412: such a search does not find exactly one resource.</exception>
    public async Task<bool> ResolveAsync(FhirCall call)
    {
        if (_unresolved.Count == 0)
        {
            return false;
        }

        using var written = new WrittenResources(_changes);
        foreach (var (search, change) in _unresolved)
        {
            var type = search[..search.IndexOf('?', StringComparison.Ordinal)];
            var query = await Criteria.ReadAsync(call, type, Criteria.Parse(search));
            var found = await FindAsync(call, query, written, change);
            _searches[search] = found.Count == 1
                ? $"{type}/{found.Single()}"
                : throw change.Problem(412, found.Count == 0 ? "not-found" : "multiple-matches", $"The reference by search {FhirCall.Shorten(search)} finds {(found.Count == 0 ? "nothing" : "more than one resource")}.", "resource");
        }

        _unresolved.Clear();
        return true;
    }

    /// <summary>Ids of what answers when the transaction has been done, which is when such references are resolved: what it writes is looked at as it will be, everything else as it stands.</summary>
    private static async Task<HashSet<string>> FindAsync(FhirCall call, SearchQuery query, WrittenResources written, Change change)
    {
        var touched = written.Touched(query.Type);
        // Of what is stored, as many answers may be of resources that the transaction changes.
        var stored = await Criteria.MatchAsync(call, query, touched.Count + 2);
        var found = stored.Found.Select(r => r.Id).ToHashSet(StringComparer.Ordinal);
        if (query.NeedsOthers)
        {
            return found;
        }

        found.ExceptWith(touched);
        found.UnionWith(written.Answering(query) ?? throw change.Problem(422, "too-costly", $"A transaction with so many resources and references by search would take too long; refer to its own entries by their fullUrl.", "resource"));
        return found;
    }

    /// <summary>Adds the edits that set the references of a body right.</summary>
    public void Collect(ReadOnlyMemory<byte> body, Change change, Edits edits)
    {
        if (!isTransaction && body.Span.IndexOf(_baseBytes) < 0)
        {
            return;
        }

        var root = RootOf(change.FullUrl);
        var reader = new Utf8JsonReader(body.Span);
        var (isReference, isNarrative) = (false, false);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                (isReference, isNarrative) = (reader.ValueTextEquals("reference"u8), reader.ValueTextEquals("div"u8));
            }
            else if (reader.TokenType == JsonTokenType.String)
            {
                var with = isReference ? Reference(reader.GetString()!, root, change)
                    : !isTransaction || !MayBeLink(ref reader, isNarrative) ? null
                    : isNarrative ? NarrativeLinks.Replace(reader.GetString()!, _entries)
                    : _entries.TryGetValue(reader.GetString()!, out var place) && !Canonicals.IsAt(body, (int)reader.TokenStartIndex) ? place
                    : null;
                if (with is not null)
                {
                    edits.Replace((int)reader.TokenStartIndex, (int)reader.BytesConsumed, Quote(with));
                }
            }
        }
    }

    /// <summary>What a Reference.reference becomes; null = it stays.</summary>
    private string? Reference(string text, string? root, Change change)
    {
        if (!isTransaction)
        {
            return OwnPath(text);
        }

        if (_entries.TryGetValue(text, out var place) || (root is not null && _entries.TryGetValue(root + text, out place)))
        {
            return place;
        }

        // A version of an entry has no number here yet: the reference is to the resource.
        if (text.IndexOf("/_history/", StringComparison.Ordinal) is > 0 and var history && _entries.TryGetValue(text[..history], out place))
        {
            return place;
        }

        var path = OwnPath(text) ?? text;
        var question = path.IndexOf('?', StringComparison.Ordinal);
        if (question > 0 && ServedTypes.Contains(path[..question]))
        {
            if (_searches.TryGetValue(path, out place))
            {
                return place;
            }

            _unresolved.TryAdd(path, change);
        }

        return ReferenceEquals(path, text) ? null : path;
    }

    // Most texts of a resource are not links; this is asked of each.
    private static bool MayBeLink(ref Utf8JsonReader reader, bool isNarrative) =>
        isNarrative || reader.ValueSpan is [(byte)'u', (byte)'r', (byte)'n', (byte)':', ..] or [(byte)'h', (byte)'t', (byte)'t', (byte)'p', ..] || reader.ValueIsEscaped;

    /// <summary>"Type/id…" or "Type?…" of an absolute reference to this server; null for any other.</summary>
    private string? OwnPath(string reference)
    {
        if (!reference.StartsWith(_base, StringComparison.Ordinal))
        {
            return null;
        }

        var path = reference[_base.Length..];
        var end = path.IndexOfAny(['/', '?']);
        return end > 0 && ServedTypes.Contains(path[..end]) ? path : null;
    }

    /// <summary>"http://other.example/fhir/" of "http://other.example/fhir/Patient/1": relative references of that entry are meant below it.</summary>
    internal static string? RootOf(string? fullUrl)
    {
        if (fullUrl is null || !fullUrl.StartsWith("http", StringComparison.Ordinal))
        {
            return null;
        }

        var id = fullUrl.LastIndexOf('/');
        var type = id > 0 ? fullUrl.LastIndexOf('/', id - 1) : -1;
        return type > 0 && ServedTypes.Contains(fullUrl[(type + 1)..id]) ? fullUrl[..(type + 1)] : null;
    }

    private static byte[] Quote(string text) => Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(text, FhirAnswer.Json.Encoder)}\"");
}
