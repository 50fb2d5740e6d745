using System.Globalization;
using Mach.Kernel;
using Mach.Registry.Forms;
using Mach.Registry.Ledgers;
using Mach.Registry.Units;
using Mach.Registry.Units.Pages;

namespace Mach.Registry.Facilities;

/// <summary>
/// What an officer states of a facility on one form. Only what differs from the form as it was shown is stated; nobody's change in between is overwritten. Pure.
/// </summary>
internal sealed class FacilityEdit
{
    /// <summary>Most beds of one facility; more is a slip of the hand.</summary>
    public const int MostBeds = 10_000;
    private const int MostParts = 5_000;
    private static readonly char[] Separators = [' ', ',', ';', '\n', '\r', '\t'];

    private readonly string _code;
    private readonly DateOnly _from;
    private readonly FacilityView _shown;
    private readonly List<Statement> _statements = [];

    private FacilityEdit(string code, DateOnly from, FacilityView shown) => (_code, _from, _shown) = (code, from, shown);

    /// <summary>Fields that hold several codes, and what separates them.</summary>
    public static readonly IReadOnlyDictionary<string, char> Sets = new Dictionary<string, char> { ["services"] = '\n', ["predecessors"] = ' ' };

    public DateOnly From => _from;

    /// <summary>The facility as the form showed it.</summary>
    public FacilityView Shown => _shown;

    public IReadOnlyList<Statement> Statements => _statements;

    /// <summary>Codes of services that are newly approved: to be looked up in the catalogue.</summary>
    public IEnumerable<string> NewServices => _statements.Where(s => s.Value is not null && s.Aspect.StartsWith(FacilityAspects.ServicePrefix, StringComparison.Ordinal)).Select(s => s.Aspect[FacilityAspects.ServicePrefix.Length..]);

    /// <summary>The form's fields with what is known on a day.</summary>
    public static FormText Show(FacilityView facility, DateOnly day, long seen) => FormText.Empty with
    {
        Values = new Dictionary<string, string>
        {
            ["seen"] = seen.ToString(CultureInfo.InvariantCulture),
            ["shown"] = UnitQuery.Iso(day),
            ["from"] = UnitQuery.Iso(day),
            ["tier"] = facility.Tier ?? "",
            ["planned"] = facility.BedsPlanned?.ToString(CultureInfo.InvariantCulture) ?? "",
            ["real"] = facility.BedsReal?.ToString(CultureInfo.InvariantCulture) ?? "",
            ["opened"] = facility.Opened == DateOnly.MinValue ? "" : UnitQuery.Iso(facility.Opened),
            ["closed"] = facility.Closed == DateOnly.MaxValue ? "" : UnitQuery.Iso(facility.Closed),
            ["services"] = string.Join('\n', facility.Services),
            ["predecessors"] = string.Join(' ', facility.Predecessors),
        },
    };

    /// <summary>Reads the form against the facts as they were when it was shown.</summary>
    /// <param name="ledger">All facilities as they are now.</param>
    /// <returns>Null with problems.</returns>
    public static FacilityEdit? Read(FormText form, Ledger ledger, string code, List<Problem> problems)
    {
        if (UnitQuery.Day(form["from"]) is not { } from)
        {
            problems.Add(FormText.NoDay("from"));
            return null;
        }

        var seen = long.TryParse(form["seen"], CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue;
        if (FacilityView.Read([.. ledger.After(code, seen)], code, UnitQuery.Day(form["shown"]) ?? from) is not { } shown)
        {
            problems.Add(new Problem("", "Biểu mẫu đã cũ: tải lại trang.", "The form is out of date: load the page again."));
            return null;
        }

        var edit = new FacilityEdit(code, from, shown);
        edit.Tier(form["tier"], problems);
        edit.Beds("planned", FacilityAspects.BedsPlanned, form["planned"], shown.BedsPlanned, problems);
        edit.Beds("real", FacilityAspects.BedsReal, form["real"], shown.BedsReal, problems);
        edit.Life(form["opened"], form["closed"], problems);
        edit.Parts("services", FacilityAspects.ServicePrefix, "approved", form["services"], shown.Services, ServiceProblem, problems);
        edit.Parts("predecessors", FacilityAspects.PredecessorPrefix, "merged", form["predecessors"].ToUpperInvariant(), shown.Predecessors, c => edit.PredecessorProblem(c, ledger), problems);
        problems.AddRange(form["why"].Length is 0 or > 255 ? [FormText.NoReason] : []);
        return problems.Count == 0 ? edit : null;
    }

    /// <summary>What somebody changed since the form was shown, of what it is to change; null = nothing.</summary>
    public Fact? ChangedSince(Ledger ledger, long seen) => ledger.ChangedSince(_code, a => _statements.Exists(s => s.Aspect == a), seen);

    private void Tier(string tier, List<Problem> problems)
    {
        if (tier.Length > 0 && !FacilityAspects.Tiers.Contains(tier))
        {
            problems.Add(new Problem("tier", $"Không có cấp chuyên môn '{tier}'.", $"There is no tier '{tier}'."));
        }
        else if (tier != (_shown.Tier ?? ""))
        {
            Say(FacilityAspects.Tier, tier.Length == 0 ? null : tier);
        }
    }

    private void Beds(string field, string aspect, string text, int? shown, List<Problem> problems)
    {
        if (text.Length == 0)
        {
            if (shown is not null)
            {
                Say(aspect, null);
            }
        }
        else if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var beds) || beds > MostBeds)
        {
            problems.Add(new Problem(field, $"'{Short(text)}' không phải số nguyên từ 0 đến {MostBeds}.", $"'{Short(text)}' is no whole number from 0 to {MostBeds}."));
        }
        else if (beds != shown)
        {
            Say(aspect, beds.ToString(CultureInfo.InvariantCulture));
        }
    }

    private void Life(string openedText, string closedText, List<Problem> problems)
    {
        var (opened, closed) = (openedText.Length == 0 ? DateOnly.MinValue : UnitQuery.Day(openedText), closedText.Length == 0 ? DateOnly.MaxValue : UnitQuery.Day(closedText));
        problems.AddRange(opened is null ? [FormText.NoDay("opened")] : []);
        problems.AddRange(closed is null ? [FormText.NoDay("closed")] : []);
        if (opened is not { } first || closed is not { } end || (first == _shown.Opened && end == _shown.Closed))
        {
            return;
        }

        if (end <= first)
        {
            problems.Add(new Problem("closed", "Ngày ngừng phải sau ngày bắt đầu.", "It must close after it opened."));
            return;
        }

        if (_shown.Closed > _shown.Opened)
        {
            _statements.Add(new Statement(_code, FacilityAspects.Open, null, _shown.Opened, _shown.Closed));
        }

        _statements.Add(new Statement(_code, FacilityAspects.Open, "", first, end));
    }

    private void Parts(string field, string prefix, string value, string text, IReadOnlyList<string> shown, Func<string, Problem?> check, List<Problem> problems)
    {
        var parts = text.Split(Separators, StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).ToList();
        if (parts.Count > MostParts)
        {
            problems.Add(new Problem(field, $"Nhiều hơn {MostParts} mã; hãy nhập tệp.", $"More than {MostParts} codes; take a file in instead."));
            return;
        }

        foreach (var added in parts.Except(shown, StringComparer.Ordinal))
        {
            problems.AddRange(check(added) is { } problem ? [problem] : []);
            Say(prefix + added, value);
        }

        foreach (var gone in shown.Except(parts, StringComparer.Ordinal))
        {
            Say(prefix + gone, null);
        }
    }

    private static Problem? ServiceProblem(string code) => code.Length <= 50 && code.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')
        ? null : new Problem("services", $"'{Short(code)}' không phải mã dịch vụ.", $"'{Short(code)}' is no service code.");

    private Problem? PredecessorProblem(string code, Ledger ledger) =>
        code == _code ? new Problem("predecessors", "Cơ sở không thể là tiền thân của chính mình.", "A facility cannot be its own predecessor.")
        : ledger.Of(code).Any(f => f.IsOpen) ? null
        : new Problem("predecessors", $"Không có cơ sở mã '{Short(code)}' trong sổ.", $"The register has no facility '{Short(code)}'.");

    private void Say(string aspect, string? value) => _statements.Add(Statement.Since(_code, aspect, value, _from));

    private static string Short(string text) => VietnameseText.Compose(text.Length > 40 ? text[..40] + "…" : text);
}
