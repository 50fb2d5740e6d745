using System.Net;
using System.Text.RegularExpressions;
using Mach.Server.Demonstration;

namespace Mach.Server.Tests;

/// <summary>A browser without a screen: cookies, forms and their tokens.</summary>
internal static partial class HubBrowser
{
    public const string TokenField = "__RequestVerificationToken";

    public static HttpClient Open(Uri address)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = true, CookieContainer = new CookieContainer() }) { BaseAddress = address };
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        return client;
    }

    /// <summary>Signs in and gives the token that forms of this session carry.</summary>
    public static async Task<string> SignInAsync(HttpClient browser, DemoUser user)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["user"] = user.User, ["password"] = user.Password, ["returnUrl"] = "/", [TokenField] = await TokenAsync(browser, "/sign-in") });
        Assert.Equal("/", (await browser.PostAsync("/sign-in", form)).Headers.Location?.ToString());
        return await TokenAsync(browser, "/account");
    }

    /// <summary>The token in the forms of a page.</summary>
    public static async Task<string> TokenAsync(HttpClient browser, string page) => TokenIn(await browser.GetStringAsync(page));

    public static string TokenIn(string html) => TokenPattern().Match(html).Groups[1].Value;

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex TokenPattern();
}
