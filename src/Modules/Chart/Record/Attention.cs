using System.Globalization;
using System.Text.Json;
using Mach.Chart.Flowsheets;
using Mach.Chart.Reading;
using Mach.Chart.Visits;
using Mach.Kernel;

namespace Mach.Chart.Record;

/// <summary>A referral to another facility.</summary>
/// <param name="To">Facility code; null when none was named.</param>
public sealed record Referral(PartialDate? Date, string? From, string? To, string? Reason, string? Source)
{
    internal static Referral? Read(string _, JsonElement body) => body.Text("status") is not ("active" or "on-hold") ? null : new(
        body.Text("authoredOn").AsDate(),
        body.FacilityCode(),
        body.First("performer")?.Child("identifier")?.Text("value"),
        body.Items("reasonCode").Select(r => ((JsonElement?)r).ConceptText()).OfType<string>().LastOrDefault(),
        body.Source());
}

/// <summary>A day on which the person is to come back.</summary>
/// <param name="Number">Of the slip.</param>
public sealed record FollowUp(PartialDate Date, string? Facility, string? Number, string? Source)
{
    internal static FollowUp? Read(string _, JsonElement body) =>
        body.Text("status") is "booked" or "pending" or "arrived" && body.Text("start").AsDate() is { } start
            ? new(start with { Minute = -1, Second = -1, Hour = -1 }, body.FacilityCode(), body.First("identifier")?.Text("value"), body.Source())
            : null;
}

public sealed record Dose(string Name, PartialDate? Date, string? Facility, string? Source)
{
    internal static Dose? Read(string _, JsonElement body) => body.Text("status") != "completed" || body.Child("vaccineCode").ConceptText() is not { } name
        ? null
        : new(name, body.Date("occurrenceDateTime").AsDate(), body.FacilityCode(), body.Source());
}

/// <summary>Something that should have been measured by now.</summary>
/// <param name="Problem">Because of which.</param>
/// <param name="Name">What.</param>
/// <param name="Last">When it last was; null = never, as far as is known.</param>
/// <param name="Days">Within how many days it should be.</param>
public sealed record CareGap(string Problem, string Name, PartialDate? Last, int Days, string Source);

/// <summary>What somebody who has a minute should not miss.</summary>
/// <param name="Abnormal">The latest value of each thing that was outside what is usual, in the last twelve months.</param>
/// <param name="Referrals">Sent somewhere in the last half year and not seen there since.</param>
/// <param name="Coming">Follow-ups from today on, the next first.</param>
/// <param name="Missed">Follow-ups of the last ninety days whose facility has not seen the person since; the latest first.</param>
/// <param name="Pregnancy">The latest sign of a pregnancy that may still last.</param>
public sealed record Attention(
    IReadOnlyList<PlacedResult> Abnormal,
    IReadOnlyList<Referral> Referrals,
    IReadOnlyList<FollowUp> Coming,
    IReadOnlyList<FollowUp> Missed,
    IReadOnlyList<Dose> Doses,
    Diagnosis? Pregnancy,
    IReadOnlyList<CareGap> Gaps)
{
    private const int ReferralDays = 183, MissedDays = 90, ResultDays = 366;
    /// <summary>A pregnancy lasts 42 weeks at most; the sign may be of its first day.</summary>
    private const int PregnancyDays = 294;
    /// <summary>Somebody may come some days early.</summary>
    private const int Early = 3;

    public bool IsEmpty => Abnormal.Count + Referrals.Count + Coming.Count + Missed.Count + Doses.Count + Gaps.Count == 0 && Pregnancy is null;

    internal static Attention From(
        string? sex,
        PartialDate? birth,
        DateOnly today,
        IReadOnlyList<ResultEvent> results,
        IReadOnlyList<Diagnosis> diagnoses,
        ProblemList problems,
        IReadOnlyList<Visit> visits,
        IReadOnlyList<Referral> referrals,
        IReadOnlyList<FollowUp> followUps,
        IReadOnlyList<Dose> doses)
    {
        var abnormal = results.Where(r => Ago(r.Date, today) is >= 0 and <= ResultDays).GroupBy(r => r.Series, StringComparer.Ordinal)
            .Select(g => PlacedResult.Of(g.OrderByDescending(r => r.Date!.Value.Low).First(), sex, birth))
            .Where(p => p.Place is not null and not 0).OrderByDescending(p => p.Result.Date!.Value.Low).ToList();
        var open = referrals.Where(r => Ago(r.Date, today) is >= 0 and <= ReferralDays && !visits.Any(v => v.Facility is not null && v.Facility == r.To && v.Start is { } start && start.Low.Date >= r.Date!.Value.Low.Date))
            .OrderByDescending(r => r.Date!.Value.Low).ToList();
        var missed = followUps.Where(f => Ago(f.Date, today) is > 0 and <= MissedDays && !visits.Any(v => v.Facility == f.Facility && v.Source != f.Source && v.Start is { } start && Day(start).AddDays(Early) >= Day(f.Date)));
        return new(
            abnormal,
            open,
            [.. followUps.Where(f => Ago(f.Date, today) <= 0).OrderBy(f => f.Date.Low)],
            [.. missed.OrderByDescending(f => f.Date.Low)],
            [.. doses.OrderByDescending(d => d.Date?.Low ?? DateTimeOffset.MinValue)],
            sex == "male" ? null : PregnancyOf(diagnoses, today),
            GapsOf(problems, results, today));
    }

    /// <summary>Signs: O00–O99 but delivery and after, Z32.1, Z33–Z36; ended by O00–O08, O80–O84, Z37–Z39, or a code of childbed. Source: chapters XV and XXI of ICD-10.</summary>
    private static Diagnosis? PregnancyOf(IReadOnlyList<Diagnosis> diagnoses, DateOnly today)
    {
        static bool IsEnd(string c) => In(c, "O00", "O08") || In(c, "O80", "O92") || In(c, "Z37", "Z39");
        static bool IsSign(string c) => (In(c, "O09", "O79") || In(c, "O94", "O99") || In(c, "Z33", "Z36") || c == "Z32") && !IsEnd(c);
        var coded = diagnoses.Where(d => d.Code is { Length: >= 3 } && d.Date is not null).OrderByDescending(d => d.Date!.Value.Low).ToList();
        var sign = coded.Find(d => IsSign(Category(d.Code!)) && (Category(d.Code!) != "Z32" || d.Code!.EndsWith('1')));
        return sign is not null && Ago(sign.Date, today) is >= 0 and <= PregnancyDays && !coded.Exists(d => IsEnd(Category(d.Code!)) && d.Date!.Value.Low >= sign.Date!.Value.Low) ? sign : null;
    }

    private static List<CareGap> GapsOf(ProblemList problems, IReadOnlyList<ResultEvent> results, DateOnly today)
    {
        var gaps = new List<CareGap>();
        foreach (var row in Table.Rows("care-gaps.tsv"))
        {
            var (from, to) = (row[0][..3], row[0][^3..]);
            var within = int.Parse(row[2], CultureInfo.InvariantCulture);
            if (DateOnly.Parse(row[3], CultureInfo.InvariantCulture) <= today && problems.Lasting.FirstOrDefault(p => p.Code.Length >= 3 && In(Category(p.Code), from, to)) is { } problem)
            {
                var last = results.Where(r => r.Analyte?.Key == row[1] && r.Date is not null).Select(r => r.Date).MaxBy(d => d!.Value.Low);
                if (last is null || Ago(last, today) > within)
                {
                    gaps.Add(new(problem.Text, Analyte.ByKey(row[1])!.Name, last, within, row[4]));
                }
            }
        }

        return gaps;
    }

    private static string Category(string code) => code[..3].ToUpperInvariant();

    private static bool In(string category, string from, string to) => string.CompareOrdinal(from, category) <= 0 && string.CompareOrdinal(category, to) <= 0;

    /// <summary>Days since; negative in the future; null when not known.</summary>
    private static int? Ago(PartialDate? date, DateOnly today) => date is { } d ? today.DayNumber - Day(d).DayNumber : null;

    private static DateOnly Day(PartialDate date) => DateOnly.FromDateTime(date.Low.ToOffset(PartialDate.VietnamOffset).DateTime);
}
