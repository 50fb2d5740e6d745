using Mach.Contracts.People;
using Mach.Contracts.Registry;
using Mach.Kernel;
using Mach.People.Index;
using Mach.Vietnam.Identity;

namespace Mach.People.Matching;

/// <summary>Brings what was written down into the form that is compared: numbers without what is no number, the commune of today, phones in one form.</summary>
internal sealed class FactsMaker(ICommuneHistory communes)
{
    /// <summary>Before some facts are made: what was corrected in the map since counts.</summary>
    public ValueTask RefreshAsync(CancellationToken ct) => communes.RefreshAsync(ct);

    public PersonFacts Make(PersonSought sought)
    {
        var papers = new List<string>(3);
        AddPaper(papers, 'c', sought.OldCard);
        AddPaper(papers, 'p', sought.Passport);
        AddPaper(papers, 'b', sought.BirthCertificate);
        return new PersonFacts
        {
            Name = VietnameseText.Compose(sought.Name.Trim()),
            Birth = PartialDate.TryParseFhir(sought.BirthDate, out var birth) ? (birth with { Hour = -1, Minute = -1, Second = -1 }).ToString() : null,
            Sex = sought.Gender is "male" or "female" ? sought.Gender : "",
            Phones = [.. sought.Phones.Select(PhoneNumber.Normalise).OfType<string>().Distinct(StringComparer.Ordinal)],
            Commune = communes.Today(sought.CommuneCode, sought.Address),
            Place = communes.Place(sought.Address),
            CitizenNumber = CitizenId.TryParse(sought.NationalId, out var citizen) ? citizen.Number : null,
            InsuranceNumbers = [.. sought.InsuranceCards.Select(PatientKeys.InsuranceNumber).OfType<string>().Distinct(StringComparer.Ordinal)],
            Papers = papers,
            Mother = VietnameseText.Compose((sought.MotherName ?? "").Trim()),
            BirthOrder = sought.BirthOrder,
        };
    }

    private static void AddPaper(List<string> papers, char kind, string? number)
    {
        var text = string.Concat((number ?? "").Where(c => !char.IsWhiteSpace(c))).ToUpperInvariant();
        if (text.Length > 0)
        {
            papers.Add($"{kind}:{text}");
        }
    }
}
