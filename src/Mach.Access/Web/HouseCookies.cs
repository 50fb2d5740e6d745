using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;

namespace Mach.Access.Web;

/// <summary>
/// The cookies of sign-in: for the whole host, out of reach of scripts, and over TLS under a name with <c>__Host-</c> that no neighbouring host and no plain connection can set.
/// </summary>
/// <remarks>Source: RFC 6265bis §4.1.3.2 (cookie name prefixes); ASVS 5.0 3.3.1 to 3.3.4.</remarks>
public static class HouseCookies
{
    /// <summary>The name in a browser of the cookie that we call <paramref name="name"/>.</summary>
    public static string NameOf(HttpContext context, string name) => NameOf(name, context.Request.IsHttps);

    /// <summary>The cookie's text; null when there is none.</summary>
    public static string? Read(HttpContext context, string name) => context.Request.Cookies[NameOf(context, name)];

    /// <param name="age">Null = until the browser ends.</param>
    internal static void Give(HttpContext context, string name, string text, TimeSpan? age, SameSiteMode site) =>
        context.Response.Cookies.Append(NameOf(context, name), text, Options(context, age, site));

    internal static void Forget(HttpContext context, string name, SameSiteMode site) =>
        context.Response.Cookies.Delete(NameOf(context, name), Options(context, null, site));

    internal static string NameOf(string name, bool isSecure) => isSecure ? "__Host-" + name : name;

    private static CookieOptions Options(HttpContext context, TimeSpan? age, SameSiteMode site) => new()
    {
        HttpOnly = true,
        IsEssential = true,
        MaxAge = age,
        Path = "/",
        SameSite = site,
        Secure = context.Request.IsHttps,
    };

    /// <summary>The same names for the cookie of sessions, which the framework keeps.</summary>
    internal sealed class Manager : ICookieManager
    {
        private readonly ChunkingCookieManager _inner = new();

        public string? GetRequestCookie(HttpContext context, string key) => _inner.GetRequestCookie(context, NameOf(context, key));

        public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) => _inner.AppendResponseCookie(context, NameOf(context, key), value, options);

        public void DeleteCookie(HttpContext context, string key, CookieOptions options) => _inner.DeleteCookie(context, NameOf(context, key), options);
    }
}
