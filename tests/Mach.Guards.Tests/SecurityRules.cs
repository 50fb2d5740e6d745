using System.Text.RegularExpressions;

namespace Mach.Guards.Tests;

/// <summary>Rules of security that can be read off the text; docs/security/asvs.md names the requirements.</summary>
internal static partial class SecurityRules
{
    /// <summary>The keys of programs and the providers of sign-in: both ask public addresses or configured ones alone.</summary>
    private static readonly string[] Doors = ["src/Mach.Access/Programs/RemoteKeys.cs", "src/Mach.Access/Programs/PublicNetwork.cs", "src/Mach.Access/External/Providers.cs"];

    /// <summary>Where an old hash is a format that others send (the portal's password field, authenticator apps, lists of breached passwords), and where chance keeps no secret: a pause, a sample.</summary>
    private static readonly string[] Harmless = ["src/Mach.Access/SignIn/Passwords.cs", "src/Mach.Access/SignIn/BreachedPasswords.cs", "src/Mach.Access/SecondFactor/Totp.cs", "src/Mach.FhirApi/Writing/WriteRun.cs", "src/Modules/People/Matching/Learning.cs"];

    /// <summary>No address that somebody typed is asked from here unseen (server-side request forgery).</summary>
    public static IEnumerable<string> Outgoing(IEnumerable<SourceFile> sources) => Found(sources, Call(), Doors);

    public static IEnumerable<string> Markup(IEnumerable<SourceFile> sources) => Found(sources, RawMarkup(), []);

    public static IEnumerable<string> Cryptography(IEnumerable<SourceFile> sources) => Found(sources, OldCryptography(), Harmless);

    /// <summary>Whatever seals, signs, keys or proves stands in the inventory, so that nobody has to look for it when an algorithm falls (ASVS 5.0 11.1.3).</summary>
    public static IEnumerable<string> Unlisted(IEnumerable<SourceFile> sources, string inventory) =>
        from file in sources
        where file.Path.StartsWith("src/", StringComparison.Ordinal) && Keyed().IsMatch(file.Text) && !inventory.Contains("`" + Path.GetFileNameWithoutExtension(file.Path) + "`", StringComparison.Ordinal)
        select $"{file.Path} uses a key; name it in docs/security/asvs/v11-cryptography.md";

    public static IEnumerable<string> Execution(IEnumerable<SourceFile> sources) => Found(sources, Running(), ["src/Mach.Server/Demonstration/ManagedPostgres.cs"]);

    public static IEnumerable<string> Secrets(IEnumerable<SourceFile> files) =>
        from file in files
        let match = Secret().Match(file.Text)
        where match.Success
        select $"{file.Path}: {match.Value[..Math.Min(12, match.Value.Length)]}…";

    private static IEnumerable<string> Found(IEnumerable<SourceFile> sources, Regex what, string[] but) =>
        from file in sources
        where file.Path.StartsWith("src/", StringComparison.Ordinal) && !file.Path.StartsWith("src/Mach.Demo/", StringComparison.Ordinal) && !but.Contains(file.Path)
        let match = what.Match(file.Text)
        where match.Success
        select $"{file.Path}: {match.Value}";

    [GeneratedRegex(@"new HttpClient\b|HttpClientHandler|SocketsHttpHandler|HttpMessageInvoker|WebRequest\.|new TcpClient\b|SmtpClient|XmlUrlResolver|DtdProcessing\.Parse")]
    private static partial Regex Call();

    [GeneratedRegex(@"MarkupString|AddMarkupContent|HtmlString\b|\beval\(")]
    private static partial Regex RawMarkup();

    [GeneratedRegex(@"\b(SHA1|MD5|DES|TripleDES|RC2|RijndaelManaged)\.|HMACSHA1|HMACMD5|CipherMode\.ECB|new Random\(|Random\.Shared|PaddingMode\.None")]
    private static partial Regex OldCryptography();

    [GeneratedRegex(@"\b(AesGcm|AesCbc|ChaCha20|ECDsa\.Create|RSA\.Create|HMACSHA\w+|PasswordHasher|CreateProtector|MD5\.|SipHash)\b")]
    private static partial Regex Keyed();

    [GeneratedRegex(@"Process\.Start|new Process\b|BinaryFormatter|TypeNameHandling|Assembly\.Load|CSharpScript|Activator\.CreateInstance\(Type\.GetType")]
    private static partial Regex Running();

    [GeneratedRegex(@"-----BEGIN (RSA |EC |ENCRYPTED |OPENSSH )?PRIVATE KEY-----\s*[A-Za-z0-9+/]{4}|\bAKIA[0-9A-Z]{16}\b|\bghp_[A-Za-z0-9]{36}\b|\bxox[baprs]-[A-Za-z0-9-]{20,}|\bAIza[0-9A-Za-z_-]{35}\b|Password=(?!…|\.\.\.|\$|\{|<|%)[A-Za-z0-9+/]{8,}")]
    private static partial Regex Secret();
}
