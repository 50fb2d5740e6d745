using Mach.FhirApi.Bodies;
using Mach.FhirApi.Bundles;
using Mach.FhirApi.Writing;
using Microsoft.AspNetCore.Http;

namespace Mach.FhirApi.Interactions;

/// <summary>POST [base]: a batch or a transaction.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/http.html#transaction. What each entry may do is asked of each entry.</remarks>
internal static class PostBundle
{
    public static async Task HandleAsync(FhirCall call)
    {
        call.NeedNoParameters();
        var body = await RequestBody.ReadJsonAsync(call, call.Options.MaxBundleBytes);
        using var document = JsonBody.Parse(body);
        var bundle = document.RootElement;
        if (JsonBody.TypeOf(bundle) != "Bundle")
        {
            throw new FhirProblem(StatusCodes.Status400BadRequest, "invalid", "At the service base, a Bundle is posted.", "resourceType");
        }

        var type = JsonBody.TextOf(bundle, "type"u8);
        if (type is not ("batch" or "transaction"))
        {
            throw new FhirProblem(StatusCodes.Status400BadRequest, "value", "The type of the Bundle is batch or transaction.", "Bundle.type");
        }

        System.Text.Json.JsonElement[] elements = bundle.TryGetProperty("entry"u8, out var entry)
            ? entry.ValueKind == System.Text.Json.JsonValueKind.Array
                ? [.. entry.EnumerateArray()]
                : throw new FhirProblem(StatusCodes.Status400BadRequest, "structure", "Bundle.entry is an array.", "Bundle.entry")
            : [];
        if (elements.Length > call.Options.MaxBundleEntries)
        {
            throw new FhirProblem(StatusCodes.Status413PayloadTooLarge, "too-long", $"A Bundle has at most {call.Options.MaxBundleEntries} entries here.", "Bundle.entry");
        }

        if (type == "batch")
        {
            await Batch.HandleAsync(call, elements, body);
            return;
        }

        var entries = new BundleEntry[elements.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = BundleEntry.Read(elements[i], i, body, call.Base);
        }

        await Transaction.HandleAsync(call, entries, RequestKey.Of(call, body));
    }
}
