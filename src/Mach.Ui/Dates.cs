using System.Globalization;
using Mach.Kernel;

namespace Mach.Ui;

/// <summary>Every date and age on every page goes through here: dd/MM/yyyy, in Vietnam's time.</summary>
public static class Dates
{
    private static readonly TimeSpan Vietnam = TimeSpan.FromHours(7);

    /// <summary>As much as is known: 12/07/1965, 07/1965, 1965; with the time of day when asked and known.</summary>
    public static string Show(PartialDate date, bool time = false)
    {
        var day = (date.Month, date.Day) switch
        {
            (0, _) => Text($"{date.Year:0000}"),
            (_, 0) => Text($"{date.Month:00}/{date.Year:0000}"),
            _ => Text($"{date.Day:00}/{date.Month:00}/{date.Year:0000}"),
        };
        return time && date is { Day: > 0, Hour: >= 0 } ? Text($"{day} {date.Hour:00}:{Math.Max(date.Minute, 0):00}") : day;
    }

    public static string Show(DateOnly date) => date.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);

    public static string Show(DateTimeOffset instant, bool time = true) =>
        instant.ToOffset(Vietnam).ToString(time ? "dd/MM/yyyy HH:mm" : "dd/MM/yyyy", CultureInfo.InvariantCulture);

    /// <summary>A FHIR date, dateTime or instant; "" for nothing, the text itself when it is no date.</summary>
    public static string ShowFhir(string? text, bool time = false) =>
        text is null ? "" : PartialDate.TryParseFhir(text, out var date) ? Show(date, time) : text;

    /// <summary>Today in Vietnam.</summary>
    public static DateOnly Today(TimeProvider clock) => Day(clock.GetUtcNow());

    /// <summary>
    /// Age as clinicians say it: days below two months, months below three years, years and months below six, then years.
    /// A birth date known to the month or year alone gives "about".
    /// </summary>
    public static string Age(PartialDate birth, DateOnly on)
    {
        var t = Words.T;
        if (birth.Month == 0)
        {
            return birth.Year > on.Year ? "" : t.Format("AgeAboutYears", on.Year - birth.Year);
        }

        var from = new DateOnly(birth.Year, birth.Month, Math.Max(birth.Day, 1));
        if (from > on)
        {
            return "";
        }

        var months = ((on.Year - from.Year) * 12) + on.Month - from.Month - (on.Day < from.Day ? 1 : 0);
        var exact = birth.Day > 0;
        return months switch
        {
            < 2 when exact => t.Format("AgeDays", on.DayNumber - from.DayNumber),
            < 36 => t.Format("AgeMonths", months),
            < 72 when exact && months % 12 > 0 => t.Format("AgeYearsMonths", months / 12, months % 12),
            _ => t.Format("AgeYears", months / 12),
        };
    }

    /// <summary>How long ago: minutes below an hour, hours below a day, then days of the calendar in Viet Nam, months from two and years from two on. A moment to come shows itself.</summary>
    public static string Ago(DateTimeOffset at, DateTimeOffset now)
    {
        var t = Words.T;
        var age = now - at;
        var (then, today) = (Day(at), Day(now));
        var days = today.DayNumber - then.DayNumber;
        var months = ((today.Year - then.Year) * 12) + today.Month - then.Month - (today.Day < then.Day ? 1 : 0);
        return age switch
        {
            { Ticks: < 0 } => Show(at),
            { TotalMinutes: < 1 } => t["Ago.Now"],
            { TotalHours: < 1 } => t.Format("Ago.Minutes", (int)age.TotalMinutes),
            { TotalDays: < 1 } => t.Format("Ago.Hours", (int)age.TotalHours),
            _ when days < 2 => t["Ago.Yesterday"],
            _ when months < 2 => t.Format("Ago.Days", days),
            _ when months < 24 => t.Format("Ago.Months", months),
            _ => t.Format("Ago.Years", months / 12),
        };
    }

    private static DateOnly Day(DateTimeOffset instant) => DateOnly.FromDateTime(instant.ToOffset(Vietnam).DateTime);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
