using System.Text.Json;
using Mach.Access.Audit;
using Mach.Access.Authority;
using Mach.Access.Looks;

namespace Mach.Access.Tests.Looks;

/// <summary>The rules about looks as rows: what was done before, what is done now, and which rules hold it against the account.</summary>
public sealed class LookRuleTests
{
    /// <summary>Thursday, 15 January 2026, 8:00 in Viet Nam.</summary>
    private static readonly DateTimeOffset Morning = new(2026, 1, 15, 8, 0, 0, TimeSpan.FromHours(7));

    private const string Doctor = "doctor";

    private static readonly LookFacts Known = new()
    {
        Own = "me",
        ActsFor = ["child"],
        Confidential = new HashSet<string> { "hidden", "me" },
        Colleagues = new HashSet<string> { "mate", "me" },
        Bonds = new Dictionary<string, BondOfTwo>
        {
            ["me2"] = new(PersonBond.Self, ""),
            ["wife"] = new(PersonBond.Relative | PersonBond.Address | PersonBond.Neighbour, "khuc"),
            ["lodger"] = new(PersonBond.Address, ""),
            ["khuc"] = new(PersonBond.Neighbour, "khuc"),
            ["nguyen"] = new(PersonBond.Neighbour, "nguyen"),
            ["child"] = new(PersonBond.Relative | PersonBond.Address, ""),
        },
    };

    public static TheoryData<string, string, string, string> OnPersons => new()
    {
        // person, roles, purpose, rules
        { "anybody", Doctor, "TREAT", "" },
        { "anybody", Doctor, "ETREAT", "no-tie" },
        { "me", Doctor, "PATRQT", "own" },
        { "me", "person", "PATRQT", "" },
        { "me", "person doctor", "PATRQT", "own" },
        { "me2", Doctor, "TREAT", "own" },
        { "wife", Doctor, "TREAT", "relative" },
        { "wife", Doctor, "ETREAT", "no-tie relative" },
        { "lodger", Doctor, "TREAT", "address" },
        { "khuc", Doctor, "TREAT", "neighbour" },
        { "nguyen", Doctor, "TREAT", "" },
        { "child", Doctor, "PATRQT", "" },
        { "mate", Doctor, "TREAT", "colleague" },
        { "hidden", "data-officer", "HOPERAT", "confidential" },
        { "hidden", "person", "HOPERAT", "" },
    };

    [Theory, MemberData(nameof(OnPersons))]
    public void What_ties_two_people_beside_care_is_a_flag(string person, string roles, string purpose, string rules)
    {
        var line = Line(1, Morning, persons: [person], purpose: purpose, roles: roles);
        var hits = Judge([], line, Known);
        Assert.Equal(rules, string.Join(' ', hits.Select(h => h.Rule)));
        Assert.All(hits, h => Assert.Equal((person, "bs", 1, "c-1"), (h.Person, h.Account, h.Count, h.Evidence.Single())));
        Assert.All(hits, h => Assert.Equal(new DateOnly(2026, 1, 15), h.Day));
    }

    // person, roles, purpose, whether it is known who is related, rules
    [Theory]
    [InlineData("anybody", Doctor, "TREAT", true, "no-relation")]
    [InlineData("anybody", "nurse", "TREAT", true, "no-relation")]
    [InlineData("anybody", Doctor, "TREAT", false, "")]
    [InlineData("mine", Doctor, "TREAT", true, "")]
    [InlineData("anybody", Doctor, "ETREAT", true, "no-tie")]
    [InlineData("anybody", "data-officer", "HOPERAT", true, "")]
    [InlineData("anybody", "registrar", "TREAT", true, "")]
    [InlineData("child", Doctor, "PATRQT", true, "")]
    [InlineData("me", Doctor, "PATRQT", true, "own")]
    [InlineData("wife", Doctor, "TREAT", true, "no-relation relative")]
    public void Looking_by_right_of_a_facility_or_role_alone_is_a_flag(string person, string roles, string purpose, bool isKnown, string rules)
    {
        var line = Line(1, Morning, persons: [person], purpose: purpose, roles: roles);
        Assert.Equal(rules, string.Join(' ', Judge([], line, Known with { Related = isKnown ? new HashSet<string> { "mine" } : null }).Select(h => h.Rule)));
    }

    public static TheoryData<int, int, int, string> Crowds => new()
    {
        // people a day in the last ten days, people today within the hour, people today before, rules with what they measured
        { 0, 120, 0, "" },
        { 0, 121, 0, "many-hour:121" },
        { 0, 100, 201, "many-day:301" },
        { 4, 20, 0, "" },
        { 4, 21, 0, "many-hour:21" },
        { 10, 21, 0, "" },
        { 10, 31, 0, "many-hour:31" },
        { 10, 20, 21, "many-day:41" },
        { 60, 121, 0, "many-hour:121" },
        { 60, 20, 161, "many-day:181" },
    };

    [Theory, MemberData(nameof(Crowds))]
    public void Many_people_are_many_against_the_usual_and_against_all(int usual, int now, int before, string rules)
    {
        var history = Enumerable.Range(1, usual == 0 ? 0 : 10).SelectMany(day => Enumerable.Range(0, usual).Select(i => Line(0, Morning.AddDays(-day), [$"d{day}-{i}"])))
            .Concat(Enumerable.Range(0, before).Select(i => Line(0, Morning.AddHours(-4).AddSeconds(i), ["b" + i])))
            .Concat(Enumerable.Range(1, now - 1).Select(i => Line(0, Morning.AddMinutes(-5).AddMilliseconds(i), ["n" + i])));
        var hits = Judge(history, Line(9, Morning, ["n0"]), LookFacts.Nothing);
        Assert.Equal(rules, string.Join(' ', hits.Select(h => $"{h.Rule}:{h.Count}")));
        Assert.All(hits, h => Assert.True(h.IsMeasured && h.Person.Length == 0 && h.Evidence[^1] == "c-9"));
    }

    [Theory]
    [InlineData(3, 120, AuditAction.Read, "")]
    [InlineData(400, 1, AuditAction.Read, "")]
    [InlineData(501, 1, AuditAction.Read, "bulk")]
    [InlineData(251, 2, AuditAction.Execute, "bulk")]
    [InlineData(501, 1, AuditAction.Update, "")]
    public void Lists_are_no_looks_and_are_counted_by_themselves(int each, int lines, AuditAction action, string rules)
    {
        var all = Enumerable.Range(0, lines).Select(i => Line(i + 1, Morning.AddSeconds(i), [.. Enumerable.Range(0, each).Select(n => each == 3 ? "same" + n : $"p{i}-{n}")], action)).ToList();
        Assert.Equal(rules, string.Join(' ', Judge(all[..^1], all[^1], LookFacts.Nothing).Select(h => h.Rule)));
    }

    public static TheoryData<int, string, int, string> Hours => new()
    {
        // hour, post, earlier nights, rules
        { 8, "", 0, "" },
        { 21, "", 0, "" },
        { 22, "", 0, "night" },
        { 4, "", 0, "night" },
        { 5, "", 0, "" },
        { 2, "", 2, "night" },
        { 2, "", 3, "" },
        { 2, "always", 0, "night" },
        { 2, "shift", 0, "" },
        { 3, "shift", 0, "off-duty" },
        { 8, "shift", 0, "off-duty" },
        { 8, "ended", 0, "off-duty" },
    };

    [Theory, MemberData(nameof(Hours))]
    public void Nights_and_hours_off_duty_are_flags(int hour, string post, int nights, string rules)
    {
        var at = new DateTimeOffset(2026, 1, 15, hour, 30, 0, TimeSpan.FromHours(7));
        var midnight = new DateTimeOffset(2026, 1, 15, 0, 0, 0, TimeSpan.FromHours(7));
        Post[] posts = post switch
        {
            "" => [],
            "always" => [new Post("1", "bs", "79001", null, [], false, midnight.AddDays(-9), null)],
            "ended" => [new Post("1", "bs", "79001", null, [], false, midnight.AddDays(-9), midnight)],
            _ => [new Post("1", "bs", "79001", null, [], true, midnight.AddDays(-9), null) { Shifts = [new Shift(midnight.AddHours(-2), midnight.AddHours(2))] }],
        };
        var history = Enumerable.Range(1, nights).Select(day => Line(0, midnight.AddDays(-day).AddHours(23), ["x"])).ToList();
        Assert.Equal(rules, string.Join(' ', Judge(history, Line(9, at, ["p"]), LookFacts.Nothing with { Posts = posts }).Select(h => h.Rule)));
    }

    [Theory]
    [InlineData(9, 1, "")]
    [InlineData(10, 1, "denials")]
    [InlineData(30, 24, "")]
    public void Many_refusals_on_one_day_are_a_flag(int before, int minutesApart, string rules)
    {
        var history = Enumerable.Range(1, before).Select(i => Line(i, Morning.AddMinutes(-i * minutesApart).AddHours(minutesApart == 24 ? -9 : 0), [], outcome: AccessOutcome.Denied)).ToList();
        var hits = Judge(history, Line(99, Morning, [], outcome: AccessOutcome.Denied), LookFacts.Nothing);
        Assert.Equal(rules, string.Join(' ', hits.Select(h => h.Rule)));
    }

    [Theory]
    [InlineData(7, false, "returning:8")]
    [InlineData(6, false, "")]
    [InlineData(7, true, "")]
    [InlineData(29, false, "returning:30")]
    public void Coming_back_for_days_without_writing_is_a_flag(int days, bool wrote, string rules)
    {
        var history = Enumerable.Range(1, days).Select(day => Line(day, Morning.AddDays(-day), ["p"], wrote && day == 2 ? AuditAction.Update : AuditAction.Read)).ToList();
        Assert.Equal(rules, string.Join(' ', Judge(history, Line(99, Morning, ["p"]), LookFacts.Nothing).Select(h => $"{h.Rule}:{h.Count}")));
    }

    [Fact]
    public void Programs_failures_and_pages_about_the_trail_are_no_looks()
    {
        Assert.Empty(Judge([], Line(1, Morning, ["hidden"]) with { Entry = Line(1, Morning, ["hidden"]).Entry with { Kind = AuditActor.Program } }, Known));
        Assert.Empty(Judge([], Line(1, Morning, ["hidden"], outcome: AccessOutcome.Failed), Known));
        Assert.Empty(Judge([], Line(1, Morning, ["hidden"]) with { Entry = Line(1, Morning, ["hidden"]).Entry with { What = "ui-looks" } }, Known));
        Assert.Empty(Judge([], Line(1, Morning, ["wife"], AuditAction.Create), Known));
    }

    [Fact]
    public void Rules_are_data_that_can_be_turned_off_bound_to_roles_and_refused()
    {
        var shipped = LookPolicy.Shipped;
        Assert.Equal(LookCodes.Watched, shipped.Rules.Select(r => r.Code));
        var line = Line(1, Morning, ["hidden"]);
        IReadOnlyList<LookHit> With(Func<LookRule, LookRule> change) => [.. LookJudge.Judge(shipped with { Rules = [.. shipped.Rules.Select(change)] }, line, new LookWindow(LookWindow.Of(line, shipped)), Known)];
        Assert.Equal(LookSeverity.Low, With(r => r with { Severity = LookSeverity.Low }).Single().Severity);
        Assert.Empty(With(r => r with { On = r.Code != LookCodes.Confidential }));
        Assert.Empty(With(r => r with { Roles = ["nurse"] }));
        Assert.Throws<JsonException>(() => LookPolicy.Parse("""{"version":"1","listAbove":3,"otherDoors":[],"rules":[{"code":"gossip","on":true,"severity":"Low","roles":[],"why":{"vi":"","en":""}}]}"""u8));
        Assert.Throws<JsonException>(() => LookPolicy.Parse("""{"version":"1","listAbove":3,"otherDoors":[],"rules":[],"more":1}"""u8));
    }

    private static IReadOnlyList<LookHit> Judge(IEnumerable<AuditLine> history, AuditLine line, LookFacts facts) =>
        [.. LookJudge.Judge(LookPolicy.Shipped, line, new LookWindow(history.Append(line).SelectMany(l => LookWindow.Of(l, LookPolicy.Shipped))), facts)];

    private static AuditLine Line(long seq, DateTimeOffset at, IReadOnlyList<string> persons, AuditAction action = AuditAction.Read, AccessOutcome outcome = AccessOutcome.Ok, string? purpose = "TREAT", string roles = Doctor) => new("c", seq, new AuditEntry
    {
        AtUs = at.ToUs(),
        Actor = "bs",
        Kind = AuditActor.Person,
        Roles = roles.Split(' '),
        Action = action,
        What = "record-open",
        Persons = persons,
        Purpose = purpose,
        Outcome = outcome,
    });
}
