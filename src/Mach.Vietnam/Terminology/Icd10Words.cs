using System.Text;
using Mach.Kernel;

namespace Mach.Vietnam.Terminology;

/// <summary>The words of a name or of what was typed: folded, without punctuation; a dot stays within a code.</summary>
internal static class Icd10Words
{
    public static string[] Of(string text)
    {
        var folded = VietnameseText.Fold(text);
        var plain = new StringBuilder(folded.Length);
        for (var i = 0; i < folded.Length; i++)
        {
            var isDot = folded[i] == '.' && i > 0 && i + 1 < folded.Length && char.IsAsciiDigit(folded[i - 1]) && char.IsAsciiDigit(folded[i + 1]);
            plain.Append(isDot || char.IsLetterOrDigit(folded[i]) ? folded[i] : ' ');
        }

        return plain.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>First letters, as doctors write them: "Bệnh đái tháo đường" → "bdtd". Other than a–z and digits they are left out.</summary>
    public static string Initials(string name) => string.Concat(Of(name).Select(w => w[0]).Where(char.IsAsciiLetterOrDigit));
}
