using System.Text.Json;
using Dapper;
using Mach.Access.Audit;
using Mach.Access.Authority;
using Mach.Data;
using Mach.Kernel;

namespace Mach.Access.Looks;

/// <summary>Windows and facts as the judge needs them; the windows of those who work now are kept.</summary>
internal sealed class LookWindows(Db db, Workplaces workplaces, TimeProvider clock, IPersonBonds? bonds)
{
    /// <summary>Windows kept at once.</summary>
    private const int Most = 256;

    /// <summary>Shifts are kept at hand for a month; about what lies further back the rota says nothing.</summary>
    private static readonly TimeSpan KnownShifts = TimeSpan.FromDays(30);

    private readonly Dictionary<string, LookWindow> _kept = new(StringComparer.Ordinal);

    /// <summary>What was kept is not to be relied on: a step was given up.</summary>
    public void Forget() => _kept.Clear();

    /// <summary>The window of an account before a line of a chain.</summary>
    public async Task<LookWindow> BeforeAsync(string account, AuditLine line, LookPolicy policy, CancellationToken ct)
    {
        if (_kept.TryGetValue(account, out var known))
        {
            return known;
        }

        if (_kept.Count >= Most)
        {
            _kept.Clear();
        }

        var at = line.Entry.AtUs;
        await using var connection = await db.OpenAsync(ct);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(WindowSql, new
        {
            account,
            chain = line.Chain,
            seq = line.Seq,
            from = LookWindow.StartOfDay(at) - (LookWindow.Days * LookWindow.DayUs),
            today = Math.Min(LookWindow.StartOfDay(at), at - LookWindow.HourUs),
            to = at,
        }, cancellationToken: ct));
        var seen = rows.GroupBy(r => (r.Chain, r.Seq)).SelectMany(g =>
        {
            var persons = g.ToList();
            var entry = new AuditEntry { AtUs = persons[0].At, What = persons[0].What, Action = Action(persons[0].Action), Outcome = Outcome(persons[0].Outcome), Persons = [.. persons.Select(p => p.Person).OfType<string>()] };
            return LookWindow.Of(new AuditLine(g.Key.Chain, g.Key.Seq, entry), policy);
        });
        return _kept[account] = new LookWindow(seen);
    }

    /// <summary>What is known about an account and these people, at the time of a line.</summary>
    public async Task<LookFacts> FactsAsync(AuditLine line, IReadOnlyCollection<string> persons, LookPolicy policy, CancellationToken ct)
    {
        var account = line.Entry.Actor;
        var (posts, practitioner, own, actsFor) = await workplaces.WhoAsync(account, line.At, ct);
        var counting = posts.Where(p => p.Counts(line.At)).ToList();
        HashSet<string> facilities = [.. counting.Select(p => p.Facility)];
        if (line.Entry.Facility is { } facility)
        {
            facilities.Add(facility);
        }

        return new LookFacts
        {
            Own = own,
            ActsFor = actsFor,
            Posts = clock.GetUtcNow() - line.At > KnownShifts ? [] : posts,
            Colleagues = await ColleaguesAsync(account, facilities, persons, ct),
            Confidential = bonds is null ? new HashSet<string>() : await bonds.ConfidentialAsync(persons, ct),
            Related = bonds is not null && policy.For(LookCodes.NoRelation, line.Entry.Roles ?? []) is { } rule
                ? await bonds.SeenAsync(Relations(rule, facilities, [.. counting.Select(p => p.Ward).OfType<string>()], practitioner, line.At), persons, ct) : null,
            Bonds = bonds is null || own is null ? new Dictionary<string, BondOfTwo>() : await bonds.BetweenAsync(own, persons, ct),
        };
    }

    /// <summary>Whom somebody who works there would see for what they have to do with them, and for nothing else.</summary>
    private static Sight Relations(LookRule rule, HashSet<string> facilities, IReadOnlyList<string> wards, string? practitioner, DateTimeOffset at) => new()
    {
        Facilities = [.. facilities],
        CountsVisits = true,
        Since = at - TimeSpan.FromDays(rule.Months * AccessPolicy.MonthDays),
        Ties = TieKinds.Referral | TieKinds.Registration | TieKinds.Ward | TieKinds.Team,
        TiedSince = at - TimeSpan.FromDays(rule.Months * AccessPolicy.MonthDays),
        Wards = wards,
        Practitioner = practitioner,
        CountsConsents = true,
        Purpose = Purposes.Treatment,
        Now = at,
    };

    private async Task<IReadOnlySet<string>> ColleaguesAsync(string account, HashSet<string> facilities, IReadOnlyCollection<string> persons, CancellationToken ct)
    {
        if (facilities.Count == 0)
        {
            return new HashSet<string>();
        }

        await using var connection = await db.OpenAsync(ct);
        var rows = await connection.QueryAsync<(string Person, string? Bound, string? Posted)>(new CommandDefinition(
            db.Sql(ColleaguesSql), new { account, ids = JsonSerializer.Serialize(persons), now = clock.GetUtcNow().ToUs() }, cancellationToken: ct));
        return rows.Where(r => facilities.Contains(r.Bound ?? "") || facilities.Contains(r.Posted ?? "")).Select(r => r.Person).ToHashSet(StringComparer.Ordinal);
    }

    private static AuditAction Action(string letter) => Enum.GetValues<AuditAction>().First(a => AuditTables.Letter(a) == letter);

    private static AccessOutcome Outcome(string text) => Enum.Parse<AccessOutcome>(text, ignoreCase: true);

    private sealed class Row
    {
        public string Chain { get; init; } = "";
        public long Seq { get; init; }
        public long At { get; init; }
        public string Action { get; init; } = "";
        public string What { get; init; } = "";
        public string Outcome { get; init; } = "";
        public string? Person { get; init; }
    }

    // Searches and refusals matter for the day alone. A line of the same chain counts by its number: what comes after the judged one is not known yet.
    private const string WindowSql = """
        SELECT a.chain AS Chain, a.seq AS Seq, a.at AS At, a.action AS Action, a.what AS What, a.outcome AS Outcome, p.person AS Person
        FROM acc_audit a LEFT JOIN acc_audit_person p ON p.chain = a.chain AND p.seq = a.seq
        WHERE a.actor = @account AND a.at >= @from AND a.at <= @to AND (a.at >= @today OR (a.outcome = 'ok' AND a.action <> 'E' AND p.person IS NOT NULL))
          AND (a.chain <> @chain OR a.seq < @seq)
        ORDER BY a.at, a.chain, a.seq
        """;

    private const string ColleaguesSql = """
        SELECT a.person AS Person, a.facility AS Bound, p.facility AS Posted
        FROM acc_account a LEFT JOIN acc_post p ON p.account = a.name AND p.since <= @now AND (p.until IS NULL OR p.until > @now)
        WHERE a.person {in:ids} AND a.name <> @account AND a.disabled IS NULL
        """;
}
