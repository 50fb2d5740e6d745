using System.Text.Json;
using Mach.FhirApi.Patching;
using Mach.FhirApi.Writing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.FhirApi.Bundles;

/// <summary>Each entry of a Bundle as a request of its own, which succeeds or fails by itself.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/http.html#transaction: the order is that of a transaction; entries of one kind run side by side.</remarks>
internal static class Batch
{
    /// <summary>So many entries are on their way at once; writes among them share commits.</summary>
    private const int SideBySide = 16;

    public static async Task HandleAsync(FhirCall call, JsonElement[] elements, ReadOnlyMemory<byte> body)
    {
        var preference = Preferences.Of(call.Context.Request);
        var inner = call.Context.RequestServices.GetRequiredService<InnerRequests>();
        var outer = InnerRequests.Outer(call.Context);
        var entries = new BundleEntry?[elements.Length];
        var problems = new FhirProblem?[elements.Length];
        var answers = new InnerAnswer?[elements.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            try
            {
                entries[i] = BundleEntry.Read(elements[i], i, body, call.Base);
            }
            catch (FhirProblem problem)
            {
                problems[i] = problem;
            }
        }

        var links = new BatchLinks(entries);
        for (var i = 0; i < entries.Length; i++)
        {
            try
            {
                if (entries[i] is { } entry)
                {
                    links.NeedNone(entry);
                }
            }
            catch (FhirProblem problem)
            {
                (entries[i], problems[i]) = (null, problem);
            }
        }

        var key = call.Header("Idempotency-Key");
        foreach (var phase in entries.Where(e => e is not null).GroupBy(e => e!.Phase).OrderBy(g => g.Key))
        {
            await Parallel.ForEachAsync(phase, new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = call.Aborted },
                async (entry, _) => answers[entry!.Index] = await SendAsync(call, inner, outer, entry, preference, key));
        }

        using var bundle = new ResponseBundle(call, "batch-response", preference, entries.Length > 0);
        for (var i = 0; i < entries.Length; i++)
        {
            if (answers[i] is { } answer)
            {
                bundle.Add(answer);
            }
            else
            {
                bundle.Add(problems[i]!);
            }
        }

        await bundle.SendAsync(entries.Length > 0);
    }

    /// <param name="key">Idempotency-Key of the whole; each entry has its own below it.</param>
    public static async Task<InnerAnswer> SendAsync(FhirCall call, InnerRequests inner, OuterRequest outer, BundleEntry entry, Preference preference, string? key)
    {
        var (body, type) = entry.Method == "PATCH" ? Patches.BodyOf(entry.Resource, entry.Bytes) : (entry.Bytes, "application/fhir+json");
        return await inner.SendAsync(outer, entry.Method, entry.Path, entry.Query, entry.IsRead || entry.Method == "DELETE" ? default : body, type,
            ("If-Match", entry.IfMatch),
            ("If-None-Match", entry.IfNoneMatch),
            ("If-None-Exist", entry.IfNoneExist),
            ("If-Modified-Since", HttpDate(entry.IfModifiedSince)),
            ("Idempotency-Key", key is null ? null : FormattableString.Invariant($"{key}#{entry.Index}")),
            ("Prefer", (call.Lenient ? "handling=lenient," : "") + (preference switch
            {
                Preference.Representation => "return=representation",
                Preference.Outcome => "return=OperationOutcome",
                _ => "return=minimal",
            })));
    }

    private static string? HttpDate(string? instant) =>
        instant is not null && Kernel.PartialDate.TryParseFhir(instant, out var date) ? FhirAnswer.HttpDate(date.Low) : null;
}
