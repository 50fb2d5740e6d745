using System.Globalization;
using Mach.Contracts.Registry;
using Mach.Registry.Forms;
using Mach.Registry.Ledgers;
using Mach.Registry.Units;

namespace Mach.Registry.Facilities;

/// <summary>
/// Name, tier and commune of a facility as an officer confirms them. What the form was not changed in stays as it is by now, so that nobody's change in between is taken back unseen. Pure.
/// </summary>
internal sealed class FacilityDecision
{
    /// <summary>Longest name, in characters.</summary>
    public const int LongestName = 255;

    private static readonly (string Field, string Aspect, Func<FacilityView, string> Of)[] Fields =
    [
        ("name", FacilityAspects.Name, f => f.Name),
        ("tier", FacilityAspects.Tier, f => f.Tier ?? ""),
        ("communeCode", FacilityAspects.Commune, f => f.CommuneCode ?? ""),
    ];

    private readonly FormText _form;
    private readonly ICommunes _communes;
    private readonly long _seen;

    private FacilityDecision(string code, FormText form, ICommunes communes) =>
        (Code, _form, _communes, _seen) = (code, form, communes, SeenOf(form));

    public string Code { get; }

    /// <summary>The form's fields with what is known.</summary>
    /// <param name="seen">Number of the last change that the page shows.</param>
    public static FormText Show(Facility facility, long seen) => FormText.Empty with
    {
        Values = new Dictionary<string, string> { ["name"] = facility.Name, ["tier"] = facility.Tier ?? "", ["communeCode"] = facility.CommuneCode ?? "", ["seen"] = seen.ToString(CultureInfo.InvariantCulture) },
    };

    /// <summary>Number of the last change that the sent form showed; without one nothing counts as later.</summary>
    public static long SeenOf(FormText form) => long.TryParse(form["seen"], CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue;

    /// <returns>Null with problems.</returns>
    public static FacilityDecision? Read(FormText form, string code, ICommunes communes, List<Problem> problems)
    {
        if (form["name"].Length is 0 or > LongestName)
        {
            problems.Add(new Problem("name", $"Tên cần 1 đến {LongestName} ký tự.", $"The name has 1 to {LongestName} characters."));
        }

        if (form["tier"] is { Length: > 0 } tier && !FacilityAspects.Tiers.Contains(tier))
        {
            problems.Add(new Problem("tier", $"Không có cấp chuyên môn '{tier}'.", $"There is no tier '{tier}'."));
        }

        if (form["communeCode"] is { Length: > 0 } commune && communes.Find(commune) is null)
        {
            problems.Add(new Problem("communeCode", $"Không có xã, phường mã '{commune}'.", $"There is no commune with the code '{commune}'."));
        }

        return problems.Count == 0 ? new FacilityDecision(code, form, communes) : null;
    }

    /// <summary>What somebody changed since the form was shown, where this form is to make something else of it; null = nothing.</summary>
    public Fact? ChangedSince(Ledger ledger, DateOnly today)
    {
        var now = FacilityView.Read(ledger, Code, today, long.MaxValue - 1);
        return ledger.ChangedSince(Code, aspect => Fields.Any(f => f.Aspect == aspect && IsTyped(ledger, today, f.Field, f.Of) && (now is null || f.Of(now) != _form[f.Field])), _seen);
    }

    /// <summary>The facility as it is now with what was typed, confirmed.</summary>
    public Facility Over(Ledger ledger, DateOnly today)
    {
        var now = FacilityView.Read(ledger, Code, today, long.MaxValue - 1);
        string Of(int i) => now is null || IsTyped(ledger, today, Fields[i].Field, Fields[i].Of) ? _form[Fields[i].Field] : Fields[i].Of(now);
        var commune = _communes.Find(Of(2));
        return new Facility
        {
            Code = Code,
            Name = Of(0),
            Status = FacilityStatus.Active,
            Tier = Of(1) is { Length: > 0 } tier ? tier : null,
            CommuneCode = commune?.Code,
            FormerProvince = commune?.FormerProvince ?? now?.FormerProvince,
        };
    }

    /// <summary>The field has something else than the form was shown with.</summary>
    private bool IsTyped(Ledger ledger, DateOnly today, string field, Func<FacilityView, string> of) =>
        FacilityView.Read([.. ledger.After(Code, _seen)], Code, today) is not { } shown || of(shown) != _form[field];
}
