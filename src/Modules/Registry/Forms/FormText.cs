using Mach.Access.Web;
using Mach.Registry.Ledgers;
using Mach.Registry.Units;
using Mach.Ui;
using Microsoft.AspNetCore.Http;

namespace Mach.Registry.Forms;

/// <summary>What a form says back: the typed texts, and what is wrong by field.</summary>
/// <param name="Values">Typed texts by field.</param>
/// <param name="Problems">In the language of the page, by field; "" = the whole form.</param>
public sealed record FormText(IReadOnlyDictionary<string, string> Values, IReadOnlyDictionary<string, string> Problems)
{
    public static readonly FormText Empty = new(new Dictionary<string, string>(), new Dictionary<string, string>());

    public bool IsGood => Problems.Count == 0;

    public string this[string field] => Values.GetValueOrDefault(field) ?? "";

    public string? Problem(string field) => Problems.GetValueOrDefault(field);

    /// <summary>For aria-invalid.</summary>
    public string? Invalid(string field) => Problems.ContainsKey(field) ? "true" : null;

    internal FormText With(IEnumerable<Problem> problems) =>
        this with { Problems = problems.GroupBy(p => p.Where, StringComparer.Ordinal).ToDictionary(g => g.Key, g => string.Join(" ", g.Select(p => Texts.IsEnglish ? p.En : p.Vi).Distinct()), StringComparer.Ordinal) };

    /// <summary>The same form, having shown everything up to a change.</summary>
    internal FormText SeenBy(long change) => this with { Values = new Dictionary<string, string>(Values, StringComparer.Ordinal) { ["seen"] = change.ToString(System.Globalization.CultureInfo.InvariantCulture) } };

    internal static async Task<FormText> ReadAsync(HttpContext http, CancellationToken ct) =>
        Empty with { Values = (await http.Request.FormAsync(ct)).ToDictionary(f => f.Key, f => Kernel.VietnameseText.Compose(f.Value.ToString().Trim()), StringComparer.Ordinal) };

    internal static Problem NoReason => new("why", "Cần ghi lý do hoặc văn bản.", "Give the reason or the decision.");

    internal static Problem NoDay(string field) => new(field, "Cần ngày như 31/12/2026.", "Give a date such as 31/12/2026.");
}

/// <summary>Two officers on one fact: the second is told, and nothing is written.</summary>
internal static class Disagreement
{
    /// <param name="by">The change that came between the showing of the form and its sending.</param>
    /// <param name="keepsTyped">The form keeps what was typed and says beside it what holds now; else it shows what holds now.</param>
    public static async Task<Problem> OfAsync(RegistryBooks books, long by, string aspect, CancellationToken ct, bool keepsTyped = false)
    {
        var change = (await books.ChangesAsync([by], ct)).GetValueOrDefault(by);
        var (who, when) = (change?.Who ?? "?", change is null ? "" : Dates.Show(RegistryBooks.At(change.MadeUs)));
        return new Problem(
            "",
            $"Chưa lưu: trong lúc trang này mở, {who} đã đổi '{aspect}' (thay đổi #{by}, {when}). {(keepsTyped ? "Những gì bạn đã gõ vẫn còn trong biểu mẫu" : "Dưới đây là giá trị hiện tại")}; xem lại rồi lưu nếu vẫn đúng.",
            $"Not saved: while this page was open, {who} changed '{aspect}' (change #{by}, {when}). {(keepsTyped ? "What you typed is still in the form" : "The present values are shown below")}; look again and save if yours still holds.");
    }
}
