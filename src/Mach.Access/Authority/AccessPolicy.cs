using System.Text.Json;
using System.Text.Json.Serialization;
using Mach.Kernel;

namespace Mach.Access.Authority;

/// <summary>
/// Who may see what, as data: one rule a role. What no rule opens is closed. An account that is bound to no facility acts for all of them.
/// </summary>
/// <param name="Version">Day of the policy.</param>
public sealed record AccessPolicy(string Version, IReadOnlyList<PolicyRule> Rules, EmergencyRule Emergency)
{
    private const int MonthDays = 30;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() }, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>The policy that is in force.</summary>
    public static AccessPolicy Shipped { get; } = Load();

    /// <exception cref="JsonException">Not a policy.</exception>
    public static AccessPolicy Parse(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<AccessPolicy>(json, Json) ?? throw new JsonException("The policy is empty.");

    /// <summary>What the roles together show. People opened in an emergency come on top (<see cref="Sight.Persons"/>).</summary>
    /// <param name="facility">Code of the facility that the account is bound to; null = it acts for all.</param>
    public Sight SightOf(IReadOnlyCollection<string> roles, string? facility, DateTimeOffset now)
    {
        var rules = Rules.Where(r => roles.Contains(r.Role)).ToList();
        if (rules.Count == 0)
        {
            return new Sight { Hidden = DataLabels.All, HiddenHere = DataLabels.All };
        }

        var own = rules.Exists(r => r.People == PolicyPeople.Own);
        return new Sight
        {
            IsEveryone = own && facility is null,
            EveryoneTypes = [.. rules.SelectMany(r => r.EveryoneTypes).Distinct()],
            Facilities = own && facility is not null ? [facility] : [],
            Since = now - TimeSpan.FromDays(rules.Max(r => r.Months) * MonthDays),
            Hidden = rules.Aggregate(DataLabels.All, (hidden, r) => hidden & ~r.Open),
            HiddenHere = rules.Aggregate(DataLabels.All, (hidden, r) => hidden & ~r.OpenHere),
        };
    }

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

    /// <summary>Those whom the own facility has cared for within the months of the rule.</summary>
    Own,
}

/// <param name="EveryoneTypes">Resource types that are seen of all people.</param>
/// <param name="Months">A visit at the own facility counts as a relationship for so long.</param>
/// <param name="Opens">Labels that are seen wherever they were written.</param>
/// <param name="OpensHere">Labels that are seen in what the own facility wrote.</param>
/// <param name="Emergency">May open a record in an emergency.</param>
public sealed record PolicyRule(string Role, PolicyWords Why, PolicyPeople People, IReadOnlyList<string> EveryoneTypes, int Months, IReadOnlyList<DataLabels> Opens, IReadOnlyList<DataLabels> OpensHere, bool Emergency)
{
    internal DataLabels Open => Opens.Aggregate(DataLabels.None, static (all, one) => all | one);

    internal DataLabels OpenHere => Open | OpensHere.Aggregate(DataLabels.None, static (all, one) => all | one);
}

/// <summary>A sentence in both languages.</summary>
public sealed record PolicyWords(string Vi, string En);

/// <param name="Hours">So long a record stays open.</param>
/// <param name="ReviewHours">Within so long a data officer has to judge it.</param>
public sealed record EmergencyRule(int Hours, int ReviewHours);
