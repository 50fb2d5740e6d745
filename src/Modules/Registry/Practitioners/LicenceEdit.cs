using System.Globalization;
using Mach.Registry.Forms;
using Mach.Registry.Ledgers;
using Mach.Registry.Units;
using Mach.Registry.Units.Pages;

namespace Mach.Registry.Practitioners;

/// <summary>A licence that is suspended or revoked since a day, or valid again, as an officer states it on the practitioner's page. Pure.</summary>
/// <param name="Statement">What is stated of the licence's state.</param>
/// <param name="Licence">Its number.</param>
/// <param name="Seen">Number of the last change that the form showed.</param>
internal sealed record LicenceEdit(Statement Statement, string Licence, long Seen)
{
    /// <summary>What can be stated; "valid" lifts what was.</summary>
    public static readonly IReadOnlyList<string> States = ["suspended", "revoked", "valid"];

    /// <summary>A form that nothing is typed in yet.</summary>
    /// <param name="day">Day that the page shows.</param>
    public static FormText Fresh(DateOnly day, long seen) => FormText.Empty with
    {
        Values = new Dictionary<string, string> { ["from"] = UnitQuery.Iso(day), ["shown"] = UnitQuery.Iso(day), ["seen"] = seen.ToString(CultureInfo.InvariantCulture) },
    };

    /// <returns>Null with problems.</returns>
    public static LicenceEdit? Read(FormText form, Ledger ledger, string subject, List<Problem> problems)
    {
        var (licence, state, from) = (form["licence"], form["state"], UnitQuery.Day(form["from"]));
        var end = form["to"].Length == 0 ? DateOnly.MaxValue : UnitQuery.Day(form["to"])?.AddDays(1);
        if (!ledger.Of(subject).Any(f => f.IsOpen && f.Aspect == PractitionerAspects.LicencePrefix + licence))
        {
            problems.Add(new Problem("licence", $"Người này không có giấy phép số '{licence}'.", $"This person has no licence '{licence}'."));
        }

        if (!States.Contains(state))
        {
            problems.Add(new Problem("state", $"Không có trạng thái '{state}'.", $"There is no state '{state}'."));
        }

        if (from is null)
        {
            problems.Add(FormText.NoDay("from"));
        }

        if (end is null)
        {
            problems.Add(FormText.NoDay("to"));
        }
        else if (end <= from)
        {
            problems.Add(new Problem("to", "Ngày cuối không được trước ngày đầu.", "The last day is not before the first."));
        }

        problems.AddRange(form["why"].Length is 0 or > 255 ? [FormText.NoReason] : []);
        return problems.Count > 0 ? null : new LicenceEdit(
            new Statement(subject, PractitionerAspects.LicenceStatePrefix + licence, state == "valid" ? null : state, from!.Value, end!.Value),
            licence,
            long.TryParse(form["seen"], CultureInfo.InvariantCulture, out var seen) ? seen : long.MaxValue);
    }

    /// <summary>What somebody changed of this licence since the form was shown; null = nothing.</summary>
    public Fact? ChangedSince(Ledger ledger) =>
        ledger.ChangedSince(Statement.Subject, a => a == Statement.Aspect || a == PractitionerAspects.LicencePrefix + Licence, Seen);
}
