using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;

namespace Mach.Ui.Frame;

/// <summary>Language, theme and density: a cookie each, no account needed, so that the sign-in page has them too. An address may ask for others for its own page.</summary>
internal static class Preferences
{
    private static readonly Dictionary<string, string[]> Choices = new(StringComparer.Ordinal)
    {
        ["lang"] = ["vi", "en"],
        ["theme"] = ["", "light", "dark", "night"],
        ["density"] = ["", "comfortable", "compact", "tablet"],
    };

    private static readonly CultureInfo Vietnamese = new("vi");
    private static readonly CultureInfo English = new("en");

    /// <summary>What the reader may choose of a preference, in the order of the menu; "" leaves it to the device.</summary>
    public static IReadOnlyList<string> ChoicesOf(string name) => Choices[name];

    /// <summary>What the address asks for, else the stored choice; "" when there is none or it is no longer one.</summary>
    public static string Of(HttpContext? http, string name) => http is null ? "" : Known(name, http.Request.Query[name].ToString()) ?? Known(name, http.Request.Cookies[name]) ?? "";

    private static string? Known(string name, string? value) => value is { Length: > 0 } && Choices[name].Contains(value, StringComparer.Ordinal) ? value : null;

    /// <summary>Address that sets a preference and comes back to the page that shows it.</summary>
    public static string Url(HttpContext? http, string name, string value)
    {
        var here = http is null ? "/" : http.Request.Method == HttpMethods.Get ? http.Request.PathBase + http.Request.Path + Without(http.Request.Query, name) : "/";
        return $"/preferences/{name}?value={value}&returnUrl={Uri.EscapeDataString(here)}";
    }

    /// <summary>The query without the preference that is about to change: it would win over the choice.</summary>
    private static QueryString Without(IQueryCollection query, string name) => QueryString.Create(query.Where(part => part.Key != name));

    /// <summary>The language that the address asks for, for a fragment the address of its page; else the reader's choice.</summary>
    public static void SetLanguage(HttpContext http)
    {
        var asked = http.Request.Query["lang"].ToString() is { Length: > 0 } query ? query
            : Uri.TryCreate(http.Request.Headers["HX-Current-URL"].ToString(), UriKind.Absolute, out var page) && QueryHelpers.ParseQuery(page.Query).TryGetValue("lang", out var there) ? there.ToString()
            : Of(http, "lang");
        CultureInfo.CurrentUICulture = asked == "en" ? English : Vietnamese;
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/preferences/{name}", Set).AllowAnonymous().WithName("ui-preference");

    /// <summary>Sets the cookie and goes back; an unknown name or value answers 404, a foreign address goes to the start page.</summary>
    internal static IResult Set(string name, string? value, string? returnUrl, HttpContext http)
    {
        value ??= "";
        if (!Choices.TryGetValue(name, out var allowed) || !allowed.Contains(value, StringComparer.Ordinal))
        {
            return Results.NotFound();
        }

        if (value.Length == 0)
        {
            http.Response.Cookies.Delete(name);
        }
        else
        {
            http.Response.Cookies.Append(name, value, new CookieOptions
            {
                Path = "/",
                MaxAge = TimeSpan.FromDays(365),
                SameSite = SameSiteMode.Lax,
                Secure = http.Request.IsHttps,
                IsEssential = true,
            });
        }

        return Results.LocalRedirect(IsLocal(returnUrl) ? returnUrl! : "/");
    }

    /// <summary>A path on this site: starts with one slash, no backslash, no control characters.</summary>
    internal static bool IsLocal(string? url) =>
        url is ['/', ..] && !url.StartsWith("//", StringComparison.Ordinal) && !url.Contains('\\', StringComparison.Ordinal) && !url.Any(char.IsControl);
}
