using Mach.Contracts.People;
using Mach.Kernel;

namespace Mach.People.Index;

/// <summary>Whether name, birth and sex speak of the same person.</summary>
internal static class PersonDetails
{
    /// <summary>Disagreements that make identical identifiers suspicious.</summary>
    private const int TooMany = 2;

    /// <summary>Two or more of folded name, birth year and sex disagree; what one side does not know disagrees with nothing.</summary>
    public static bool Disagree(PersonClaim claim, PatientView person)
    {
        var count = 0;
        count += NamesDisagree(VietnameseText.Fold(claim.Name), person.FoldedName) ? 1 : 0;
        count += claim.BirthDate?.Year is { } year && person.BirthYear is { } known && year != known ? 1 : 0;
        count += IsSex(claim.Gender) && IsSex(person.Gender) && claim.Gender != person.Gender ? 1 : 0;
        return count >= TooMany;
    }

    /// <summary>The same folded name, birth date and sex: enough together with a facility's own number.</summary>
    public static bool AreSame(PersonClaim claim, PatientView person) =>
        VietnameseText.Fold(claim.Name) == person.FoldedName && claim.BirthDate?.ToString() == person.BirthDate && claim.Gender == person.Gender;

    /// <summary>More than one word differs, whatever the tones and the order of the words.</summary>
    public static bool NamesDisagree(string folded, string other)
    {
        if (folded.Length == 0 || other.Length == 0 || folded == other)
        {
            return false;
        }

        var left = folded.Split(' ').ToList();
        var missing = other.Split(' ').Count(word => !left.Remove(word));
        return Math.Max(missing, left.Count) > 1;
    }

    private static bool IsSex(string gender) => gender is "male" or "female";
}
