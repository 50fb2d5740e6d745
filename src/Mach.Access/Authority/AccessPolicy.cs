using System.Globalization;
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
    internal const int MonthDays = 30;

    /// <summary>A hundred years: for ever.</summary>
    public const int MostMonths = 1200;
    public const int MostHours = 24;
    public const int MostReviewHours = 72;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() }, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>The policy that came with the program; in force until data officers put another in its place (<see cref="PolicyBook"/>).</summary>
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

    /// <summary>One of the roles has a rule that lets it open a record in an emergency.</summary>
    public bool MayOpenInEmergency(IReadOnlyCollection<string> roles) => Rules.Any(r => r.Emergency && roles.Contains(r.Role));

    /// <summary>What keeps it from being in force; null = nothing.</summary>
    internal AccountProblem? Check() =>
        !Rules.Select(r => r.Role).Order(StringComparer.Ordinal).SequenceEqual(Shipped.Rules.Select(r => r.Role).Order(StringComparer.Ordinal))
            ? new("policy.roles", "Chính sách phải có đúng một quy tắc cho mỗi vai trò.", "The policy has to have one rule for each role.")
        : Rules.FirstOrDefault(r => r.Months is < 0 or > MostMonths || r.TieMonths is < 0 or > MostMonths) is { } long_
            ? new("policy.months", $"Vai trò {long_.Role}: số tháng từ 0 đến {MostMonths}.", $"Role {long_.Role}: months are from 0 to {MostMonths}.")
        : Rules.FirstOrDefault(r => r.Purpose == Purposes.None || (r.Purpose & ~Purposes.All) != 0) is { } aimless
            ? new("policy.purpose", $"Vai trò {aimless.Role}: cần một mục đích.", $"Role {aimless.Role}: a purpose is needed.")
        : Emergency.Hours is < 1 or > MostHours || Emergency.ReviewHours is < 1 or > MostReviewHours
            ? new("policy.emergency", $"Mở khẩn cấp từ 1 đến {MostHours} giờ, xem xét trong 1 đến {MostReviewHours} giờ.", $"An emergency lasts 1 to {MostHours} hours and is reviewed within 1 to {MostReviewHours} hours.")
        : null;

    /// <summary>What another policy would change, as "role.field", "emergency.field" or "proxyHides", in the order of the policy.</summary>
    public IReadOnlyList<PolicyDifference> Differences(AccessPolicy other)
    {
        List<PolicyDifference> all = [];
        foreach (var (before, after) in Rules.Join(other.Rules, r => r.Role, r => r.Role, (a, b) => (a, b)))
        {
            void Add(string field, string from, string to)
            {
                if (from != to)
                {
                    all.Add(new(before.Role, field, from, to));
                }
            }

            Add("people", before.People.ToString(), after.People.ToString());
            Add("everyoneTypes", Listed(before.EveryoneTypes), Listed(after.EveryoneTypes));
            Add("months", Text(before.Months), Text(after.Months));
            Add("ties", Listed(before.Ties), Listed(after.Ties));
            Add("tieMonths", Text(before.TieMonths), Text(after.TieMonths));
            Add("consents", Text(before.Consents), Text(after.Consents));
            Add("purpose", before.Purpose.ToString(), after.Purpose.ToString());
            Add("byLaw", Text(before.ByLaw), Text(after.ByLaw));
            Add("opens", Listed(before.Opens), Listed(after.Opens));
            Add("opensHere", Listed(before.OpensHere), Listed(after.OpensHere));
            Add("emergency", Text(before.Emergency), Text(after.Emergency));
        }

        all.AddRange(new PolicyDifference[]
        {
            new("emergency", "hours", Text(Emergency.Hours), Text(other.Emergency.Hours)),
            new("emergency", "reviewHours", Text(Emergency.ReviewHours), Text(other.Emergency.ReviewHours)),
            new("proxy", "proxyHides", Listed(ProxyHides), Listed(other.ProxyHides)),
        }.Where(d => d.Before != d.After));
        return all;
    }

    private static string Listed<T>(IEnumerable<T> all) => string.Join(' ', all.Select(one => one!.ToString()).Order(StringComparer.Ordinal));

    private static string Text<T>(T value) => string.Create(CultureInfo.InvariantCulture, $"{value}");

    /// <summary>As a file that <see cref="Parse"/> reads.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

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

/// <summary>One change from a policy to another.</summary>
/// <param name="Rule">Role; "emergency" and "proxy" for what holds for all roles.</param>
/// <param name="Field">As in the file.</param>
/// <param name="Before">Values of a list are separated by blanks.</param>
public sealed record PolicyDifference(string Rule, string Field, string Before, string After);

/// <summary>A sentence in both languages.</summary>
public sealed record PolicyWords(string Vi, string En);

/// <param name="Hours">So long a record stays open.</param>
/// <param name="ReviewHours">Within so long a data officer has to judge it.</param>
public sealed record EmergencyRule(int Hours, int ReviewHours);
