using Mach.Contracts.People;

namespace Mach.People.Index;

/// <summary>What the identifiers of a claim say. <see cref="Person"/> is null for a new person; <see cref="Reasons"/> is not empty for a contradiction.</summary>
internal sealed record Verdict(PersonMatch Match, PersonState? Person, IReadOnlyList<string> Reasons, IReadOnlyList<PersonState> Candidates)
{
    public static Verdict Of(PersonMatch match, PersonState? person) => new(match, person, [], []);
}

/// <summary>The rules of the first cut: national number, then insurance number, then the facility's own number. Pure.</summary>
internal static class KeyRules
{
    /// <summary>One insurance number, two national numbers.</summary>
    public const string OtherCitizen = "insurance-other-citizen";
    /// <summary>The identifiers point at two different persons.</summary>
    public const string TwoPersons = "two-persons";
    /// <summary>The national number is known with another name, birth year or sex.</summary>
    public const string NationalDetails = "national-details";
    /// <summary>The insurance number is known with another name, birth year or sex.</summary>
    public const string InsuranceDetails = "insurance-details";

    /// <param name="holders">Persons that hold a key undisputed.</param>
    /// <param name="filedUnder">Person of the dossier's earlier version.</param>
    public static Verdict Judge(PersonClaim claim, Func<string, IReadOnlyList<PersonState>> holders, PersonState? filedUnder)
    {
        var national = claim.NationalId is { } number ? Prefer(holders(PatientKeys.National(number)), filedUnder) : null;
        var insured = PatientKeys.InsuranceNumbers(claim).SelectMany(n => holders(PatientKeys.Insurance(n))).Distinct().ToList();
        var reasons = new List<string>();
        if (national is not null)
        {
            JudgeNational(claim, national, insured, reasons);
        }
        else if (insured.Count > 0)
        {
            JudgeInsurance(claim, Prefer(insured, filedUnder)!, insured, reasons);
        }

        if (reasons.Count > 0)
        {
            var candidates = national is null ? insured : [national, .. insured.Where(p => p != national)];
            return new Verdict(PersonMatch.Contradiction, null, [.. reasons.Distinct()], candidates);
        }

        var found = national ?? Prefer(insured, filedUnder);
        if (found is not null && filedUnder is not null && found.IsLinkedTo(filedUnder) && found != filedUnder)
        {
            return Verdict.Of(PersonMatch.FiledBefore, filedUnder);
        }

        return found is not null
            ? Verdict.Of(national is not null ? PersonMatch.NationalId : PersonMatch.InsuranceNumber, found)
            : JudgeWithoutIdentifiers(claim, holders, filedUnder);
    }

    private static void JudgeNational(PersonClaim claim, PersonState national, List<PersonState> insured, List<string> reasons)
    {
        if (PersonDetails.Disagree(claim, national.View))
        {
            reasons.Add(NationalDetails);
        }

        foreach (var other in insured.Where(p => !p.IsLinkedTo(national)))
        {
            reasons.Add(other.View.NationalIds.Any() ? OtherCitizen : TwoPersons);
        }
    }

    private static void JudgeInsurance(PersonClaim claim, PersonState first, List<PersonState> insured, List<string> reasons)
    {
        if (insured.Any(p => !p.IsLinkedTo(first)))
        {
            reasons.Add(TwoPersons);
        }

        if (claim.NationalId is { } number && first.View.NationalIds.Any() && !first.View.NationalIds.Contains(number))
        {
            reasons.Add(OtherCitizen);
        }

        if (PersonDetails.Disagree(claim, first.View))
        {
            reasons.Add(InsuranceDetails);
        }
    }

    private static Verdict JudgeWithoutIdentifiers(PersonClaim claim, Func<string, IReadOnlyList<PersonState>> holders, PersonState? filedUnder)
    {
        if (filedUnder is not null && NationalFits(claim, filedUnder) && !PersonDetails.Disagree(claim, filedUnder.View))
        {
            return Verdict.Of(PersonMatch.FiledBefore, filedUnder);
        }

        var byNumber = claim.PatientNumber is { } own
            ? holders(PatientKeys.FacilityNumber(claim.Facility, own)).FirstOrDefault(p => NationalFits(claim, p) && PersonDetails.AreSame(claim, p.View))
            : null;
        return byNumber is not null ? Verdict.Of(PersonMatch.FacilityNumber, byNumber) : Verdict.Of(PersonMatch.New, null);
    }

    private static bool NationalFits(PersonClaim claim, PersonState person) =>
        claim.NationalId is not { } number || !person.View.NationalIds.Any() || person.View.NationalIds.Contains(number);

    private static PersonState? Prefer(IReadOnlyList<PersonState> persons, PersonState? filedUnder) =>
        filedUnder is not null && persons.Contains(filedUnder) ? filedUnder : persons.Count > 0 ? persons[0] : null;
}
