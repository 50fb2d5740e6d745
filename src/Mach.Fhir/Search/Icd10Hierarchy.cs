namespace Mach.Fhir.Search;

/// <summary>
/// Where a code of ICD-10 stands, as the code itself says it: a chapter or group is a range of categories ("J00-J99", "J09-J18"), a category has three
/// characters ("J10"), and what is below it begins with it ("J10.1"). So codes that no list here has are in their place too.
/// </summary>
/// <param name="First">Of a range the first category; else the code without dot, dagger and asterisk, in capitals.</param>
/// <param name="Last">Of a range the last category; else the same as <paramref name="First"/>.</param>
/// <param name="IsRange">A group or a chapter.</param>
/// <remarks>Source: ICD-10 volume 2, §2.4 (https://icd.who.int/browse10/Content/statichtml/ICD10Volume2_en_2019.pdf): the structure of the classification.</remarks>
internal readonly record struct Icd10Hierarchy(string First, string Last, bool IsRange)
{
    public const string System = "http://hl7.org/fhir/sid/icd-10";

    private const string ThirdCharacters = "0123456789AB";

    /// <summary>ICD-10 or a national edition of it ("…/icd-10-vn").</summary>
    public static bool Knows(string system) =>
        system.StartsWith(System, StringComparison.Ordinal) && (system.Length == System.Length || system[System.Length] == '-');

    /// <summary>False when it has not the form of a code or a range.</summary>
    public static bool TryParse(string code, out Icd10Hierarchy place)
    {
        var dash = code.IndexOf('-', StringComparison.Ordinal);
        if (dash > 0)
        {
            var (first, last) = (Plain(code[..dash]), Plain(code[(dash + 1)..]));
            place = new Icd10Hierarchy(first, last, true);
            return first.Length == 3 && last.Length == 3 && IsCategory(first) && IsCategory(last) && string.CompareOrdinal(first, last) <= 0;
        }

        var plain = Plain(code);
        place = new Icd10Hierarchy(plain, plain, false);
        return plain.Length is >= 3 and <= 8 && IsCategory(plain);
    }

    /// <summary>The same or below it.</summary>
    public bool IsBelow(in Icd10Hierarchy other) => other.IsRange
        ? string.CompareOrdinal(First[..3], other.First) >= 0 && string.CompareOrdinal(Last[..3], other.Last) <= 0
        : !IsRange && First.StartsWith(other.First, StringComparison.Ordinal);

    /// <summary>What the code stands under in an index: its category; all ranges are one key.</summary>
    public string Key => IsRange ? AnyRange : "\u0001" + First[..3];

    /// <summary>The keys under which everything below it stands.</summary>
    public IEnumerable<string> KeysBelow()
    {
        if (!IsRange)
        {
            yield return Key;
            yield break;
        }

        yield return AnyRange;
        for (var letter = First[0]; letter <= Last[0]; letter++)
        {
            for (var digit = '0'; digit <= '9'; digit++)
            {
                foreach (var third in ThirdCharacters)
                {
                    var category = string.Concat([letter, digit, third]);
                    if (string.CompareOrdinal(category, First) >= 0 && string.CompareOrdinal(category, Last) <= 0)
                    {
                        yield return "\u0001" + category;
                    }
                }
            }
        }
    }

    /// <summary>The keys under which everything above it stands: codes above a code have its category.</summary>
    public IEnumerable<string> KeysAbove() => IsRange ? [AnyRange] : [Key, AnyRange];

    private const string AnyRange = "\u0001-";

    private static bool IsCategory(string text) =>
        text[0] is >= 'A' and <= 'Z' && char.IsAsciiDigit(text[1]) && ThirdCharacters.Contains(text[2], StringComparison.Ordinal) && text.All(char.IsAsciiLetterOrDigit);

    private static string Plain(string code) => string.Concat(code.Where(c => c is not ('.' or '*' or '+' or '†' or ' '))).ToUpperInvariant();
}

/// <summary>":below" and ":above" of a token: the codes of ICD-10 under or over one, or under a group or chapter.</summary>
/// <param name="System">Null: any edition of ICD-10.</param>
internal sealed record HierarchyValue(string? System, Icd10Hierarchy Place, bool IsBelow) : SearchValue
{
    public static HierarchyValue Of(SearchParameter parameter, string modifier, string raw)
    {
        var token = TokenValue.Parse(raw, SearchForm.Plain);
        if (token.System is { } system && !Icd10Hierarchy.Knows(system))
        {
            throw SearchException.NotSupported($"'{parameter.Code}:{modifier}={raw}': only the hierarchy of ICD-10 ({Icd10Hierarchy.System}) is known here; name the codes with commas between them, or a ValueSet with {parameter.Code}:in.");
        }

        return Icd10Hierarchy.TryParse(token.Code, out var place)
            ? new HierarchyValue(token.System, place, modifier == "below")
            : throw SearchException.Invalid($"'{parameter.Code}:{modifier}={raw}': say a code of ICD-10 such as J10 or J10.1, or a group or chapter such as J09-J18.");
    }

    public bool Contains((string System, string Code) coding) =>
        Icd10Hierarchy.Knows(coding.System) && (System is null || System == coding.System)
        && Icd10Hierarchy.TryParse(coding.Code, out var stored) && (IsBelow ? stored.IsBelow(Place) : Place.IsBelow(stored));

    public IEnumerable<string> Keys => IsBelow ? Place.KeysBelow() : Place.KeysAbove();
}
