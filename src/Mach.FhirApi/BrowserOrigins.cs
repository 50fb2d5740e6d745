namespace Mach.FhirApi;

/// <summary>Origins as options name them.</summary>
public static class BrowserOrigins
{
    /// <summary>Reads one origin: http or https, a host, perhaps a port; nothing behind it. Neither "*" nor "null": who may call is named one by one.</summary>
    /// <returns>As browsers send it; null when it is none.</returns>
    public static string? Parse(string text) =>
        Uri.TryCreate(text.Trim(), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0 && !uri.Host.Contains('*', StringComparison.Ordinal)
            && uri is { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" }
                ? uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)
                : null;

    /// <summary>A page of the machine itself, of any port.</summary>
    internal static bool IsLoopback(string origin) => Parse(origin) is { } parsed && new Uri(parsed).IsLoopback;
}
