using System.Text.Json;
using System.Text.Json.Serialization;
using Mach.Access.Authority;

namespace Mach.Access.Looks;

/// <summary>How much a flag weighs before anybody has looked at it.</summary>
public enum LookSeverity
{
    Low = 1,
    Medium = 2,
    High = 3,
}

/// <summary>One rule about unusual looking; what a rule does not use is 0 or empty.</summary>
/// <param name="Code">As flags carry it: no-tie, own, relative …</param>
/// <param name="Roles">Judged are accounts with one of these; empty = everybody who works here.</param>
public sealed record LookRule(string Code, bool On, LookSeverity Severity, PolicyWords Why, IReadOnlyList<string> Roles)
{
    /// <summary>Below this the usual does not matter.</summary>
    public int Least { get; init; }

    /// <summary>So many times the usual is unusual.</summary>
    public int Factor { get; init; }

    /// <summary>More than this is unusual, whatever is usual.</summary>
    public int Most { get; init; }

    /// <summary>First and last hour of the night in Viet Nam: from the first on, before the last.</summary>
    public int FromHour { get; init; }

    public int ToHour { get; init; }

    /// <summary>On so many of the last 30 days it was done too: then it is usual.</summary>
    public int UsualDays { get; init; }

    /// <summary>A visit where the account works counts as a relation of care for so many months.</summary>
    public int Months { get; init; }

    /// <summary>Family names, folded, that tell nothing.</summary>
    public IReadOnlyList<string> ExceptNames { get; init; } = [];
}

/// <summary>What counts as unusual looking, as data: <c>looks.json</c> of the program, or of the data folder.</summary>
/// <param name="Version">Day of the rules.</param>
/// <param name="ListAbove">A line that shows more people is a list: it is no look at each of them.</param>
/// <param name="OtherDoors">Names of doors that show lines about people and not the people.</param>
public sealed record LookPolicy(string Version, int ListAbove, IReadOnlyList<string> OtherDoors, IReadOnlyList<LookRule> Rules)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() }, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    public static LookPolicy Shipped { get; } = Load();

    /// <exception cref="JsonException">No rules, or rules that nobody knows.</exception>
    public static LookPolicy Parse(ReadOnlySpan<byte> json)
    {
        var policy = JsonSerializer.Deserialize<LookPolicy>(json, Json) ?? throw new JsonException("The rules about looks are empty.");
        return policy.Rules.FirstOrDefault(r => !LookCodes.Watched.Contains(r.Code)) is { } unknown ? throw new JsonException($"There is no rule {unknown.Code} about looks.")
            : policy.Rules.DistinctBy(r => r.Code).Count() < policy.Rules.Count ? throw new JsonException("A rule about looks stands there twice.")
            : policy;
    }

    /// <summary>As a file that <see cref="Parse"/> reads.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>What keeps it from being in force; null = nothing. A number is asked for where the program's own rule has one.</summary>
    public AccountProblem? Check()
    {
        foreach (var (rule, own) in Rules.Join(Shipped.Rules, r => r.Code, r => r.Code, (rule, own) => (rule, own)))
        {
            bool Bad(int value, int shipped, int least, int most) => shipped == 0 ? value != 0 : value < least || value > most;
            if (Bad(rule.Least, own.Least, 1, MostPeople) || Bad(rule.Factor, own.Factor, 1, 100) || Bad(rule.Most, own.Most, 1, MostPeople) || Bad(rule.UsualDays, own.UsualDays, 1, LookWindow.Days)
                || Bad(rule.Months, own.Months, 1, AccessPolicy.MostMonths) || rule.FromHour is < 0 or > 23 || rule.ToHour is < 0 or > 23)
            {
                return new("looks.numbers", $"Quy tắc {rule.Code}: có số ngoài phạm vi cho phép.", $"Rule {rule.Code}: a number is out of its range.");
            }

            if (rule.Roles.FirstOrDefault(r => !Access.Roles.All.Contains(r)) is { } role || !Enum.IsDefined(rule.Severity))
            {
                return new("looks.roles", $"Quy tắc {rule.Code}: không có vai trò hoặc mức độ này.", $"Rule {rule.Code}: there is no such role or severity.");
            }
        }

        return ListAbove is < 1 or > 1000 ? new("looks.list", "Danh sách: từ 1 đến 1000 người.", "A list: 1 to 1000 people.") : null;
    }

    /// <summary>What other rules would change: code (or "list"), field, before, after.</summary>
    public IReadOnlyList<PolicyDifference> Differences(LookPolicy other)
    {
        var all = Rules.Join(other.Rules, r => r.Code, r => r.Code, (before, after) => Fields(before).Zip(Fields(after), (a, b) => new PolicyDifference(before.Code, a.Field, a.Value, b.Value))).SelectMany(d => d).ToList();
        all.Add(new("list", "listAbove", Text(ListAbove), Text(other.ListAbove)));
        return [.. all.Where(d => d.Before != d.After)];
    }

    private static IEnumerable<(string Field, string Value)> Fields(LookRule rule) =>
    [
        ("on", rule.On ? "True" : "False"), ("severity", rule.Severity.ToString()), ("lookRoles", string.Join(' ', rule.Roles.Order(StringComparer.Ordinal))), ("least", Text(rule.Least)), ("factor", Text(rule.Factor)),
        ("most", Text(rule.Most)), ("fromHour", Text(rule.FromHour)), ("toHour", Text(rule.ToHour)), ("usualDays", Text(rule.UsualDays)), ("visitMonths", Text(rule.Months)), ("exceptNames", string.Join(' ', rule.ExceptNames.Order(StringComparer.Ordinal))),
    ];

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private const int MostPeople = 100_000;

    /// <summary>The rule when it is on and judges an account with these roles.</summary>
    internal LookRule? For(string code, IReadOnlyList<string> roles) =>
        Rules.FirstOrDefault(r => r.Code == code) is { On: true } rule && (rule.Roles.Count == 0 || rule.Roles.Any(roles.Contains)) ? rule : null;

    private static LookPolicy Load()
    {
        using var stream = typeof(LookPolicy).Assembly.GetManifestResourceStream("looks.json") ?? throw new InvalidOperationException("looks.json is not embedded.");
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        return Parse(buffer.ToArray());
    }
}

/// <summary>Names of the rules.</summary>
public static class LookCodes
{
    public const string NoTie = "no-tie", NoRelation = "no-relation", Own = "own", Relative = "relative", Address = "address", Neighbour = "neighbour", Colleague = "colleague", Confidential = "confidential";
    public const string ManyHour = "many-hour", ManyDay = "many-day", Bulk = "bulk", OffDuty = "off-duty", Night = "night", Denials = "denials", Returning = "returning";

    /// <summary>The person asks about a look; no rule makes it.</summary>
    public const string Question = "question";

    public static readonly IReadOnlyList<string> Watched = [NoTie, NoRelation, Own, Relative, Address, Neighbour, Colleague, Confidential, ManyHour, ManyDay, Bulk, OffDuty, Night, Denials, Returning];

    public static readonly IReadOnlyList<string> All = [.. Watched, Question];
}
