using Mach.Ui;

namespace Mach.Intake;

/// <summary>The words of this room in the language of the request.</summary>
internal static class Words
{
    public static Texts T { get; } = new(typeof(Words).Assembly);
}
