using Mach.Access;
using Mach.Access.Audit;
using Mach.Fhir.Search;
using Mach.FhirApi.Bodies;
using Mach.FhirApi.Presentation;
using Mach.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.FhirApi.Interactions;

/// <summary>GET [base]/Type?… and POST [base]/Type/_search: a searchset Bundle, page by page.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/http.html#search, http://hl7.org/fhir/R4/search.html. An unknown parameter is refused unless Prefer says handling=lenient.</remarks>
internal static class Search
{
    /// <summary>Our own parameter of next links; opaque to clients.</summary>
    public const string Cursor = "_cursor";
    private const int MaxForm = 1024 * 1024, MaxValue = 64 * 1024;

    public static Task GetAsync(FhirCall call) => HandleAsync(call, call.NeedType('s'), call.Query);

    public static async Task PostAsync(FhirCall call)
    {
        var type = call.NeedType('s');
        await HandleAsync(call, type, await WithFormAsync(call));
    }

    /// <summary>Parameters of the address and of the form in the body.</summary>
    internal static async Task<IReadOnlyList<KeyValuePair<string, string>>> WithFormAsync(FhirCall call) =>
        [.. call.Query, .. call.WithoutForm(await AskedFormAsync(call))];

    /// <summary>The form; that these were asked stands in the audit line, as for an address.</summary>
    private static async Task<List<KeyValuePair<string, string>>> AskedFormAsync(FhirCall call)
    {
        var form = await ReadFormAsync(call);
        call.Context.Audit().Ask(form);
        return form;
    }

    private static async Task HandleAsync(FhirCall call, string type, IReadOnlyList<KeyValuePair<string, string>> asked)
    {
        if (AuditTrailSearch.Answers(call, type, asked))
        {
            await AuditTrailSearch.SearchAsync(call, asked);
            return;
        }

        var (pairs, cursor) = Read(call, AuditTrailSearch.WithoutSource(type, asked));
        var query = Parse(call, type, pairs, await NamedInSearch.OfAsync(call, pairs)) with { Cursor = cursor };
        var page = await call.Records.SearchAsync(query, call.Aborted);
        await AnswerAsync(call, $"{call.Base}/{type}", pairs, query, page, cursor);
    }

    /// <summary>The pairs that ask for something, and where the page begins.</summary>
    internal static (List<KeyValuePair<string, string>> Pairs, string? Cursor) Read(FhirCall call, IReadOnlyList<KeyValuePair<string, string>> asked)
    {
        var cursor = asked.LastOrDefault(p => p.Key == Cursor).Value;
        var pairs = asked.Where(p => p.Key != Cursor && p.Value.Length > 0).ToList();
        NeedOwnTypesOnly(call, pairs);
        call.Shape = ResourceShape.Of(pairs);
        return (pairs, string.IsNullOrEmpty(cursor) ? null : cursor);
    }

    internal static SearchQuery Parse(FhirCall call, string type, IEnumerable<KeyValuePair<string, string>> pairs, NamedInSearch named) =>
        SearchQuery.Parse(type, pairs, call.Lenient, call.Records.Catalog, named.Sets, call.Base, named.Linked);

    /// <summary>The Bundle of one page with its links.</summary>
    internal static async Task AnswerAsync(FhirCall call, string path, List<KeyValuePair<string, string>> pairs, SearchQuery query, SearchPage page, string? cursor)
    {
        pairs.RemoveAll(p => query.Ignored.Contains(p.Key));
        await WriteAsync(call, query, page, Link(path, pairs, cursor), page.Next is null ? null : Link(path, pairs, page.Next));
    }

    private static async Task WriteAsync(FhirCall call, SearchQuery query, SearchPage page, string self, string? next)
    {
        var included = page.Included.Where(r => call.User.MayReadFhir(r.Type, 'r')).ToArray();
        var now = call.Context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        using var bundle = new BundleWriter(call.Base, "searchset", now, page.Total, self, next) { Shape = call.Shape };
        if (page.Matches.Count + included.Length + query.Ignored.Count > 0)
        {
            bundle.StartEntries();
            foreach (var match in page.Matches)
            {
                bundle.WriteMatch(match, "match"u8);
            }

            foreach (var resource in included)
            {
                bundle.WriteMatch(resource, "include"u8);
            }

            if (query.Ignored.Count > 0)
            {
                bundle.WriteIgnored("Left out, as not supported: " + string.Join(", ", query.Ignored.Select(FhirCall.Shorten)));
            }

            bundle.EndEntries();
        }

        await FhirAnswer.SendAsync(call, bundle.End());
    }

    /// <summary>A chain or _has tells about resources of other types: only a token for all types may use it.</summary>
    private static void NeedOwnTypesOnly(FhirCall call, List<KeyValuePair<string, string>> pairs)
    {
        if (pairs.Any(p => p.Key.Contains('.', StringComparison.Ordinal) || p.Key.StartsWith("_has:", StringComparison.Ordinal)))
        {
            call.Need("*", 's');
        }
    }

    private static async Task<List<KeyValuePair<string, string>>> ReadFormAsync(FhirCall call)
    {
        var request = call.Context.Request;
        if (request.ContentType is null && request.ContentLength is null or 0)
        {
            return [];
        }

        if (request.GetTypedHeaders().ContentType is not { } type || !type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            throw new FhirProblem(StatusCodes.Status415UnsupportedMediaType, "not-supported", "The body of _search is application/x-www-form-urlencoded.");
        }

        RequestBody.NeedUtf8(type);
        using var body = new MemoryStream((await RequestBody.ReadAsync(call.Context, MaxForm, call.Aborted)).ToArray(), writable: false);
        using var reader = new FormReader(body) { ValueLengthLimit = MaxValue, KeyLengthLimit = 1024, ValueCountLimit = 256 };
        try
        {
            var found = new List<KeyValuePair<string, string>>();
            foreach (var (name, values) in await reader.ReadFormAsync(call.Aborted))
            {
                found.AddRange(values.Select(v => KeyValuePair.Create(name, v ?? "")));
            }

            return found;
        }
        catch (InvalidDataException e)
        {
            throw new FhirProblem(StatusCodes.Status400BadRequest, "invalid", e.Message);
        }
    }

    private static string Link(string path, List<KeyValuePair<string, string>> pairs, string? cursor)
    {
        var parts = pairs.Select(p => $"{Escape(p.Key)}={Escape(p.Value)}");
        var all = string.Join('&', string.IsNullOrEmpty(cursor) ? parts : parts.Append($"{Cursor}={Escape(cursor)}"));
        return all.Length == 0 ? path : $"{path}?{all}";
    }

    private static string Escape(string text) => Uri.EscapeDataString(text).Replace("%3A", ":", StringComparison.Ordinal);
}
