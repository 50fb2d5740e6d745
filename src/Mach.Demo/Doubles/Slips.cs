using System.Globalization;
using System.Text;

namespace Mach.Demo.Doubles;

/// <summary>What goes wrong between a person and a form. Written from how keyboards and clerks work, without a look at how names are matched.</summary>
internal static class Slips
{
    /// <summary>Letter with marks, then its Telex and its VNI keys (shape, tone).</summary>
    private static readonly Dictionary<char, (string Telex, string TelexTone, string Vni, string VniTone)> Keys = BuildKeys();

    /// <summary>A key and the keys beside it.</summary>
    private static readonly Dictionary<char, string> Beside =
        "asq bvn cxv dsf ewr gfh hgj iuo kjl lk mn nbm oip po qwa ret sad try uyi vcb xzc ytu".Split(' ').ToDictionary(keys => keys[0], keys => keys[1..]);

    public static string Toneless(string name)
    {
        var text = new StringBuilder();
        foreach (var c in name)
        {
            var lower = char.ToLowerInvariant(c);
            var plain = lower == 'đ' ? 'd' : Keys.TryGetValue(lower, out var keys) ? keys.Telex[0] : lower;
            text.Append(char.IsUpper(c) ? char.ToUpperInvariant(plain) : plain);
        }

        return text.ToString();
    }

    /// <summary>The keys that were pressed while the Vietnamese keyboard was off.</summary>
    public static string Keyed(string name, bool vni, Dice dice)
    {
        var toneAtEnd = dice.Chance(0.7);
        return string.Join(' ', name.Split(' ').Select(word =>
        {
            var (text, tone) = (new StringBuilder(), "");
            foreach (var c in word)
            {
                var lower = char.ToLowerInvariant(c);
                if (lower == 'đ')
                {
                    text.Append(vni ? "d9" : "dd");
                }
                else if (Keys.TryGetValue(lower, out var keys))
                {
                    text.Append(vni ? keys.Vni : keys.Telex);
                    tone = (vni ? keys.VniTone : keys.TelexTone) is { Length: > 0 } mark ? mark : tone;
                    if (!toneAtEnd)
                    {
                        text.Append(vni ? keys.VniTone : keys.TelexTone);
                    }
                }
                else
                {
                    text.Append(lower);
                }
            }

            return text + (toneAtEnd ? tone : "");
        }));
    }

    /// <summary>One letter wrong, left out, doubled or exchanged with its neighbour, somewhere in the name.</summary>
    public static string Typo(string name, Dice dice)
    {
        var letters = new StringBuilder(name);
        var at = dice.Below(letters.Length - 1);
        while (letters[at] == ' ' || letters[at + 1] == ' ')
        {
            at = dice.Below(letters.Length - 1);
        }

        switch (dice.Below(4))
        {
            case 0 when Beside.TryGetValue(char.ToLowerInvariant(letters[at]), out var near):
                letters[at] = near[dice.Below(near.Length)];
                break;
            case 1:
                letters.Remove(at, 1);
                break;
            case 2:
                letters.Insert(at, letters[at]);
                break;
            default:
                (letters[at], letters[at + 1]) = (letters[at + 1], letters[at]);
                break;
        }

        return letters.ToString();
    }

    /// <summary>Family name last, as on some foreign forms, or given name first.</summary>
    public static string OtherOrder(string name, Dice dice)
    {
        var words = name.Split(' ');
        return string.Join(' ', dice.Chance(0.5) ? [.. words[1..], words[0]] : [words[^1], .. words[..^1]]);
    }

    public static string WithoutMiddle(string name)
    {
        var words = name.Split(' ');
        return words.Length < 3 ? name : string.Join(' ', words.Where((_, i) => i != words.Length - 2));
    }

    /// <summary>Day and month exchanged; null when that is no date or the same.</summary>
    public static string? Swapped(DateOnly date) => date.Day <= 12 && date.Day != date.Month
        ? string.Create(CultureInfo.InvariantCulture, $"{date.Year:D4}-{date.Day:D2}-{date.Month:D2}") : null;

    /// <summary>One part of the date wrong: the day by a digit, the month, or the year by its last or exchanged digits.</summary>
    public static string DateTypo(DateOnly date, Dice dice)
    {
        var (year, month, day) = (date.Year, date.Month, date.Day);
        switch (dice.Below(3))
        {
            case 0:
                day = ((day + dice.Pick<int>([1, 9, 10, 20])) % 28) + 1;
                break;
            case 1:
                month = ((month + dice.Between(0, 10)) % 12) + 1;
                day = Math.Min(day, 28);
                break;
            default:
                year = dice.Chance(0.6) ? year + dice.Pick<int>([-1, 1]) : year - (year % 100) + (year % 10 * 10) + (year / 10 % 10);
                day = Math.Min(day, 28);
                break;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{year:D4}-{month:D2}-{day:D2}");
    }

    private static Dictionary<char, (string, string, string, string)> BuildKeys()
    {
        var keys = new Dictionary<char, (string, string, string, string)>();
        foreach (var row in new[] { "aàáảãạ a a", "ăằắẳẵặ aw a8", "âầấẩẫậ aa a6", "eèéẻẽẹ e e", "êềếểễệ ee e6", "iìíỉĩị i i", "oòóỏõọ o o", "ôồốổỗộ oo o6", "ơờớởỡợ ow o7", "uùúủũụ u u", "ưừứửữự uw u7", "yỳýỷỹỵ y y" })
        {
            var parts = row.Split(' ');
            for (var tone = 0; tone < 6; tone++)
            {
                keys[parts[0][tone]] = (parts[1], tone == 0 ? "" : "fsrxj"[tone - 1].ToString(), parts[2], tone == 0 ? "" : "21345"[tone - 1].ToString());
            }
        }

        return keys;
    }
}
