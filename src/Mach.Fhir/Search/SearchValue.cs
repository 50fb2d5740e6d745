using System.Globalization;
using System.Text;

namespace Mach.Fhir.Search;

/// <summary>One value of a clause, read once.</summary>
internal abstract record SearchValue
{
    /// <param name="sets">Value sets beyond the specification's, by address.</param>
    /// <exception cref="SearchException">The value cannot be of this parameter.</exception>
    public static SearchValue Parse(SearchParameter parameter, string? modifier, string raw, ConceptSets? sets = null)
    {
        if (raw.Length == 0)
        {
            throw SearchException.Invalid($"Parameter '{parameter.Code}' has an empty value.");
        }

        return (parameter.Kind, modifier) switch
        {
            (_, "missing") => raw is "true" or "false" ? new TextValue(raw, raw) : throw SearchException.Invalid($"'{parameter.Code}:missing' takes true or false, not '{raw}'."),
            (SearchKind.Token, "text") => TextValue.Of(raw),
            (SearchKind.Token, "in" or "not-in") => TokenSetValue.Named(parameter, modifier!, Unescape(raw), sets),
            (SearchKind.Token, "below" or "above") => HierarchyValue.Of(parameter, modifier!, raw),
            (SearchKind.Token, "of-type") => OfTypeValue.Parse(raw),
            (SearchKind.Token, _) => TokenValue.Parse(raw, parameter.Form),
            (SearchKind.Reference, "identifier") => TokenValue.Parse(raw, SearchForm.Plain),
            (SearchKind.Reference, _) => ReferenceValue.Parse(parameter, raw),
            (SearchKind.Date, _) => DateValue.Parse(raw),
            (SearchKind.Quantity, _) => QuantityValue.Parse(raw),
            (SearchKind.Number, _) => QuantityValue.ParseNumber(raw),
            (SearchKind.Composite, _) => CompositeValue.Parse(parameter, raw),
            (SearchKind.Uri, _) => new TextValue(Unescape(raw), ""),
            (SearchKind.Special, _) => throw SearchException.NotSupported(parameter.Code == "near"
                ? "'near' is not supported: distances are not kept. Ask by address, address-city, address-state or partof."
                : $"'{parameter.Code}' is not supported; {parameter.Type} can be searched by its other parameters."),
            _ => TextValue.Of(raw),
        };
    }

    /// <summary>Splits at a separator that has no backslash before it; escapes stay.</summary>
    public static List<string> Split(string text, char separator)
    {
        var parts = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == separator)
            {
                parts.Add(text[start..i]);
                start = i + 1;
            }
        }

        parts.Add(text[start..]);
        return parts;
    }

    /// <summary>\, \| \$ and \\ as the characters they stand for (http://hl7.org/fhir/R4/search.html#escaping).</summary>
    public static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is ',' or '|' or '$' or '\\')
            {
                i++;
            }

            plain.Append(text[i]);
        }

        return plain.ToString();
    }

    protected static (DatePrefix Prefix, string Number) SplitPrefix(string text)
    {
        if (text.Length > 2 && char.IsAsciiLetterLower(text[0]) && char.IsAsciiLetterLower(text[1]))
        {
            return Enum.TryParse<DatePrefix>(text[..2], ignoreCase: true, out var prefix)
                ? (prefix, text[2..])
                : throw SearchException.Invalid($"Unknown prefix '{text[..2]}' in '{text}'; known are eq ne gt lt ge le sa eb ap.");
        }

        return (DatePrefix.Eq, text);
    }
}

/// <param name="Plain">As sent, escapes resolved.</param>
/// <param name="Folded">For comparing without case, diacritics and punctuation.</param>
internal sealed record TextValue(string Plain, string Folded) : SearchValue
{
    public static TextValue Of(string raw)
    {
        var plain = Unescape(raw);
        return new TextValue(plain, SearchText.Fold(plain));
    }
}

/// <param name="System">Null: any; empty: "|code", the value must have none.</param>
/// <param name="Code">Empty for "system|".</param>
internal sealed record TokenValue(string? System, string Code) : SearchValue
{
    public static TokenValue Parse(string raw, SearchForm form)
    {
        var parts = Split(raw, '|');
        if (parts.Count > 2 || (parts.Count == 2 && parts[0].Length + parts[1].Length == 0))
        {
            throw SearchException.Invalid($"'{raw}' is no token; say code, system|code, |code or system|.");
        }

        var code = Unescape(parts[^1]);
        return new TokenValue(parts.Count == 2 ? Unescape(parts[0]) : null, form == SearchForm.Phone ? SearchText.Phone(code) : code);
    }
}

/// <param name="Type">Null when only an id was given and several types are possible.</param>
/// <param name="Id">Null for an absolute or foreign reference, which is compared as text.</param>
internal sealed record ReferenceValue(string? Type, string? Id, string Text) : SearchValue
{
    public static ReferenceValue Parse(SearchParameter parameter, string raw)
    {
        var text = Unescape(raw);
        if (LocalReference.TryParse(text, out var type, out var id))
        {
            return new ReferenceValue(type, id, text);
        }

        if (LocalReference.IsId(text))
        {
            return new ReferenceValue(parameter.Targets is [var only] ? only : null, text, text);
        }

        return text.Contains(':', StringComparison.Ordinal)
            ? new ReferenceValue(null, null, text)
            : throw SearchException.Invalid($"'{raw}' is no reference for '{parameter.Code}'; say Type/id, id or an address.");
    }
}

/// <summary>The concepts of a value set that is known here.</summary>
internal sealed record TokenSetValue(IReadOnlySet<(string System, string Code)> Concepts) : SearchValue
{
    /// <summary>A plain code's system is implied by its element, so any is accepted.</summary>
    public bool Contains((string System, string Code) coding) =>
        coding.System.Length > 0 ? Concepts.Contains(coding) : Codes.Contains(coding.Code);

    private HashSet<string> Codes => field ??= [.. Concepts.Select(c => c.Code)];

    public static TokenSetValue Named(SearchParameter parameter, string modifier, string url, ConceptSets? sets) => new(sets?.GetValueOrDefault(url) ?? KnownConcepts.Of(url)
        ?? throw SearchException.NotSupported($"'{parameter.Code}:{modifier}={url}': this value set is not known here, or is not a list."));
}

/// <summary>"system|code|value" of an identifier's type and value (http://hl7.org/fhir/R4/search.html#token, :of-type).</summary>
internal sealed record OfTypeValue(string System, string Code, string Value) : SearchValue
{
    public static OfTypeValue Parse(string raw) => Split(raw, '|') is [var system, var code, var value] && code.Length > 0 && value.Length > 0
        ? new OfTypeValue(Unescape(system), Unescape(code), Unescape(value))
        : throw SearchException.Invalid($"'{raw}' is not of the form system|code|value, all about an identifier.");
}

/// <summary>"a$b": all parts must hold for one element.</summary>
internal sealed record CompositeValue(IReadOnlyList<SearchValue> Parts, IReadOnlyList<string> Raw) : SearchValue
{
    public static CompositeValue Parse(SearchParameter parameter, string raw)
    {
        var parts = Split(raw, '$');
        return parts.Count == parameter.Components.Count
            ? new CompositeValue([.. parts.Select((part, i) => SearchValue.Parse(parameter.Components[i].Parameter, null, part))], parts)
            : throw SearchException.Invalid($"'{parameter.Code}' takes {parameter.Components.Count} values with a dollar sign between them: {string.Join('$', parameter.Components.Select(c => c.Code))}.");
    }
}

internal sealed record DateValue(DatePrefix Prefix, DateRange Range) : SearchValue
{
    public static DateValue Parse(string raw)
    {
        var (prefix, rest) = SplitPrefix(raw);
        // A plus sign of an offset that was not encoded in a link arrives as a blank.
        return DateRange.TryParse(rest.Replace(' ', '+'), out var range)
            ? new DateValue(prefix, range)
            : throw SearchException.Invalid($"'{raw}' is no date; say for example 2026, 2026-11, ge2026-11-22 or lt2026-11-22T08:30:00+07:00.");
    }
}

/// <param name="Low">Least value that the number stands for by its digits: 5.4 is 5.35 to 5.45.</param>
/// <param name="Unit">Code or unit; null = any.</param>
internal sealed record QuantityValue(DatePrefix Prefix, double Value, double Low, double High, string? System, string? Unit) : SearchValue
{
    public static QuantityValue Parse(string raw)
    {
        var (prefix, rest) = SplitPrefix(raw);
        var parts = Split(rest, '|');
        if (parts.Count is 2 or > 3 || !double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
        {
            throw SearchException.Invalid($"'{raw}' is no quantity; say for example 5.4, gt5.4 or le5.4|http://unitsofmeasure.org|mmol/L.");
        }

        return Of(prefix, value, parts[0], Part(parts, 1), Part(parts, 2));
    }

    /// <summary>A plain number.</summary>
    public static QuantityValue ParseNumber(string raw)
    {
        var (prefix, number) = SplitPrefix(raw);
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? Of(prefix, value, number, null, null)
            : throw SearchException.Invalid($"'{raw}' is no number; say for example 100, 1e2 or gt5.4.");
    }

    private static string? Part(List<string> parts, int index) => parts.Count > index && parts[index].Length > 0 ? Unescape(parts[index]) : null;

    private static QuantityValue Of(DatePrefix prefix, double value, string number, string? system, string? unit)
    {
        var exponentAt = number.IndexOfAny(['e', 'E']);
        var mantissa = exponentAt < 0 ? number : number[..exponentAt];
        // What is too long for an exponent here has made the number infinite or zero before.
        var exponent = exponentAt < 0 || !int.TryParse(number.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var power) ? 0 : power;
        var dot = mantissa.IndexOf('.', StringComparison.Ordinal);
        var half = 0.5 * Math.Pow(10, exponent - (dot < 0 ? 0 : mantissa.Length - dot - 1));
        return new QuantityValue(prefix, value, value - half, value + half, system, unit);
    }

    /// <summary>The same in UCUM's base units; null when the unit is none that converts.</summary>
    public (string Unit, QuantityValue Value)? Canonical =>
        System == QuantityRange.UcumSystem && Unit is not null
        && CanonicalUnits.TryConvert(Unit, Low, High, out var unit, out var low, out var high) && CanonicalUnits.TryConvert(Unit, Value, Value, out _, out var value, out _)
            ? (unit, this with { Value = value, Low = low, High = high })
            : null;
}
