using System.Globalization;
using Mach.Contracts.Registry;
using Mach.Kernel;
using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Dossiers;

/// <summary>How one received value reads on a page: dates and money as people write them, and the meaning beside a code.</summary>
internal static class FieldLook
{
    /// <summary>The value as people write it; as sent when it is not what its field says.</summary>
    public static string Value(string? value, BhytField field) => value is null ? ""
        : field.Form is BhytForm.Date8 or BhytForm.DateTime12 or BhytForm.BirthDate12 ? string.Join("; ", Parts(value, field).Select(Date))
        : IsMoney(field) && decimal.TryParse(value.Trim(), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? FindingLook.Grouped(number)
        : value;

    /// <summary>What a code stands for: the words of its list, or the name of the facility; null when there is nothing to add.</summary>
    public static string? Meaning(string? value, BhytField field, IFacilityDirectory facilities)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return null;
        }

        var words = Parts(value, field).Select(part => field switch
        {
            { CodeList: { } list } => CodeLists.Find(list, part) is { } known ? FindingLook.IsEnglish ? known.En : known.Vi : null,
            { Form: BhytForm.FacilityCode or BhytForm.FacilityCodes } => facilities.Find(part.Trim())?.Name,
            _ => null,
        }).OfType<string>().ToList();
        return words.Count == 0 ? null : string.Join("; ", words);
    }

    /// <summary>Totals (T_…), unit prices and amounts are dong.</summary>
    private static bool IsMoney(BhytField field) =>
        field.Type == BhytType.Number && field.Form is BhytForm.Decimal or BhytForm.Integer
        && (field.Name.StartsWith("T_", StringComparison.Ordinal) || field.Name.StartsWith("DON_GIA", StringComparison.Ordinal) || field.Name.StartsWith("THANH_TIEN", StringComparison.Ordinal));

    private static string[] Parts(string value, BhytField field) => field.Repeats || field.Form == BhytForm.FacilityCodes ? value.Split(';') : [value];

    private static string Date(string part) => PartialDate.TryParseDigits(part.Trim(), out var date) ? FindingLook.Show(date) : part;
}
