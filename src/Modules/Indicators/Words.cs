using Mach.Ui;

namespace Mach.Indicators;

/// <summary>The words of the pages of numbers.</summary>
internal static class Words
{
    public static readonly Texts T = new(typeof(Words).Assembly);
}
