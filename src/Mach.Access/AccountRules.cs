using System.Reflection;

namespace Mach.Access;

/// <summary>
/// What names and passwords must be. Length and the list of common passwords follow NIST SP 800-63B §5.1.1.2
/// (https://pages.nist.gov/800-63-3/sp800-63b.html): at least 8 characters, no composition rules, a list of known bad ones.
/// </summary>
internal static class AccountRules
{
    private const int MinPassword = 8;
    private const int MaxPassword = 256;
    private static readonly Lazy<HashSet<string>> Common = new(LoadCommon);

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
                "Mật khẩu phải có từ 8 đến 256 ký tự.",
                "A password has 8 to 256 characters.");
        }

        var folded = password.ToLowerInvariant();
        return Common.Value.Contains(folded) || folded == name || folded.Distinct().Count() < 3
            ? new("password.common",
                "Mật khẩu này quá phổ biến hoặc trùng tên đăng nhập; hãy chọn mật khẩu khác.",
                "This password is too common, or is the user name; choose another one.")
            : null;
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
