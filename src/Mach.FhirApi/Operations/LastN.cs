using System.Text.Json;
using Mach.Fhir.Search;
using Mach.Store;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.FhirApi.Operations;

/// <summary>Observation/$lastn: of each kind of observation of one person the most recent ones. Kinds are told apart by their codings, else by their text.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/observation-operation-lastn.html: one of patient and subject is needed; max is 1 when not given.</remarks>
internal static class LastN
{
    private const int MaxEach = 100, PageSize = 500;
    private static readonly string[] Persons = ["patient", "subject", "patient:" + LinkedPatients.Modifier, "subject:" + LinkedPatients.Modifier];

    public static async Task HandleAsync(FhirCall call)
    {
        var type = call.NeedType('s');
        var input = await OperationInput.ReadAsync(call, isShaped: true);
        if (Persons.All(name => input.Text(name) is null))
        {
            throw new FhirProblem(400, "required", "Say whose observations: patient or subject.", "patient");
        }

        var max = input.Number("max", 1, 1, MaxEach);
        string[] own = ["max", "_sort", "_count", "_summary", "_elements"];
        var asked = input.Pairs(own).ToList();
        var query = Interactions.Search.Parse(call, type, asked, await Interactions.NamedInSearch.OfAsync(call, asked)) with { Sort = "-date", Count = PageSize };
        var kept = new List<StoredResource>();
        var groups = new Dictionary<string, int>(StringComparer.Ordinal);
        for (string? cursor = null; ;)
        {
            var page = await call.Records.SearchAsync(query with { Cursor = cursor }, call.Aborted);
            foreach (var observation in page.Matches)
            {
                if (IsAmongLast(observation, groups, max))
                {
                    kept.Add(observation);
                }
            }

            if ((cursor = page.Next) is null)
            {
                break;
            }
        }

        await WriteAsync(call, kept, input, max);
    }

    private static async Task WriteAsync(FhirCall call, List<StoredResource> kept, OperationInput input, int max)
    {
        var asked = string.Join('&', input.Pairs("max").Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value)}"));
        var now = call.Context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        using var bundle = new BundleWriter(call.Base, "searchset", now, kept.Count, $"{call.Base}/Observation/$lastn?{asked}&max={max}", null) { Shape = call.Shape };
        if (kept.Count > 0 && !call.Shape.IsCount)
        {
            bundle.StartEntries();
            kept.ForEach(observation => bundle.WriteMatch(observation, "match"u8));
            bundle.EndEntries();
        }

        await FhirAnswer.SendAsync(call, bundle.End());
    }

    /// <summary>Codes that stand in one concept are one kind: what shares any of them is counted together.</summary>
    private static bool IsAmongLast(StoredResource observation, Dictionary<string, int> groups, int max)
    {
        using var document = JsonDocument.Parse(observation.Body);
        var keys = KeysOf(document.RootElement);
        var count = keys.Select(key => groups.GetValueOrDefault(key)).DefaultIfEmpty(0).Max();
        if (count >= max)
        {
            return false;
        }

        foreach (var key in keys)
        {
            groups[key] = count + 1;
        }

        return true;
    }

    private static List<string> KeysOf(JsonElement observation)
    {
        if (!observation.TryGetProperty("code"u8, out var code) || code.ValueKind != JsonValueKind.Object)
        {
            return [""];
        }

        List<string> keys = [];
        if (code.TryGetProperty("coding"u8, out var codings) && codings.ValueKind == JsonValueKind.Array)
        {
            keys.AddRange(codings.EnumerateArray().Select(c => Bodies.JsonBody.TextOf(c, "code"u8) is { } value ? $"{Bodies.JsonBody.TextOf(c, "system"u8)}|{value}" : null).OfType<string>());
        }

        return keys.Count > 0 ? keys : ["text " + Bodies.JsonBody.TextOf(code, "text"u8)];
    }
}
