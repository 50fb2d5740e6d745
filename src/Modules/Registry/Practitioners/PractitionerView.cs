using Mach.Registry.Ledgers;

namespace Mach.Registry.Practitioners;

public enum LicenceState { Future, Valid, Expiring, Expired, Suspended, Revoked }

/// <summary>A licence with its state on one day.</summary>
/// <param name="Expiry">Last day; <see cref="DateOnly.MaxValue"/> = without end (issued before 2024 under the law of 2009).</param>
public sealed record LicenceView(string Number, string Title, string Issuer, IReadOnlyList<string> Scope, DateOnly Issued, DateOnly Expiry, LicenceState State);

/// <summary>A post at a facility.</summary>
/// <param name="To">First day on which it is no longer held; <see cref="DateOnly.MaxValue"/> = open.</param>
public sealed record PostView(string Facility, string Role, string Department, string Hours, DateOnly From, DateOnly To)
{
    public bool Holds(DateOnly date) => From <= date && date < To;
}

/// <summary>A practitioner as known at one moment, with licences by their state on one day and all posts.</summary>
public sealed record PractitionerView(string Id, string Name, string? Born, string? Sex, IReadOnlyList<LicenceView> Licences, IReadOnlyList<PostView> Posts)
{
    /// <summary>A licence is shown as expiring in its last days. Source: the officer's lists at 12, 6 and 3 months; the shortest is used.</summary>
    public const int ExpiringDays = 90;

    /// <summary>Null when nothing is known of the person.</summary>
    internal static PractitionerView? Read(Ledger ledger, string id, DateOnly date, long knownAt)
    {
        var known = ledger.Of(id).Where(f => f.KnownAt(knownAt)).OrderBy(f => f.From).ToList();
        if (known.Count == 0)
        {
            return null;
        }

        string? Value(string aspect) => known.FindLast(f => f.Aspect == aspect && f.Holds(date))?.Value ?? known.FindLast(f => f.Aspect == aspect)?.Value;
        return new PractitionerView(
            id,
            Value(PractitionerAspects.Name) ?? id,
            Value(PractitionerAspects.Born),
            Value(PractitionerAspects.Sex),
            [.. known.Where(f => f.Aspect.StartsWith(PractitionerAspects.LicencePrefix, StringComparison.Ordinal)).GroupBy(f => f.Aspect, StringComparer.Ordinal).Select(g => Licence(known, g.FirstOrDefault(f => f.Holds(date)) ?? g.Last(), date))],
            [.. known.Where(f => f.Aspect.StartsWith(PractitionerAspects.PostPrefix, StringComparison.Ordinal)).Select(Post).OrderByDescending(p => p.From)]);
    }

    private static LicenceView Licence(List<Fact> known, Fact fact, DateOnly date)
    {
        var number = fact.Aspect[PractitionerAspects.LicencePrefix.Length..];
        var terms = LicenceTerms.Read(fact.Value);
        var expiry = fact.To == DateOnly.MaxValue ? DateOnly.MaxValue : fact.To.AddDays(-1);
        var withheld = known.Find(f => f.Aspect == PractitionerAspects.LicenceStatePrefix + number && f.Holds(date))?.Value;
        var state = withheld switch
        {
            "revoked" => LicenceState.Revoked,
            "suspended" => LicenceState.Suspended,
            _ when date < fact.From => LicenceState.Future,
            _ when date > expiry => LicenceState.Expired,
            _ when expiry != DateOnly.MaxValue && expiry.DayNumber - date.DayNumber <= ExpiringDays => LicenceState.Expiring,
            _ => LicenceState.Valid,
        };
        return new LicenceView(number, terms.Title, terms.Issuer, terms.Scope, fact.From, expiry, state);
    }

    private static PostView Post(Fact fact)
    {
        var terms = PostTerms.Read(fact.Value);
        return new PostView(fact.Aspect[PractitionerAspects.PostPrefix.Length..], terms.Role, terms.Department, terms.Hours, fact.From, fact.To);
    }
}
