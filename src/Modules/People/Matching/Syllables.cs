using System.Collections.Frozen;

namespace Mach.People.Matching;

/// <summary>Whether letters without marks can be written Vietnamese: a beginning and a rhyme that occur together in spelling.</summary>
/// <remarks>Source: the inventory of initials and rhymes of Vietnamese spelling (QĐ 240/QĐ 1984), folded.</remarks>
internal static class Syllables
{
    private static readonly string[] Onsets =
        ["ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr", "b", "c", "d", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x", ""];

    private static readonly FrozenSet<string> Rhymes = (
        "a ac ach ai am an ang anh ao ap at au ay e ec em en eng enh ech eo ep et eu i ia ich iec iem ien ieng iep iet ieu im in inh ip it iu "
        + "o oa oac oach oai oam oan oang oanh oao oap oat oay oc oe oen oeo oet oi om on ong ooc oong op ot u ua uan uang uanh uat uau uay uc ue uech uenh "
        + "ui um un ung uoc uoi uom uon uong uop uot uou up ut uu uy uya uych uyen uyet uynh uyt uyu uo y ych yem yen yet yeu ynh yt").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <param name="folded">Lower case, no marks.</param>
    public static bool IsOne(string folded)
    {
        foreach (var onset in Onsets)
        {
            if (folded.StartsWith(onset, StringComparison.Ordinal) && Rhymes.Contains(folded[onset.Length..]))
            {
                return true;
            }
        }

        return folded is "gi" or "gin" or "gieng";
    }
}
