using Mach.Access.Audit;

namespace Mach.Access.Looks;

/// <summary>One line that a rule holds against an account.</summary>
/// <param name="Person">Patient id; empty when it is about no one in particular.</param>
/// <param name="Count">One, or what was measured.</param>
/// <param name="IsMeasured">The greatest count of a day counts, and not their sum.</param>
/// <param name="Evidence">Ids of lines, the oldest first; the last is the line that was judged.</param>
internal sealed record LookHit(string Rule, LookSeverity Severity, string Account, string? Facility, string Person, DateOnly Day, long AtUs, int Count, bool IsMeasured, IReadOnlyList<string> Evidence);

/// <summary>The rules about unusual looking: from one line, what the account did before, and what is known about those concerned, to what is held against it.</summary>
internal static class LookJudge
{
    /// <param name="window">With the line itself.</param>
    public static IEnumerable<LookHit> Judge(LookPolicy policy, AuditLine line, LookWindow window, LookFacts facts)
    {
        var e = line.Entry;
        if (e.Kind != AuditActor.Person || e.Actor == "?")
        {
            return [];
        }

        var seen = LookWindow.Of(line, policy).ToList();
        var looked = seen.Where(s => s.As == SeenAs.Look).Select(s => s.Person).Distinct(StringComparer.Ordinal).ToList();
        var hits = new List<LookHit>();
        if (seen is [{ As: SeenAs.Denied }, ..])
        {
            Denials(policy, line, window, hits);
        }

        // Who is here for themselves alone looks at what is theirs; the sight sees to that.
        if (!IsStaff(e))
        {
            return hits;
        }

        foreach (var person in looked)
        {
            AboutPerson(policy, line, window, facts, person, hits);
        }

        if (looked.Count > 0)
        {
            Many(policy, line, window, hits);
            Hours(policy, line, window, facts, hits);
        }

        if (seen.Exists(s => s.As == SeenAs.Listed) && policy.For(LookCodes.Bulk, Roles(e)) is { } bulk)
        {
            var listed = window.Since(e.AtUs - LookWindow.HourUs, e.AtUs, SeenAs.Listed).ToList();
            Measure(bulk, line, LookWindow.Different(listed), listed[0].Line, bulk.Most, hits);
        }

        return hits;
    }

    /// <summary>Whether the rules need to know who these people are.</summary>
    public static bool IsStaff(AuditEntry entry) => Roles(entry).Any(r => r != Access.Roles.Person);

    private static IReadOnlyList<string> Roles(AuditEntry entry) => entry.Roles ?? [];

    private static void AboutPerson(LookPolicy policy, AuditLine line, LookWindow window, LookFacts facts, string person, List<LookHit> hits)
    {
        var e = line.Entry;
        var bond = facts.BondWith(person);
        void Add(string code, bool holds)
        {
            if (holds && policy.For(code, Roles(e)) is { } rule)
            {
                hits.Add(Hit(rule, line, person, 1, isMeasured: false, [line.Id]));
            }
        }

        var isOwn = bond.HasFlag(PersonBond.Self);
        var isOther = !isOwn && !facts.ActsFor.Contains(person);
        var isEmergency = e.Purpose == AuditGate.Emergency || e.What == "emergency-open";
        Add(LookCodes.NoTie, !isOwn && isEmergency);
        Add(LookCodes.NoRelation, isOther && !isEmergency && facts.Related?.Contains(person) == false);
        Add(LookCodes.Own, isOwn);
        Add(LookCodes.Relative, isOther && bond.HasFlag(PersonBond.Relative));
        Add(LookCodes.Address, isOther && bond.HasFlag(PersonBond.Address) && !bond.HasFlag(PersonBond.Relative));
        Add(LookCodes.Neighbour, isOther && bond == PersonBond.Neighbour && policy.For(LookCodes.Neighbour, Roles(e))?.ExceptNames.Contains(facts.Bonds[person].FamilyName) == false);
        Add(LookCodes.Colleague, isOther && facts.Colleagues.Contains(person));
        Add(LookCodes.Confidential, !isOwn && facts.Confidential.Contains(person));
        if (policy.For(LookCodes.Returning, Roles(e)) is { } returning)
        {
            var looks = window.OnlyLookedAt(person, e.AtUs);
            var days = looks.Select(s => LookWindow.DayOf(s.AtUs)).Distinct().Count();
            if (days > returning.Most)
            {
                hits.Add(Hit(returning, line, person, days, isMeasured: true, [.. looks.GroupBy(s => LookWindow.DayOf(s.AtUs)).Select(d => d.First().Line).Append(line.Id).Distinct()]));
            }
        }
    }

    private static void Many(LookPolicy policy, AuditLine line, LookWindow window, List<LookHit> hits)
    {
        var e = line.Entry;
        var usual = window.Usual(e.AtUs);
        void Check(string code, long fromUs, bool isDay, int asUsual)
        {
            if (policy.For(code, Roles(e)) is { } rule)
            {
                var (count, first) = window.Looks(fromUs, e.AtUs, isDay);
                Measure(rule, line, count, first, asUsual == 0 ? rule.Most : Math.Min(rule.Most, Math.Max(rule.Least, rule.Factor * asUsual)), hits);
            }
        }

        Check(LookCodes.ManyHour, e.AtUs - LookWindow.HourUs + 1, isDay: false, usual.InHour);
        Check(LookCodes.ManyDay, LookWindow.StartOfDay(e.AtUs), isDay: true, usual.InDay);
    }

    private static void Hours(LookPolicy policy, AuditLine line, LookWindow window, LookFacts facts, List<LookHit> hits)
    {
        var e = line.Entry;
        var counting = facts.Posts.Where(p => p.Counts(line.At)).ToList();
        if (facts.Posts.Count > 0 && counting.Count == 0)
        {
            if (policy.For(LookCodes.OffDuty, Roles(e)) is { } offDuty)
            {
                hits.Add(Hit(offDuty, line, "", 1, isMeasured: false, [line.Id]));
            }

            return;
        }

        if (policy.For(LookCodes.Night, Roles(e)) is { } night && !counting.Exists(p => p.ByRota) && IsNight(LookWindow.HourOf(e.AtUs)) && window.DaysWith(e.AtUs, IsNight) < night.UsualDays)
        {
            hits.Add(Hit(night, line, "", 1, isMeasured: false, [line.Id]));
        }

        bool IsNight(int hour) => night!.FromHour > night.ToHour ? hour >= night.FromHour || hour < night.ToHour : hour >= night.FromHour && hour < night.ToHour;
    }

    private static void Denials(LookPolicy policy, AuditLine line, LookWindow window, List<LookHit> hits)
    {
        if (policy.For(LookCodes.Denials, Roles(line.Entry)) is { } rule)
        {
            var all = window.Since(LookWindow.StartOfDay(line.Entry.AtUs), line.Entry.AtUs, SeenAs.Denied).Select(s => s.Line).Append(line.Id).Distinct(StringComparer.Ordinal).ToList();
            if (all.Count > rule.Most)
            {
                hits.Add(Hit(rule, line, "", all.Count, isMeasured: true, all));
            }
        }
    }

    /// <param name="first">Id of the first line that counts.</param>
    private static void Measure(LookRule rule, AuditLine line, int count, string first, int most, List<LookHit> hits)
    {
        if (count > most)
        {
            hits.Add(Hit(rule, line, "", count, isMeasured: true, [first, .. first == line.Id ? [] : new[] { line.Id }]));
        }
    }

    private static LookHit Hit(LookRule rule, AuditLine line, string person, int count, bool isMeasured, IReadOnlyList<string> evidence) =>
        new(rule.Code, rule.Severity, line.Entry.Actor, line.Entry.Facility, person, LookWindow.Date(line.Entry.AtUs), line.Entry.AtUs, count, isMeasured, evidence);
}
