using Mach.FhirApi.Writing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.FhirApi.Bundles;

/// <summary>All writes of a Bundle as one commit: all of them or none. What it reads is read afterwards and sees what was written.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/http.html#transaction, #trules.</remarks>
internal static class Transaction
{
    public static async Task HandleAsync(FhirCall call, IReadOnlyList<BundleEntry> entries, RequestKey? key)
    {
        var changes = new Change?[entries.Count];
        for (var i = 0; i < changes.Length; i++)
        {
            changes[i] = entries[i].IsRead ? null : ChangeReader.Read(call, entries[i], key);
        }

        // The order of processing matters to what is decided, not to the answer.
        var ordered = changes.Where(c => c is not null).OrderBy(c => c!.Kind switch
        {
            ChangeKind.Delete => 0,
            ChangeKind.Create => 1,
            _ => 2,
        }).ToArray();
        await new WriteRun(call, ordered!, new Links(call.Base, isTransaction: true)) { Key = key }.RunAsync();

        var preference = Preferences.Of(call.Context.Request);
        var inner = call.Context.RequestServices.GetRequiredService<InnerRequests>();
        var outer = InnerRequests.Outer(call.Context);
        using var bundle = new ResponseBundle(call, "transaction-response", preference, entries.Count > 0);
        for (var i = 0; i < changes.Length; i++)
        {
            if (changes[i] is { } change)
            {
                bundle.Add(change.Result!);
            }
            else
            {
                bundle.Add(await Batch.SendAsync(call, inner, outer, entries[i], preference, null));
            }
        }

        await bundle.SendAsync(entries.Count > 0);
    }
}
