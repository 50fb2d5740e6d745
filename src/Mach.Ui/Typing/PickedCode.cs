using Mach.Kernel;
using Mach.Vietnam.Terminology;

namespace Mach.Ui.Typing;

/// <summary>What a form with a code picker means.</summary>
public static class PickedCode
{
    /// <summary>The ICD-10 code that was taken, or that the text alone means: it begins with a code, or is the whole name of one. Null when it means none, or several.</summary>
    /// <param name="code">As taken; it counts while the text still begins with it: a code picked before it was typed over does not.</param>
    /// <param name="text">What stands in the field.</param>
    public static Icd10Code? Icd10(string? code, string? text)
    {
        var typed = text?.Trim() ?? "";
        if (typed.Length == 0)
        {
            return null;
        }

        var first = typed.Split(' ', 2)[0];
        if (Icd10List.FindAsWritten(first) is { } written)
        {
            return written;
        }

        return code is { Length: > 0 } && typed.StartsWith(code, StringComparison.OrdinalIgnoreCase) ? Icd10List.Find(code)
            : Icd10List.Search(typed) is [var best, ..] && Icd10List.At(best) is var found && (Is(found.Vi, typed) || Is(found.En, typed)) ? found : null;
    }

    private static bool Is(string name, string typed) => VietnameseText.Fold(name) == VietnameseText.Fold(typed);
}
