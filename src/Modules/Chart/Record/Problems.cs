using Mach.Chart.Reading;
using Mach.Kernel;

namespace Mach.Chart.Record;

/// <summary>One problem of the person: all diagnoses of one ICD-10 category, over all facilities.</summary>
/// <param name="Id">Of the latest Condition.</param>
public sealed record Problem(string Code, string Text, int Times, PartialDate? First, PartialDate? Last, IReadOnlyList<string> Facilities, string? Source, string Id = "");

/// <summary>The problem list as it follows from the visits: what lasts or comes back is a problem, what healed is history.</summary>
/// <param name="Lasting">Conditions that last by their nature, episodes that still run, and others seen at two or more visits at least sixty days apart; the latest first.</param>
/// <param name="Other">Everything else, the latest first.</param>
public sealed record ProblemList(IReadOnlyList<Problem> Lasting, IReadOnlyList<Problem> Other)
{
    private static readonly TimeSpan Apart = TimeSpan.FromDays(60);

    internal static ProblemList From(IEnumerable<Diagnosis> diagnoses, DateOnly today)
    {
        var groups = diagnoses.GroupBy(d => d.Group, StringComparer.Ordinal).Select(group =>
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
        return new([.. groups.Where(p => IsLasting(p, now))], [.. groups.Where(p => !IsLasting(p, now))]);
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
