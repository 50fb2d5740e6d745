using System.Globalization;
using Mach.Kernel;
using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Dossiers;

/// <summary>How findings and values read on a page.</summary>
internal static class FindingLook
{
    public static bool IsEnglish => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "en";

    public static string Say(Finding finding) => IsEnglish ? finding.En : finding.Vi;

    public static string Badge(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Refusal or FindingSeverity.Error => "bad",
        FindingSeverity.Warning => "warn",
        _ => "info",
    };

    public static string Place(Finding finding) => string.Join(' ', new[] { finding.Table, finding.Row > 0 ? "#" + finding.Row.ToString(CultureInfo.InvariantCulture) : null, finding.Field }.OfType<string>());

    public static string Anchor(Finding finding) => finding.Table is null ? "findings" : finding.Row > 0 ? $"{finding.Table}-{finding.Row}" : finding.Table;

    /// <summary>Dates as people write them; everything else as sent.</summary>
    public static string Value(string? value, BhytForm form) =>
        form is BhytForm.Date8 or BhytForm.DateTime12 or BhytForm.BirthDate12 && PartialDate.TryParseDigits(value?.Trim(), out var date) ? Show(date) : value ?? "";

    private static string Show(PartialDate date)
    {
        var day = date switch
        {
            { Day: > 0 } => $"{date.Day:00}/{date.Month:00}/{date.Year}",
            { Month: > 0 } => $"{date.Month:00}/{date.Year}",
            _ => date.Year.ToString(CultureInfo.InvariantCulture),
        };
        return date.Hour >= 0 ? $"{day} {date.Hour:00}:{Math.Max(0, date.Minute):00}" : day;
    }
}
