using System.Reflection;

namespace Mach.Access;

/// <summary>
/// What names and passwords must be. Length and the list of common passwords follow NIST SP 800-63B-4 §3.1.1.2
/// (https://pages.nist.gov/800-63-4/sp800-63b.html) and OWASP ASVS 5.0 V6.2: at least 15 characters where the password may be the only proof,
/// no composition rules, a list of known bad ones, no change without a reason.
/// </summary>
internal static class AccountRules
{
    private const int MinPassword = 15;
    private const int MaxPassword = 256;
    private const int ShortestOfMany = 4;
    private static readonly Lazy<HashSet<string>> Common = new(LoadCommon);

    /// <summary>The listed passwords without their digits and signs.</summary>
    private static readonly Lazy<HashSet<string>> Words = new(() =>
        [.. Common.Value.Select(p => new string([.. p.Where(char.IsAsciiLetter)])).Where(w => w.Length > 0)]);

    public static string Fold(string? name) => (name ?? "").Trim().ToLowerInvariant();

    public static AccountProblem? Check(NewAccount account) =>
        CheckName(Fold(account.Name)) ?? CheckRoles(account.Roles) ?? CheckFacility(account.Facility)
        ?? CheckPassword(Fold(account.Name), account.Password);

    public static AccountProblem? CheckName(string name) =>
        name.Length is >= 3 and <= 64 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-' or '@')
            ? null
            : new("name",
                "Tên đăng nhập phải có 3–64 ký tự: chữ a–z không dấu, chữ số, dấu chấm, gạch dưới, gạch nối hoặc @.",
                "A user name has 3–64 characters: letters a–z, digits, dot, underscore, hyphen or @.");

    public static AccountProblem? CheckPassword(string name, string? password)
    {
        if (password is null || password.Length is < MinPassword or > MaxPassword)
        {
            return new("password.short",
                "Mật khẩu phải có từ 15 đến 256 ký tự; một câu dễ nhớ là tốt nhất.",
                "A password has 15 to 256 characters; a sentence is easiest to remember.");
        }

        return IsCommon(password, name)
            ? new("password.common",
                "Mật khẩu này quá phổ biến hoặc trùng tên đăng nhập; hãy chọn mật khẩu khác.",
                "This password is too common, or is the user name; choose another one.")
            : null;
    }

    /// <summary>
    /// True when the password is a listed one, the user name, or nothing but listed words, the name, walks over the keyboard, digits and signs strung together,
    /// so that "MatKhau123456789!", "quantri quantri 2026" and "1qaz2wsx3edc4rfv" fall with "matkhau", "quantri" and "qwer". What people make of common passwords
    /// when 15 characters are asked for is of this kind; so the rule stands for a list of some hundred thousand of them.
    /// </summary>
    /// <remarks>Source: OWASP ASVS 5.0 V6.2.4 (common ones), V6.2.11 (words of the place).</remarks>
    private static bool IsCommon(string password, string name)
    {
        var folded = Kernel.VietnameseText.Fold(password);
        if (Common.Value.Contains(folded) || folded == name || folded.Distinct().Count() < 5)
        {
            return true;
        }

        var letters = new string([.. folded.Select(c => c switch { '@' => 'a', '0' => 'o', '$' => 's', '3' => 'e', _ => c }).Where(char.IsAsciiLetter)]);
        var plain = new string([.. folded.Where(char.IsAsciiLetter)]);
        var own = new string([.. name.Where(char.IsAsciiLetter)]);
        var walked = KeyWalks.Without(new string([.. folded.Where(char.IsAsciiLetterOrDigit)]));
        return Strung(letters, own) || Strung(plain, own) || Strung(new string([.. walked.Where(char.IsAsciiLetter)]), own);
    }

    /// <summary>True when the letters are listed words or the name: one or two whatever their length, or any number of them that have four letters at least.</summary>
    private static bool Strung(string letters, string own)
    {
        bool Known(string part) => part.Length == 0 || part == own || Words.Value.Contains(part);
        var reached = new bool[letters.Length + 1];
        reached[0] = true;
        for (var start = 0; start < letters.Length; start++)
        {
            for (var end = start + ShortestOfMany; reached[start] && end <= letters.Length; end++)
            {
                reached[end] |= Known(letters[start..end]);
            }
        }

        return reached[^1]
            || Enumerable.Range(0, letters.Length + 1).Any(i => Known(letters[..i]) && Known(letters[i..]))
            || Enumerable.Range(1, Math.Max(0, letters.Length / 2)).Any(n => letters.Length % n == 0 && Known(letters[..n]) && letters == string.Concat(Enumerable.Repeat(letters[..n], letters.Length / n)));
    }

    public static AccountProblem? CheckRoles(IReadOnlyList<string>? roles) =>
        roles is { Count: > 0 } && roles.All(Roles.All.Contains)
            ? null
            : new("roles",
                $"Cần ít nhất một vai trò trong số: {string.Join(", ", Roles.All)}.",
                $"At least one role is needed, of: {string.Join(", ", Roles.All)}.");

    public static AccountProblem? CheckFacility(string? facility) =>
        facility is null || (facility.Length == 5 && facility.All(char.IsAsciiLetterOrDigit))
            ? null
            : new("facility",
                "Mã cơ sở khám bệnh, chữa bệnh gồm 5 chữ số hoặc chữ cái.",
                "A facility code has 5 digits or letters.");

    private static HashSet<string> LoadCommon()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("common-passwords.txt")
            ?? throw new InvalidOperationException("common-passwords.txt is not embedded");
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
    }
}
