using System.Text.RegularExpressions;
using Mach.Data;

namespace Mach.Access.Tests;

/// <summary>Short cuts of the tests of how people sign in: hosts with the pages, browsers that look like different computers.</summary>
internal static partial class SignInHost
{
    public const string Chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";

    public static async Task<AccessHost> StartAsync(DbEngine engine, AccessOptions? options = null) =>
        await (await AccessHost.StartAsync(engine, options, pages: true)).WithPeopleAsync();

    public static Browser NewBrowser(this AccessHost host, string address = "10.0.0.1", string agent = Chrome)
    {
        var client = host.Program(address: address);
        client.DefaultRequestHeaders.UserAgent.ParseAdd(agent);
        return new Browser(client);
    }

    /// <summary>A browser that is signed in with the password.</summary>
    public static async Task<Browser> SignedInAsync(this AccessHost host, string user, string address = "10.0.0.1", string agent = Chrome)
    {
        var browser = host.NewBrowser(address, agent);
        Assert.Equal("/", (await browser.SignInAsync(user, AccessHost.Password)).Headers.Location?.OriginalString);
        return browser;
    }

    public static async Task<string> TextAsync(this Browser browser, string path) => await (await browser.GetAsync(path)).Content.ReadAsStringAsync();

    public static string? Place(this HttpResponseMessage answer) => answer.Headers.Location?.OriginalString;

    /// <summary>The antiforgery field of a page; the page itself where it is nothing but the token.</summary>
    public static string Token(string page) => TokenField().Match(page) is { Success: true } field ? field.Groups[1].Value : page;

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex TokenField();
}
