using Mach.Access.Authority;
using Mach.Contracts.People;
using Mach.Fhir.Search;
using Mach.FhirApi.Terminology;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.FhirApi.Interactions;

/// <summary>What a search names and has to be looked up before it is read.</summary>
/// <param name="Sets">Value sets of ":in" and ":not-in"; null = none.</param>
/// <param name="Linked">People of ":mdm" with their records; null = none, or no index of persons.</param>
internal readonly record struct NamedInSearch(ConceptSets? Sets, LinkedPatients? Linked)
{
    /// <summary>So many people may be named with ":mdm" in one search.</summary>
    public const int MaxPeople = 100;

    /// <exception cref="FhirProblem">400: a value set that is not known. 403: links are asked for by a token that may not read Patients, which hold them. 422: too many people.</exception>
    public static async Task<NamedInSearch> OfAsync(FhirCall call, IReadOnlyCollection<KeyValuePair<string, string>> pairs) =>
        new(await NamedSets.OfAsync(call, pairs), await LinkedAsync(call, pairs));

    /// <summary>
    /// The links that the caller may see: where a Patient is hidden, that it is the same person is hidden with it, and no answer tells it. Asked anew for each page,
    /// so that a link that is taken apart is gone at once; the cursor of a search over other records is refused.
    /// </summary>
    private static async Task<LinkedPatients?> LinkedAsync(FhirCall call, IReadOnlyCollection<KeyValuePair<string, string>> pairs)
    {
        if (!LinkedPatients.Asks(pairs) || call.Context.RequestServices.GetService<IPersonLinks>() is not { } links)
        {
            return null;
        }

        call.Need("Patient", 'r');
        var named = LinkedPatients.Named(pairs, call.Base);
        if (named.Count > MaxPeople)
        {
            throw new FhirProblem(StatusCodes.Status422UnprocessableEntity, "too-costly", $":mdm takes at most {MaxPeople} people in one search, not {named.Count}.");
        }

        var found = new LinkedPatients();
        foreach (var id in named)
        {
            found[id] = await links.LinkedAsync(id, call.Aborted);
        }

        // Looked at, not given out: the trail tells what the search shows.
        var several = found.Values.Where(ids => ids.Count > 1).SelectMany(ids => ids).Distinct(StringComparer.Ordinal).Select(id => ("Patient", id));
        var seen = (await call.Store.As(call.Context.Sight()).ReadManyAsync([.. several], call.Aborted)).Select(p => p.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var id in named)
        {
            found[id] = seen.Contains(id) ? [.. found[id].Where(seen.Contains)] : [id];
        }

        return found;
    }
}
