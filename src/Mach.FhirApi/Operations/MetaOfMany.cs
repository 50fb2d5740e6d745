using System.Text.Json;
using Mach.Fhir.Search;
using Mach.FhirApi.Bodies;

namespace Mach.FhirApi.Operations;

/// <summary>$meta of a type and of the whole store: all profiles, security labels and tags that current resources have.</summary>
/// <remarks>
/// Source: http://hl7.org/fhir/R4/resource-operation-meta.html. The index keeps labels as hashes only, so the resources themselves are looked at:
/// of more than <see cref="MaxResources"/> the operation refuses to tell. Where nothing has a label, the answer has no parameter.
/// </remarks>
internal static class MetaOfMany
{
    public const int MaxResources = 10_000;
    private const int PageSize = 500;

    public static async Task TypeAsync(FhirCall call)
    {
        var type = call.NeedType('s');
        await AnswerAsync(call, [type]);
    }

    public static async Task SystemAsync(FhirCall call)
    {
        call.Need("*", 's');
        await AnswerAsync(call, ServedTypes.All);
    }

    private static async Task AnswerAsync(FhirCall call, IReadOnlyList<string> types)
    {
        await OperationInput.ReadAsync(call);
        call.NeedNoParameters();
        var (labels, left) = (new Labels(), MaxResources);
        foreach (var type in types)
        {
            var query = SearchQuery.Parse(type, [], false, call.Records.Catalog) with { Count = PageSize };
            for (string? cursor = null; ;)
            {
                var page = await call.Records.SearchAsync(query with { Cursor = cursor }, call.Aborted);
                if ((left -= page.Matches.Count) < 0)
                {
                    throw new FhirProblem(422, "too-costly", $"There are more than {MaxResources} resources to look at. Ask for $meta of a type that has fewer, or search by _tag, _security or _profile.");
                }

                foreach (var resource in page.Matches)
                {
                    labels.Take(resource.Body);
                }

                if ((cursor = page.Next) is null)
                {
                    break;
                }
            }
        }

        await CodeAnswers.SendAsync(call, labels.IsEmpty ? null : labels.Write);
    }

    /// <summary>What was found, each once, in the order of its name.</summary>
    private sealed class Labels
    {
        private readonly SortedSet<string> _profiles = new(StringComparer.Ordinal);
        private readonly SortedDictionary<(string System, string Code), string?> _security = [], _tags = [];

        public bool IsEmpty => _profiles.Count + _security.Count + _tags.Count == 0;

        public void Take(ReadOnlyMemory<byte> body)
        {
            if (body.Span.IndexOf("\"meta\""u8) < 0)
            {
                return;
            }

            using var document = JsonDocument.Parse(body);
            if (!document.RootElement.TryGetProperty("meta"u8, out var meta) || meta.ValueKind != JsonValueKind.Object)
            {
                return;
            }

            foreach (var profile in Each(meta, "profile"u8).Where(p => p.ValueKind == JsonValueKind.String))
            {
                _profiles.Add(profile.GetString()!);
            }

            TakeCodings(Each(meta, "security"u8), _security);
            TakeCodings(Each(meta, "tag"u8), _tags);
        }

        public void Write(Utf8JsonWriter json)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, "return"u8);
            json.WriteStartObject("valueMeta"u8);
            if (_profiles.Count > 0)
            {
                json.WriteStartArray("profile"u8);
                foreach (var profile in _profiles)
                {
                    json.WriteStringValue(profile);
                }

                json.WriteEndArray();
            }

            WriteCodings(json, "security", _security);
            WriteCodings(json, "tag", _tags);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        private static IEnumerable<JsonElement> Each(JsonElement meta, ReadOnlySpan<byte> name) =>
            meta.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];

        private static void TakeCodings(IEnumerable<JsonElement> codings, SortedDictionary<(string, string), string?> into)
        {
            foreach (var coding in codings)
            {
                var key = (JsonBody.TextOf(coding, "system"u8) ?? "", JsonBody.TextOf(coding, "code"u8) ?? "");
                if (key != ("", ""))
                {
                    into[key] = into.GetValueOrDefault(key) ?? JsonBody.TextOf(coding, "display"u8);
                }
            }
        }

        private static void WriteCodings(Utf8JsonWriter json, string name, SortedDictionary<(string System, string Code), string?> codings)
        {
            if (codings.Count == 0)
            {
                return;
            }

            json.WriteStartArray(name);
            foreach (var ((system, code), display) in codings)
            {
                json.WriteStartObject();
                foreach (var (property, value) in new[] { ("system", system), ("code", code), ("display", display) })
                {
                    if (value is { Length: > 0 })
                    {
                        json.WriteString(property, value);
                    }
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
    }
}
