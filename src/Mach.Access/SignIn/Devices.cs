using System.Security.Cryptography;
using System.Text;
using Dapper;
using Mach.Access.Tokens;
using Mach.Access.Web;
using Mach.Data;
using Microsoft.AspNetCore.Http;

namespace Mach.Access.SignIn;

/// <summary>
/// The browser at hand: a random cookie that outlives sessions. It proves nothing by itself; it tells a browser that an account has
/// used before from one it has not, so that guesses made elsewhere never slow down the owner's own.
/// </summary>
/// <remarks>Source: OWASP, "Slow Down Online Guessing Attacks with Device Cookies", https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies.</remarks>
internal sealed class Devices(Db db)
{
    public const string Cookie = "mach.device";

    /// <summary>SHA-256 of the browser's cookie; null when it has none.</summary>
    public static byte[]? Read(HttpContext context) =>
        HouseCookies.Read(context, Cookie) is { Length: 43 } text ? SHA256.HashData(Encoding.UTF8.GetBytes(text)) : null;

    /// <summary>The same, giving the browser a cookie when it has none yet.</summary>
    public static byte[] ReadOrGive(HttpContext context)
    {
        if (Read(context) is { } known)
        {
            return known;
        }

        var text = Tickets.RandomText();
        HouseCookies.Give(context, Cookie, text, TimeSpan.FromDays(400), SameSiteMode.Lax);
        return SHA256.HashData(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>What failures are counted against: the browser when this account has used it before, else the network address.</summary>
    public async Task<string> PlaceAsync(HttpContext context, string account, CancellationToken ct) =>
        Read(context) is { } sha && await KnowsAsync(account, sha, ct) ? "device:" + Convert.ToHexString(sha) : context.ClientAddress();

    public async Task<bool> KnowsAsync(string account, byte[] sha, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(KnowsSql, new { Account = AccountRules.Fold(account), Sha = sha }, cancellationToken: ct)) > 0;
    }

    /// <summary>Browser and system in a few words, from User-Agent; for people to recognise, not to rely on.</summary>
    public static string Name(string? agent)
    {
        agent ??= "";
        string browser = First(agent, ("Edg/", "Edge"), ("OPR/", "Opera"), ("CocCoc", "Cốc Cốc"), ("coc_coc", "Cốc Cốc"), ("SamsungBrowser", "Samsung"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"));
        string system = First(agent, ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"));
        return (browser, system) switch
        {
            ("", "") => "?",
            ("", _) => system,
            (_, "") => browser,
            _ => browser + " · " + system,
        };
    }

    private static string First(string agent, params (string Mark, string Name)[] names) =>
        names.FirstOrDefault(n => agent.Contains(n.Mark, StringComparison.Ordinal)).Name ?? "";

    private const string KnowsSql = "SELECT COUNT(*) FROM acc_known WHERE account = @Account AND device_sha = @Sha";
}
