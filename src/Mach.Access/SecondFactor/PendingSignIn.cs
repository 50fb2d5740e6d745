using System.Security.Cryptography;
using Mach.Access.Web;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Mach.Access.SecondFactor;

/// <summary>Between the password and the second step: who gave the right password in this browser, for five minutes, in a sealed cookie that opens nothing.</summary>
internal sealed class PendingSignIn(IDataProtectionProvider protection, TimeProvider clock)
{
    private const string Cookie = "mach.second";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private readonly IDataProtector _protector = protection.CreateProtector("mach.sign-in.second");

    public void Give(HttpContext context, string account) =>
        HouseCookies.Give(context, Cookie, _protector.Protect($"{(clock.GetUtcNow() + Lifetime).ToUs()} {account}"), Lifetime, SameSiteMode.Strict);

    /// <summary>The account name; null when there is none or it is too old.</summary>
    public string? Read(HttpContext context)
    {
        try
        {
            var parts = HouseCookies.Read(context, Cookie) is { Length: < 2048 } text ? _protector.Unprotect(text).Split(' ') : [];
            return parts.Length == 2 && long.TryParse(parts[0], out var until) && until > clock.GetUtcNow().ToUs() ? parts[1] : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public static void Forget(HttpContext context) => HouseCookies.Forget(context, Cookie, SameSiteMode.Strict);
}
