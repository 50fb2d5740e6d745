using Mach.Ui;

namespace Mach.Care;

/// <summary>The words of the pages on which the record is written.</summary>
internal static class Words
{
    public static readonly Texts T = new(typeof(Words).Assembly);
}
