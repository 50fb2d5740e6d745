namespace Mach.Ui;

/// <summary>The words of the frame and the shared components.</summary>
internal static class Words
{
    public static readonly Texts T = new(typeof(Words).Assembly);

    /// <summary>One word in a given language, whatever that of the request: for problems, which carry both.</summary>
    public static string Vi(string key) => T.In("vi", key);
    public static string En(string key) => T.In("en", key);
}
