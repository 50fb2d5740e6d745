using System.Text.Json;
using System.Text.Json.Serialization;
using Mach.Kernel;

namespace Mach.Access.Authority;

/// <summary>
/// Who may see what, as data: one rule a role. What no rule opens is closed. An account that is bound to no facility acts for all of them.
/// </summary>
/// <param name="Version">Day of the policy.</param>
/// <param name="ProxyHides">Labels that are hidden from who acts for another.</param>
public sealed record AccessPolicy(string Version, IReadOnlyList<PolicyRule> Rules, IReadOnlyList<DataLabels> ProxyHides, EmergencyRule Emergency)
{
    private const int MonthDays = 30;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() }, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>The policy that is in force.</summary>
    public static AccessPolicy Shipped { get; } = Load();

    /// <exception cref="JsonException">Not a policy.</exception>
    public static AccessPolicy Parse(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<AccessPolicy>(json, Json) ?? throw new JsonException("The policy is empty.");

    /// <summary>What the roles together show. People opened in an emergency, the own record and those for whom one acts come on top (<see cref="Sight.Persons"/>, <see cref="Sight.ActsFor"/>).</summary>
    public Sight SightOf(IReadOnlyCollection<string> roles, Workplace place, DateTimeOffset now)
    {
        var rules = place.IsOffDuty ? [] : Rules.Where(r => roles.Contains(r.Role) && (place.Roles?.Contains(r.Role) ?? true)).ToList();
        if (rules.Count == 0)
        {
            return new Sight { Hidden = DataLabels.All, HiddenHere = DataLabels.All, Now = now };
        }

        var own = rules.Where(r => r.People == PolicyPeople.Own).ToList();
        var tied = rules.Where(r => r.People != PolicyPeople.None).ToList();
        return new Sight
        {
            IsEveryone = own.Count > 0 && place.IsEverywhere,
            EveryoneTypes = [.. rules.SelectMany(r => r.EveryoneTypes).Distinct()],
            Facilities = tied.Count > 0 && place.Facility is { } facility ? [facility] : [],
            CountsVisits = own.Count > 0,
            Since = now - TimeSpan.FromDays(rules.Max(r => r.Months) * MonthDays),
            Ties = tied.Aggregate(TieKinds.None, (all, r) => all | r.Tie),
            TiedSince = now - TimeSpan.FromDays(rules.Max(r => r.TieMonths) * MonthDays),
            Wards = place.Ward is { } ward ? [ward] : [],
            Practitioner = place.Practitioner,
            CountsConsents = rules.Exists(r => r.Consents),
            Purpose = rules.Aggregate(Purposes.None, (all, r) => all | r.Purpose),
            IsByLaw = rules.TrueForAll(r => r.ByLaw),
            Now = now,
            Hidden = rules.Aggregate(DataLabels.All, (hidden, r) => hidden & ~r.Open),
            HiddenHere = rules.Aggregate(DataLabels.All, (hidden, r) => hidden & ~r.OpenHere),
        };
    }

    /// <summary>Labels that are hidden from who acts for another.</summary>
    internal DataLabels HiddenFromProxy => ProxyHides.Aggregate(DataLabels.None, static (all, one) => all | one);

    private static AccessPolicy Load()
    {
        using var stream = typeof(AccessPolicy).Assembly.GetManifestResourceStream("policy.json") ?? throw new InvalidOperationException("policy.json is not embedded.");
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        return Parse(buffer.ToArray());
    }
}

/// <summary>Whose record a role sees.</summary>
public enum PolicyPeople
{
    None,

    /// <summary>Those whom the own facility has cared for within the months of the rule, and those with one of its ties.</summary>
    Own,

    /// <summary>Those with one of the ties of the rule alone.</summary>
    Ward,
}

/// <param name="EveryoneTypes">Resource types that are seen of all people.</param>
/// <param name="Months">A visit at the own facility counts as a relationship for so long.</param>
/// <param name="Ties">What else counts as a relationship.</param>
/// <param name="TieMonths">A referral counts for so long.</param>
/// <param name="Consents">A person's permission counts as a relationship.</param>
/// <param name="Purpose">Why this role looks.</param>
/// <param name="ByLaw">The purpose is a duty: only a decision that names it stands against it.</param>
/// <param name="Opens">Labels that are seen wherever they were written.</param>
/// <param name="OpensHere">Labels that are seen in what the own facility wrote.</param>
/// <param name="Emergency">May open a record in an emergency.</param>
public sealed record PolicyRule(string Role, PolicyWords Why, PolicyPeople People, IReadOnlyList<string> EveryoneTypes, int Months,
    IReadOnlyList<TieKinds> Ties, int TieMonths, bool Consents, Purposes Purpose, bool ByLaw, IReadOnlyList<DataLabels> Opens, IReadOnlyList<DataLabels> OpensHere, bool Emergency)
{
    internal TieKinds Tie => Ties.Aggregate(TieKinds.None, static (all, one) => all | one);

    internal DataLabels Open => Opens.Aggregate(DataLabels.None, static (all, one) => all | one);

    internal DataLabels OpenHere => Open | OpensHere.Aggregate(DataLabels.None, static (all, one) => all | one);
}

/// <summary>A sentence in both languages.</summary>
public sealed record PolicyWords(string Vi, string En);

/// <param name="Hours">So long a record stays open.</param>
/// <param name="ReviewHours">Within so long a data officer has to judge it.</param>
public sealed record EmergencyRule(int Hours, int ReviewHours);
