namespace Mach.Ui;

/// <summary>The words of the frame and the shared components.</summary>
internal static class Words
{
    public static readonly Texts T = new(typeof(Words).Assembly);
}
