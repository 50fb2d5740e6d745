namespace Mach.Kernel;

/// <summary>Vietnamese letters without ICU: the same answer on every machine (docs/adr/0002).</summary>
public static class VietnameseText
{
    /// <summary>
    /// Lower case, no diacritics, đ→d, every run of white space (no-break spaces too) one blank, trimmed.
    /// Works on composed, decomposed and half-composed input. "Nguyễn  Thị Đào" → "nguyen thi dao".
    /// </summary>
    public static string Fold(ReadOnlySpan<char> text) => throw new NotImplementedException();

    /// <summary>Canonical composition (NFC) of Vietnamese letters by an own table; other characters stay as they are.</summary>
    public static string Compose(string text) => throw new NotImplementedException();

    /// <summary>True when the text carries at least one Vietnamese diacritic (composed or combining) or đ.</summary>
    public static bool HasDiacritics(ReadOnlySpan<char> text) => throw new NotImplementedException();
}
