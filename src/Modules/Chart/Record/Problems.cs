using Mach.Chart.Reading;
using Mach.Kernel;

namespace Mach.Chart.Record;

/// <summary>One problem of the person: all diagnoses of one ICD-10 category, over all facilities; or what somebody keeps on the problem list, with the diagnoses that it stands for.</summary>
/// <param name="Id">Of the latest Condition, or of the one that is kept.</param>
/// <param name="Curated">Null when it only follows from visits.</param>
public sealed record Problem(string Code, string Text, int Times, PartialDate? First, PartialDate? Last, IReadOnlyList<string> Facilities, string? Source, string Id = "", CuratedProblem? Curated = null);

/// <summary>What somebody said of a problem that they keep.</summary>
public sealed record CuratedProblem(bool IsResolved, PartialDate? Onset, string? Note);

/// <summary>The problem list as it follows from the visits: what lasts or comes back is a problem, what healed is history.</summary>
/// <param name="Lasting">What somebody keeps as active; then conditions that last by their nature, episodes that still run, and others seen at two or more visits at least sixty days apart; the latest first.</param>
/// <param name="Other">Everything else, the latest first; what somebody keeps as resolved before it.</param>
public sealed record ProblemList(IReadOnlyList<Problem> Lasting, IReadOnlyList<Problem> Other)
{
    private static readonly TimeSpan Apart = TimeSpan.FromDays(60);

    internal static ProblemList From(IEnumerable<Diagnosis> all, DateOnly today)
    {
        var diagnoses = all.ToList();
        var byId = diagnoses.GroupBy(d => d.Id, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Group, StringComparer.Ordinal);
        var curated = diagnoses.Where(d => d.IsCurated).Select(d => (Problem: d, Groups: d.Covers.Select(c => byId.GetValueOrDefault(c)).OfType<string>().Append(d.Group).ToHashSet(StringComparer.Ordinal))).ToList();
        var kept = curated.Select(c => Kept(c.Problem, [.. diagnoses.Where(d => !d.IsCurated && c.Groups.Contains(d.Group))]))
            .OrderByDescending(p => p.Last?.Low ?? p.Curated!.Onset?.Low ?? DateTimeOffset.MinValue).ThenBy(p => p.Code, StringComparer.Ordinal).ToList();
        // What is kept is not said twice.
        var groups = diagnoses.Where(d => !d.IsCurated && !curated.Exists(c => c.Groups.Contains(d.Group))).GroupBy(d => d.Group, StringComparer.Ordinal).Select(group =>
        {
            var dated = group.OrderByDescending(d => d.Date?.Low ?? DateTimeOffset.MinValue).ToList();
            var latest = dated[0];
            var visits = dated.Select(d => d.Visit ?? d.Id).Distinct(StringComparer.Ordinal).Count();
            var first = dated.LastOrDefault(d => d.Date is not null)?.Date;
            var facilities = dated.Select(d => d.Facility).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
            // The list's own name: the words at discharge often hold all diagnoses of the visit at once.
            return new Problem(latest.Code ?? "", Icd10.Name(latest.Code) ?? latest.Text, visits, first, latest.Date, facilities, latest.Source, latest.Id);
        }).OrderByDescending(p => p.Last?.Low ?? DateTimeOffset.MinValue).ThenBy(p => p.Code, StringComparer.Ordinal).ToList();
        var now = new DateTimeOffset(today.ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(7));
        return new(
            [.. kept.Where(p => !p.Curated!.IsResolved), .. groups.Where(p => IsLasting(p, now))],
            [.. kept.Where(p => p.Curated!.IsResolved), .. groups.Where(p => !IsLasting(p, now))]);
    }

    /// <summary>What is kept, with when and where the visits saw it.</summary>
    private static Problem Kept(Diagnosis kept, List<Diagnosis> seen)
    {
        var dated = seen.Where(d => d.Date is not null).OrderByDescending(d => d.Date!.Value.Low).ToList();
        return new(
            kept.Code ?? "",
            Icd10.Name(kept.Code) ?? kept.Text,
            seen.Select(d => d.Visit ?? d.Id).Distinct(StringComparer.Ordinal).Count(),
            kept.Onset ?? dated.LastOrDefault()?.Date,
            dated.FirstOrDefault()?.Date,
            [.. dated.Select(d => d.Facility).OfType<string>().Distinct(StringComparer.Ordinal)],
            kept.Source,
            kept.Id,
            new(kept.Status is "resolved" or "inactive" or "remission", kept.Onset, kept.Note));
    }

    private static bool IsLasting(Problem problem, DateTimeOffset now)
    {
        var (course, days) = IcdCourse.Of(problem.Code);
        return course switch
        {
            Course.Lasting => true,
            Course.Acute => false,
            Course.Episode => problem.Last is { } seen && (now - seen.Low).TotalDays <= days,
            _ => problem is { Times: > 1, First: { } first, Last: { } last } && last.Low - first.Low >= Apart,
        };
    }
}
