using Mach.Contracts.People;
using Mach.Vietnam;

namespace Mach.People.Index;

/// <summary>The business keys ("system|value") of a claim.</summary>
internal static class PatientKeys
{
    /// <summary>The ten digits that identify the insured person: the end of a 15-character card, or a 10-digit number; null when the text is neither.</summary>
    /// <remarks>Source: structure of the insurance card, 15 characters = object group, benefit, province, 10-digit social insurance number.</remarks>
    public static string? InsuranceNumber(string card)
    {
        var text = card.AsSpan().Trim();
        if (text.Length is not (10 or 15))
        {
            return null;
        }

        var number = text[^10..];
        return number.ContainsAnyExceptInRange('0', '9') || !number.ContainsAnyExcept('0') ? null : number.ToString();
    }

    public static string National(string number) => Systems.NationalId + "|" + number;

    public static string Insurance(string number) => Systems.InsuranceNumber + "|" + number;

    public static string FacilityNumber(string facility, string number) => Systems.PatientNumber(facility) + "|" + number;

    /// <summary>Keys by which the claim's person may already be known.</summary>
    public static IEnumerable<string> Of(PersonClaim claim)
    {
        if (claim.NationalId is { } national)
        {
            yield return National(national);
        }

        foreach (var number in InsuranceNumbers(claim))
        {
            yield return Insurance(number);
        }

        if (claim.PatientNumber is { } own)
        {
            yield return FacilityNumber(claim.Facility, own);
        }
    }

    public static IEnumerable<string> InsuranceNumbers(PersonClaim claim) =>
        claim.InsuranceCards.Select(InsuranceNumber).OfType<string>().Distinct(StringComparer.Ordinal);
}
