using Mach.Contracts.People;
using Mach.Kernel;

namespace Mach.People.Index;

/// <summary>What the identifiers of a claim say. <see cref="Person"/> is null for a new person; <see cref="Reasons"/> is not empty for a contradiction.</summary>
internal sealed record Verdict(PersonMatch Match, PersonState? Person, IReadOnlyList<string> Reasons, IReadOnlyList<PersonState> Candidates)
{
    /// <summary>Whose visit it was in its earlier version, when the claim speaks of somebody else; null otherwise.</summary>
    public PersonState? LeftBehind { get; init; }

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
    /// <summary>The visit was after the person's death, or the death is stated before a visit that is known.</summary>
    public const string AfterDeath = "after-death";
    /// <summary>A visit that was sent before as another person's: a key used twice, or the wrong person corrected.</summary>
    public const string VisitOtherPerson = "visit-other-person";

    /// <param name="holders">Persons that hold a key undisputed.</param>
    /// <param name="filedUnder">Person of the dossier's earlier version.</param>
    public static Verdict Judge(PersonClaim claim, Func<string, IReadOnlyList<PersonState>> holders, PersonState? filedUnder)
    {
        var verdict = JudgeIdentifiers(claim, holders, filedUnder);
        return filedUnder is null || verdict.Person?.IsLinkedTo(filedUnder) == true || verdict.Candidates.Contains(filedUnder) || !PersonDetails.Disagree(claim, filedUnder.View)
            ? verdict
            : verdict with { LeftBehind = filedUnder };
    }

    private static Verdict JudgeIdentifiers(PersonClaim claim, Func<string, IReadOnlyList<PersonState>> holders, PersonState? filedUnder)
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

        if ((national ?? Prefer(insured, filedUnder)) is { } holder && DeathContradicts(claim, holder))
        {
            reasons.Add(AfterDeath);
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
            ? holders(PatientKeys.FacilityNumber(claim.Facility, own)).Where(p => NationalFits(claim, p) && PersonDetails.AreSame(claim, p.View)).ToList()
            : [];
        return byNumber.Find(p => !DeathContradicts(claim, p)) is { } person ? Verdict.Of(PersonMatch.FacilityNumber, person)
            : byNumber.Count > 0 ? new Verdict(PersonMatch.Contradiction, null, [AfterDeath], byNumber)
            : Verdict.Of(PersonMatch.New, null);
    }

    /// <summary>Whole days are compared: papers of the day of death are written after it. Two dossiers that both state the death contradict each other in nothing else.</summary>
    private static bool DeathContradicts(PersonClaim claim, PersonState person)
    {
        if (!claim.Deceased)
        {
            return person.View.DiedAt is { } died && claim.AsOf is { } at && at.Low >= WholeDay(died).High;
        }

        return claim.FiledUnder != person.Id && claim.DeceasedAt is { } stated && person.View.DiedAt is null && person.Times.Codes >= FieldTimes.Minutes(WholeDay(stated).High);
    }

    private static PartialDate WholeDay(PartialDate date) => date with { Hour = -1, Minute = -1, Second = -1 };

    private static bool NationalFits(PersonClaim claim, PersonState person) =>
        claim.NationalId is not { } number || !person.View.NationalIds.Any() || person.View.NationalIds.Contains(number);

    private static PersonState? Prefer(IReadOnlyList<PersonState> persons, PersonState? filedUnder) =>
        filedUnder is not null && persons.Contains(filedUnder) ? filedUnder : persons.Count > 0 ? persons[0] : null;
}
