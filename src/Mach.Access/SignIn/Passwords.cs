using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Mach.Access.SignIn;

/// <summary>Password hashes in the form of ASP.NET Core Identity version 3: PBKDF2-HMAC-SHA512, 210,000 rounds, 128-bit salt.</summary>
/// <remarks>Source of the rounds: OWASP Password Storage Cheat Sheet, PBKDF2, https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html.</remarks>
internal static class Passwords
{
    private static readonly PasswordHasher<string> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 210_000 }));
    private static readonly Lazy<string> NobodyHash = new(() => Hash(RandomNumberGenerator.GetHexString(32)));

    /// <summary>A hash that no password fits: checking it takes as long as checking a real one.</summary>
    public static string Nobody => NobodyHash.Value;

    public static string Hash(string password) => Hasher.HashPassword("", password);

    public static bool Verify(string hash, string password) =>
        Hasher.VerifyHashedPassword("", hash, password) != PasswordVerificationResult.Failed;

    /// <summary>True when the right password was hashed with fewer rounds than are usual today.</summary>
    public static bool IsOutdated(string hash, string password) =>
        Hasher.VerifyHashedPassword("", hash, password) == PasswordVerificationResult.SuccessRehashNeeded;

    /// <summary>Hash of what portal clients send instead of the password.</summary>
    public static string HashMd5(string password) => Hash(Md5(password));

    /// <summary>True when <paramref name="text"/> may be an MD5 in hex, in either case.</summary>
    public static bool LooksLikeMd5(string text) => text.Length == 32 && text.All(char.IsAsciiHexDigit);

    /// <summary>True when these roles may send dossiers, and so may come by the portal contract.</summary>
    public static bool MaySend(IEnumerable<string> roles) => roles.Any(r => Roles.Senders.Contains(r));

    /// <summary>Upper-case hex MD5 of the UTF-8 bytes. Source: portal guide of Vietnam Social Security, session call.</summary>
#pragma warning disable CA5351 // MD5 is the form on the wire that sending systems are built for; what is stored is PBKDF2 over it.
    public static string Md5(string password) => Convert.ToHexString(MD5.HashData(Encoding.UTF8.GetBytes(password)));
#pragma warning restore CA5351
}
