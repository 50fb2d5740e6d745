using Mach.Ui;

namespace Mach.Chart;

/// <summary>The words of the record's pages.</summary>
internal static class Words
{
    public static readonly Texts T = new(typeof(Words).Assembly);
}
