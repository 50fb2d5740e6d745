namespace Mach.Access;

/// <summary>Addresses to go back to after sign-in: inside this site only, so that nobody is led elsewhere by a link (CWE-601).</summary>
public static class LocalUrl
{
    /// <summary>True for an absolute path on this site: one slash, then anything but a slash or backslash, without control characters.</summary>
    public static bool IsLocal(string? url) =>
        url is { Length: > 0 and <= 2048 } && url[0] == '/'
        && (url.Length == 1 || url[1] is not ('/' or '\\'))
        && !url.Any(char.IsControl);

    /// <summary>The address when it is local, else the front page.</summary>
    public static string OrHome(string? url) => IsLocal(url) ? url! : "/";
}
