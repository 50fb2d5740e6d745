using System.Globalization;
using System.Text.RegularExpressions;
using Mach.Access.Web;
using Mach.Indicators.Asking;
using Mach.Indicators.Language;
using Microsoft.AspNetCore.Http;

namespace Mach.Indicators.Definitions;

/// <summary>What is typed on the page of a definition, and what is wrong with it, by field.</summary>
public sealed partial class DefinitionForm
{
    public static readonly IReadOnlyList<string> Groups = ["activity", "stay", "transfer", "service", "medicine", "money", "cause", "life", "paper"], Directions = ["none", "up", "down"], PlaceNames = ["care", "residence"];

    /// <summary>What stands under /indicators beside the indicators themselves.</summary>
    private static readonly string[] TakenByPages = ["new", "closing", "quality", "morning", "facilities", "boards", "briefing", "subscriptions"];

    private static string Taken => string.Join(", ", TakenByPages.Select(t => $"'{t}'"));

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public Dictionary<string, string> Problems { get; } = new(StringComparer.Ordinal);

    public string this[string field] => _values.GetValueOrDefault(field) ?? "";

    public bool Is(string field) => this[field] is "on" or "true";

    internal static async Task<DefinitionForm> ReadAsync(HttpContext http, CancellationToken ct)
    {
        var form = new DefinitionForm();
        foreach (var field in await http.Request.FormAsync(ct))
        {
            form._values[field.Key] = Kernel.VietnameseText.Compose(field.Value.ToString().Trim());
        }

        return form;
    }

    internal static DefinitionForm Of(Indicator? definition)
    {
        var form = new DefinitionForm();
        if (definition is { } d)
        {
            foreach (var (key, value) in new (string, string)[]
            {
                ("code", d.Code), ("version", d.Version.ToString(CultureInfo.InvariantCulture)), ("vi", d.Vi), ("en", d.En), ("group", d.Group), ("view", d.Of.View), ("where", d.Of.Where), ("value", d.Of.Value), ("stratum", d.Of.Stratum),
                ("distinct", d.Of.Distinct ? "on" : ""), ("per-view", d.Per?.View ?? ""), ("per-where", d.Per?.Where ?? ""), ("per-value", d.Per?.Value ?? ""), ("per-distinct", d.Per?.Distinct == true ? "on" : ""), ("known", d.PerKnown ?? ""),
                ("factor", d.Factor.ToString(CultureInfo.InvariantCulture)), ("unit-vi", d.UnitVi), ("unit-en", d.UnitEn), ("digits", d.Digits.ToString(CultureInfo.InvariantCulture)), ("better", d.Better),
                ("target", d.Target?.ToString(CultureInfo.InvariantCulture) ?? ""), ("min", d.Min.ToString(CultureInfo.InvariantCulture)), ("place", d.Place), ("form", d.Form), ("source", d.Source),
            })
            {
                form._values[key] = value;
            }
        }

        return form;
    }

    /// <summary>The definition as typed, one version beyond <paramref name="before"/>; null with problems.</summary>
    internal Indicator? Read(Indicator? before, bool needsReason)
    {
        Need("code", before is not null || CodeForm().IsMatch(this["code"]), "Mã gồm chữ thường, số và dấu nối, 3–40 ký tự.", "A code has small letters, digits and hyphens, 3–40 characters.");
        Need("code", before is not null || !TakenByPages.Contains(this["code"]), $"{Taken} là địa chỉ của trang khác, không dùng làm mã được.", $"{Taken} are addresses of other pages and cannot be codes.");
        Need("vi", this["vi"].Length is >= 3 and <= 120, "Tên từ 3 đến 120 ký tự.", "A name has 3 to 120 characters.");
        Need("en", this["en"].Length is >= 3 and <= 120, "Tên từ 3 đến 120 ký tự.", "A name has 3 to 120 characters.");
        Need("group", Groups.Contains(this["group"]), "Chọn một nhóm.", "Choose a group.");
        Need("better", Directions.Contains(this["better"]), "Chọn chiều tốt.", "Choose what is better.");
        Need("place", PlaceNames.Contains(this["place"]), "Chọn cách tính nơi.", "Choose the attribution.");
        Need("known", this["known"].Length == 0 || KnownAmounts.All.Contains(this["known"]), "Chọn trong danh sách.", "Choose from the list.");
        Need("source", this["source"].Length is >= 3 and <= 400, "Ghi nguồn của quy tắc (văn bản, điều, ngày), đến 400 ký tự.", "Name the source of the rule, up to 400 characters.");
        Need("why", !needsReason || this["why"].Length is >= 5 and <= 255, "Ghi lý do, từ 5 đến 255 ký tự.", "Give the reason, 5 to 255 characters.");
        var (factor, digits, min, target) = (Amount("factor", 0.000001m, 1_000_000_000m), Amount("digits", 0, 6), Amount("min", 0, 1_000), this["target"].Length == 0 ? null : Amount("target", -1_000_000_000_000m, 1_000_000_000_000m));
        var (of, per) = (Measure(""), this["per-view"].Length == 0 ? null : Measure("per-"));
        return Problems.Count > 0 ? null : new Indicator
        {
            Code = before?.Code ?? this["code"],
            Version = (before?.Version ?? 0) + 1,
            Vi = this["vi"],
            En = this["en"],
            Group = this["group"],
            Of = of!,
            Per = per,
            PerKnown = per is null && this["known"].Length > 0 ? this["known"] : null,
            Factor = factor!.Value,
            UnitVi = this["unit-vi"],
            UnitEn = this["unit-en"],
            Digits = (int)digits!.Value,
            Better = this["better"],
            Target = target,
            Min = (int)min!.Value,
            Place = this["place"],
            Form = this["form"],
            Source = this["source"],
        };
    }

    private MeasureSpec? Measure(string prefix)
    {
        var spec = new MeasureSpec(this[prefix + "view"], this[prefix + "where"], this[prefix + "value"], Is(prefix + "distinct"), prefix.Length == 0 ? this["stratum"] : "");
        // Each expression alone, so that the problem stands beside its field.
        foreach (var (field, one) in new[] { ("view", new MeasureSpec(spec.View)), ("where", spec with { Value = "", Stratum = "" }), ("value", spec with { Where = "", Stratum = "" }), ("stratum", spec with { Where = "", Value = "" }) })
        {
            try
            {
                _ = new Measure(0, one);
            }
            catch (FormulaException e)
            {
                Problems[prefix + field] = (Ui.Texts.IsEnglish ? e.En : e.Vi) + (field == "view" ? "" : string.Create(CultureInfo.InvariantCulture, $" ({e.At + 1})"));
                if (field == "view")
                {
                    return null;
                }
            }
        }

        return Problems.Count > 0 ? null : spec;
    }

    private decimal? Amount(string field, decimal least, decimal most)
    {
        var good = decimal.TryParse(this[field].Replace(',', '.'), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && amount >= least && amount <= most;
        Need(field, good, $"Cần một số từ {least:0.######} đến {most:0}.", $"A number from {least:0.######} to {most:0}.");
        return good ? amount : null;
    }

    private void Need(string field, bool holds, string vi, string en)
    {
        if (!holds)
        {
            Problems[field] = Ui.Texts.IsEnglish ? en : vi;
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{2,39}$")]
    private static partial Regex CodeForm();
}
