using System.Globalization;
using System.Text;

namespace Mach.Fhir.Path.Functions;

/// <summary>Texts: http://hl7.org/fhirpath/N1/#string-manipulation; split, join, trim, encode and their kin from http://hl7.org/fhirpath (standard for trial use).</summary>
internal static class StringFunctions
{
    public static readonly Dictionary<string, FunctionEntry> All = new(StringComparer.Ordinal)
    {
        ["indexOf"] = new((in call) => call.Text() is { } text && call.Text(0) is { } part ? Call.Of(text.IndexOf(part, StringComparison.Ordinal)) : default, 1, 1),
        ["lastIndexOf"] = new((in call) => call.Text() is { } text && call.Text(0) is { } part ? Call.Of(text.LastIndexOf(part, StringComparison.Ordinal)) : default, 1, 1),
        ["substring"] = new(Substring, 1, 2),
        ["startsWith"] = new((in call) => call.Text() is { } text && call.Text(0) is { } part ? Call.Of(text.StartsWith(part, StringComparison.Ordinal)) : default, 1, 1),
        ["endsWith"] = new((in call) => call.Text() is { } text && call.Text(0) is { } part ? Call.Of(text.EndsWith(part, StringComparison.Ordinal)) : default, 1, 1),
        ["contains"] = new((in call) => call.Text() is { } text && call.Text(0) is { } part ? Call.Of(text.Contains(part, StringComparison.Ordinal)) : default, 1, 1),
        ["upper"] = new((in call) => Call.Of(call.Text()?.ToUpperInvariant()), 0, 0),
        ["lower"] = new((in call) => Call.Of(call.Text()?.ToLowerInvariant()), 0, 0),
        ["trim"] = new((in call) => Call.Of(call.Text()?.Trim()), 0, 0),
        ["length"] = new((in call) => Call.Of(call.Text()?.Length), 0, 0),
        ["replace"] = new(Replace, 2, 2),
        ["matches"] = new((in call) => call.Text() is { } text && call.Text(0) is { } pattern ? Call.Of(Patterns.IsMatch(text, pattern, call.Position)) : default, 1, 1),
        ["matchesFull"] = new((in call) => call.Text() is { } text && call.Text(0) is { } pattern ? Call.Of(Patterns.IsMatch(text, "^(?:" + pattern + ")$", call.Position)) : default, 1, 1),
        ["replaceMatches"] = new(ReplaceMatches, 2, 2),
        ["toChars"] = new(ToChars, 0, 0),
        ["split"] = new(Split, 1, 1),
        ["join"] = new(Join, 0, 1),
        ["encode"] = new((in call) => Recode(call, Encode), 1, 1),
        ["decode"] = new((in call) => Recode(call, Decode), 1, 1),
        ["escape"] = new((in call) => Recode(call, Escape), 1, 1),
        ["unescape"] = new((in call) => Recode(call, Unescape), 1, 1),
    };

    private static Values Substring(in Call call)
    {
        if (call.Text() is not { } text || call.Integer(0) is not { } start || start < 0 || start >= text.Length)
        {
            return default;
        }

        var length = call.Arguments > 1 && call.Integer(1) is { } given ? given : int.MaxValue;
        return Call.Of(text.Substring(start, Math.Clamp(length, 0, text.Length - start)));
    }

    /// <summary>An empty pattern stands between all characters, and at both ends.</summary>
    private static Values Replace(in Call call)
    {
        if (call.Text() is not { } text || call.Text(0) is not { } pattern || call.Text(1) is not { } substitution)
        {
            return default;
        }

        call.Frame.CheckText(text.Length + ((text.Length / (long)Math.Max(pattern.Length, 1)) * substitution.Length));
        return Call.Of(pattern.Length > 0
            ? text.Replace(pattern, substitution, StringComparison.Ordinal)
            : substitution + string.Concat(text.Select(c => c + substitution)));
    }

    private static Values ReplaceMatches(in Call call)
    {
        if (call.Text() is not { } text || call.Text(0) is not { } pattern || call.Text(1) is not { } substitution)
        {
            return default;
        }

        call.Frame.CheckText(text.Length + ((text.Length + 1L) * (substitution.Length + (substitution.Contains('$') ? text.Length : 0)) / 16));
        var result = pattern.Length == 0 ? text : Patterns.Replace(text, pattern, substitution, call.Position);
        return new Values(call.Frame.Text(result));
    }

    private static Values ToChars(in Call call)
    {
        var all = new ValuesBuilder();
        foreach (var c in call.Text() ?? "")
        {
            all.Add(FhirNode.OfSystem(c.ToString()));
        }

        call.Frame.Count(all.Count);
        return all.ToValues();
    }

    private static Values Split(in Call call)
    {
        if (call.Text() is not { } text || call.Text(0) is not { } separator)
        {
            return default;
        }

        var all = new ValuesBuilder();
        foreach (var part in separator.Length == 0 ? text.Select(c => c.ToString()) : text.Split(separator))
        {
            all.Add(FhirNode.OfSystem(part));
        }

        call.Frame.Count(all.Count);
        return all.ToValues();
    }

    private static Values Join(in Call call)
    {
        if (call.Focus.IsEmpty)
        {
            return default;
        }

        var separator = (call.Arguments > 0 ? call.Text(0) : null) ?? "";
        var text = new StringBuilder();
        for (var i = 0; i < call.Focus.Count; i++)
        {
            var part = call.Focus[i].SystemValue as string ?? (call.Focus[i] is { SystemValue: null, IsPrimitive: true } ? "" : throw call.Wrong("A String", call.Focus[i]));
            call.Frame.CheckText((long)text.Length + separator.Length + part.Length);
            text.Append(i > 0 ? separator : "").Append(part);
        }

        return Call.Of(text.ToString());
    }

    private static Values Recode(in Call call, Func<string, string, string?> recode) =>
        call.Text() is { } text && call.Text(0) is { } form ? Call.Of(recode(text, form)) : default;

    private static string? Encode(string text, string form) => form switch
    {
        "hex" => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)),
        "base64" => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)),
        "urlbase64" => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).Replace('+', '-').Replace('/', '_'),
        _ => null,
    };

    private static string? Decode(string text, string form)
    {
        try
        {
            return form switch
            {
                "hex" => Encoding.UTF8.GetString(Convert.FromHexString(text)),
                "base64" => Encoding.UTF8.GetString(Convert.FromBase64String(text)),
                "urlbase64" => Encoding.UTF8.GetString(Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/'))),
                _ => null,
            };
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string? Escape(string text, string form) => form switch
    {
        "html" => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;").Replace("'", "&#39;"),
        "json" => text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n").Replace("\r", "\\r").Replace("\t", "\\t"),
        _ => null,
    };

    private static string? Unescape(string text, string form) => form switch
    {
        "html" => System.Net.WebUtility.HtmlDecode(text),
        "json" => UnescapeJson(text),
        _ => null,
    };

    private static string? UnescapeJson(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                result.Append(text[i]);
                continue;
            }

            var c = ++i < text.Length ? text[i] : '\0';
            if (c == 'u' && i + 4 < text.Length && ushort.TryParse(text.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                result.Append((char)code);
                i += 4;
                continue;
            }

            var plain = c switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'f' => '\f', 'b' => '\b', '"' or '\\' or '/' => c, _ => '\0' };
            if (plain == '\0')
            {
                return null;
            }

            result.Append(plain);
        }

        return result.ToString();
    }
}
