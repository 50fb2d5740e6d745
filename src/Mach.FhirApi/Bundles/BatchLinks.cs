using System.Text.Json;
using Mach.FhirApi.Writing;

namespace Mach.FhirApi.Bundles;

/// <summary>The entries of a batch do not depend on each other: a reference to what another entry is only about to create would be stored as it stands and lead nowhere.</summary>
/// <remarks>
/// Source: http://hl7.org/fhir/R4/http.html#transaction: "References within a Bundle.entry.resource to another Bundle.entry.resource that is being created
/// within the batch are considered to be non-conformant." A reference by search is refused by the entry's own validation.
/// </remarks>
internal sealed class BatchLinks
{
    private readonly HashSet<string> _created = new(StringComparer.Ordinal);

    public BatchLinks(IEnumerable<BundleEntry?> entries)
    {
        foreach (var entry in entries)
        {
            // What is created gets its id later; what is updated is known by its id, unless it is only known by a urn.
            if (entry is { FullUrl: { Length: > 0 } url, Method: "POST" or "PUT" or "PATCH" } && (entry.Method == "POST" || url.StartsWith("urn:", StringComparison.Ordinal)))
            {
                _created.Add(url);
            }
        }
    }

    /// <exception cref="FhirProblem">400: the entry refers to an entry of the batch.</exception>
    public void NeedNone(BundleEntry entry)
    {
        if (_created.Count == 0 || entry.Bytes.IsEmpty || entry.IsRead)
        {
            return;
        }

        var root = Links.RootOf(entry.FullUrl);
        var reader = new Utf8JsonReader(entry.Bytes.Span);
        var isReference = false;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                isReference = reader.ValueTextEquals("reference"u8);
            }
            else if (reader.TokenType == JsonTokenType.String && isReference && reader.GetString() is { } text && (_created.Contains(text) || (root is not null && _created.Contains(root + text))))
            {
                throw new FhirProblem(400, "business-rule", $"The reference {FhirCall.Shorten(text)} is to another entry of this batch. Entries of a batch stand for themselves; send a transaction to have it resolved.", entry.Place + ".resource");
            }
        }
    }
}
