using Mach.Access;
using Mach.Access.Authority;
using Mach.Contracts.People;
using Mach.Fhir.Search;
using Mach.Kernel;
using Mach.Store;

namespace Mach.Trust.Policy;

/// <summary>
/// Answers "why can Dr Lan see this?" by asking the record itself: with the sight the account has, with each way of it alone, and with each obstacle
/// taken away. The statements are the ones that every other door uses, so that the explanation cannot differ from what happens.
/// </summary>
internal sealed class Simulator(RecordStore store, Sights sights, Emergencies emergencies, IPersonLinks links)
{
    private static readonly DataLabels[] Labels = [.. Enum.GetValues<DataLabels>().Where(l => l is not (DataLabels.None or DataLabels.All))];
    private static readonly TieKinds[] Ties = [TieKinds.Referral, TieKinds.Registration, TieKinds.Ward, TieKinds.Team];

    /// <summary>The Patient id for what was typed: an id, or a whole number of an identity card, insurance card or the like.</summary>
    /// <returns>Null when the one who asks sees nobody of it, or several.</returns>
    public static async Task<string?> FindAsync(RecordView seen, string typed, CancellationToken ct)
    {
        var text = typed.Trim();
        if (text.Length is 0 or > 64)
        {
            return null;
        }

        if (await seen.ReadAsync("Patient", text, ct) is { IsDeleted: false })
        {
            return text;
        }

        var matches = (await seen.SearchAsync(SearchQuery.Parse("Patient", [KeyValuePair.Create("identifier", text.Replace("\\", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal).Replace("|", "", StringComparison.Ordinal))]) with { Count = 2 }, ct)).Matches;
        return matches is [var one] ? one.Id : null;
    }

    public async Task<Explanation> ExplainAsync(Account account, string person, AccessPolicy policy, bool draft, CancellationToken ct)
    {
        var given = await sights.OfAccountAsync(account.Name, account.Roles, account.Facility, policy, ct);
        var linked = await links.LinkedAsync(person, ct);
        Task<long> Seen(Sight sight) => CountAsync(sight, linked, ct);

        var sight = given.Sight;
        var shown = await Seen(sight);
        List<Reason> ways = [], hidden = [];
        foreach (var (key, way) in Ways(given, await emergencies.OpenOfAsync(account.Name, ct)))
        {
            if (await Seen(way) is > 0 and var pieces)
            {
                ways.Add(new(key, pieces));
            }
        }

        foreach (var (key, without) in Obstacles(sight))
        {
            if (await Seen(without) - shown is > 0 and var pieces)
            {
                hidden.Add(new(key, pieces));
            }
        }

        return new(account, person, draft, given) { Total = await Seen(Sight.Everything), Shown = shown, Ways = ways, Hidden = hidden };
    }

    private async Task<long> CountAsync(Sight sight, IReadOnlyList<string> linked, CancellationToken ct) =>
        (await store.As(sight).CompartmentCountsAsync(linked, ct)).Values.Sum();

    private static IEnumerable<(string Key, Sight Way)> Ways(GivenSight given, IReadOnlyList<Emergency> open)
    {
        var sight = given.Sight;
        var none = sight with { IsEveryone = false, EveryoneTypes = [], CountsVisits = false, Ties = TieKinds.None, CountsConsents = false, Persons = [], ActsFor = [] };
        if (given.Place.Person is { } own)
        {
            yield return ("Own", none with { Persons = [own] });
        }

        if (open.Count > 0)
        {
            yield return ("Emergency", none with { Persons = [.. open.Select(e => e.Person)] });
        }

        if (sight.ActsFor.Count > 0)
        {
            yield return ("Proxy", none with { ActsFor = sight.ActsFor });
        }

        if (sight.IsEveryone)
        {
            yield return ("Everyone", none with { IsEveryone = true });
        }

        if (sight.EveryoneTypes.Count > 0)
        {
            yield return ("Types", none with { EveryoneTypes = sight.EveryoneTypes });
        }

        if (sight.CountsVisits)
        {
            yield return ("Visit", none with { CountsVisits = true });
        }

        foreach (var tie in Ties.Where(t => (sight.Ties & t) != 0))
        {
            yield return (tie.ToString(), none with { Ties = tie });
        }

        if (sight.CountsConsents)
        {
            yield return ("Consent", none with { CountsConsents = true });
        }
    }

    private static IEnumerable<(string Key, Sight Without)> Obstacles(Sight sight)
    {
        yield return ("Relationship", sight with { IsEveryone = true });
        // Nobody's decision is about no purpose.
        yield return ("Decision", sight with { IsByLaw = true, Purpose = Purposes.None });
        foreach (var label in Labels.Where(l => ((sight.Hidden | sight.HiddenHere) & l) != 0))
        {
            yield return (label.ToString(), sight with { Hidden = sight.Hidden & ~label, HiddenHere = sight.HiddenHere & ~label });
        }
    }
}
