using System.Globalization;
using Mach.Kernel;

namespace Mach.Intake.Dossiers;

/// <summary>How findings and values read on a page.</summary>
internal static class FindingLook
{
    public static bool IsEnglish => Mach.Ui.Texts.IsEnglish;

    public static string Say(Finding finding) => IsEnglish ? finding.En : finding.Vi;

    public static string Badge(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Refusal or FindingSeverity.Error => "bad",
        FindingSeverity.Warning => "warn",
        _ => "info",
    };

    public static string Place(Finding finding) => string.Join(' ', new[] { finding.Table, finding.Row > 0 ? "#" + finding.Row.ToString(CultureInfo.InvariantCulture) : null, finding.Field }.OfType<string>());

    public static string Anchor(Finding finding) => finding.Table is null ? "findings" : finding.Row > 0 ? $"{finding.Table}-{finding.Row}" : finding.Table;

    /// <summary>A number with its thousands set apart, in the way of the page's language: 1.234.567,5 or 1,234,567.5.</summary>
    public static string Grouped(decimal number)
    {
        var text = number.ToString("#,0.######", CultureInfo.InvariantCulture);
        return IsEnglish ? text : string.Create(text.Length, text, (to, from) =>
        {
            for (var i = 0; i < to.Length; i++)
            {
                to[i] = from[i] switch { ',' => '.', '.' => ',', var c => c };
            }
        });
    }

    internal static string Show(PartialDate date)
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
