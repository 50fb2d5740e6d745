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

    /// <summary>Values that somebody else changed since the form was shown, by field.</summary>
    public IReadOnlyDictionary<string, string> Changed { get; init; } = new Dictionary<string, string>();

    public bool IsGood => Problems.Count == 0;

    public string this[string field] => Values.GetValueOrDefault(field) ?? "";

    public string? Problem(string field) => Problems.GetValueOrDefault(field);

    /// <summary>For aria-invalid.</summary>
    public string? Invalid(string field) => Problems.ContainsKey(field) ? "true" : null;

    internal FormText With(IEnumerable<Problem> problems) =>
        this with { Problems = problems.GroupBy(p => p.Where, StringComparer.Ordinal).ToDictionary(g => g.Key, g => string.Join(" ", g.Select(p => Texts.IsEnglish ? p.En : p.Vi).Distinct()), StringComparer.Ordinal) };

    /// <summary>The same form, having shown everything up to a change.</summary>
    internal FormText SeenBy(long change) => this with { Values = new Dictionary<string, string>(Values, StringComparer.Ordinal) { ["seen"] = change.ToString(System.Globalization.CultureInfo.InvariantCulture) } };

    /// <summary>
    /// What was typed, over what holds now: a field that was not touched takes the value of now, one that was keeps what was typed, and beside it stands what somebody
    /// else made of it meanwhile. So the form, sent again, states what its sender meant and nothing else.
    /// </summary>
    /// <param name="shown">As it was shown before anything was typed.</param>
    /// <param name="now">As it would be shown now.</param>
    /// <param name="sets">Fields that hold several codes: what was added and taken away is done to the codes of now.</param>
    internal FormText Over(FormText shown, FormText now, IReadOnlyDictionary<string, char> sets)
    {
        var values = new Dictionary<string, string>(Values, StringComparer.Ordinal);
        var changed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (field, present) in now.Values)
        {
            if (field is "seen" or "shown" || this[field] == shown[field])
            {
                values[field] = present;
            }
            else if (sets.TryGetValue(field, out var separator))
            {
                var (typed, before) = (Codes(this[field]), Codes(shown[field]));
                values[field] = string.Join(separator, Codes(present).Except(before.Except(typed)).Union(typed.Except(before)));
            }
            else if (present != shown[field])
            {
                changed[field] = present.Length == 0 ? "–" : present;
            }
        }

        return this with { Values = values, Changed = changed };
    }

    private static string[] Codes(string text) => text.ToUpperInvariant().Split([' ', ',', ';', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries);

    internal static async Task<FormText> ReadAsync(HttpContext http, CancellationToken ct) =>
        Empty with { Values = (await http.Request.FormAsync(ct)).ToDictionary(f => f.Key, f => Kernel.VietnameseText.Compose(f.Value.ToString().Trim()), StringComparer.Ordinal) };

    internal static Problem NoReason => new("why", "Cần ghi lý do hoặc văn bản.", "Give the reason or the decision.");

    internal static Problem NoDay(string field) => new(field, "Cần ngày như 31/12/2026.", "Give a date such as 31/12/2026.");
}

/// <summary>Two officers on one fact: the second is told, and nothing is written.</summary>
internal static class Disagreement
{
    /// <param name="by">The change that came between the showing of the form and its sending.</param>
    public static async Task<Problem> OfAsync(RegistryBooks books, long by, string aspect, CancellationToken ct)
    {
        var change = (await books.ChangesAsync([by], ct)).GetValueOrDefault(by);
        var (who, when) = (change?.Who ?? "?", change is null ? "" : Dates.Show(RegistryBooks.At(change.MadeUs)));
        return new Problem(
            "",
            $"Chưa lưu: trong lúc trang này mở, {who} đã đổi '{aspect}' (thay đổi #{by}, {when}). Những gì bạn đã gõ vẫn còn trong biểu mẫu; xem lại rồi lưu nếu vẫn đúng.",
            $"Not saved: while this page was open, {who} changed '{aspect}' (change #{by}, {when}). What you typed is still in the form; look again and save if yours still holds.");
    }
}
