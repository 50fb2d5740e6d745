using System.Text.Json;
using Mach.Chart.Find;
using Mach.Chart.Reading;
using Mach.Kernel;

namespace Mach.Chart.Record;

/// <summary>What the banner says about a person.</summary>
public sealed record PersonCard
{
    public required PersonRow Person { get; init; }
    public required IReadOnlyList<string> Linked { get; init; }
    public PartialDate? DeceasedAt { get; init; }
    public string? BloodGroup { get; init; }
    /// <summary>Insurance numbers and how long they hold, the longest first.</summary>
    public IReadOnlyList<InsuranceLine> Insurance { get; init; } = [];
    public IReadOnlyList<AllergyLine> Allergies { get; init; } = [];

    internal static PersonCard From(string id, JsonElement patient, IReadOnlyList<string> linked) => new()
    {
        Person = PersonRow.From(id, patient),
        Linked = [.. linked.Where(other => other != id)],
        DeceasedAt = patient.Text("deceasedDateTime").AsDate(),
        BloodGroup = patient.Items("extension").Where(e => e.Text("url")?.Contains("blood", StringComparison.OrdinalIgnoreCase) == true)
            .Select(e => e.Text("valueString") ?? e.Text("valueCode") ?? e.Child("valueCodeableConcept").ConceptText()).FirstOrDefault(v => v is not null),
    };
}

/// <param name="Number">Card or insurance number as sent.</param>
/// <param name="IsValid">Today lies in the period; null when the period is not known.</param>
public sealed record InsuranceLine(string Number, PartialDate? From, PartialDate? To, bool? IsValid, string? Source)
{
    internal static InsuranceLine? Read(JsonElement coverage, DateOnly today)
    {
        var number = coverage.Text("subscriberId") ?? coverage.First("identifier")?.Text("value");
        if (number is null)
        {
            return null;
        }

        var period = coverage.Child("period");
        var (from, to) = (period?.Text("start").AsDate(), period?.Text("end").AsDate());
        bool? valid = from is null && to is null ? null : (from is not { } f || Day(f) <= today) && (to is not { } t || Day(t) >= today);
        return new(number, from, to, valid, coverage.Source());
    }

    private static DateOnly Day(PartialDate date) => new(date.Year, Math.Max(date.Month, 1), Math.Max(date.Day, 1));
}

/// <param name="Criticality">FHIR code: low, high, unable-to-assess.</param>
/// <param name="IsNone">Somebody stated that no allergy is known.</param>
public sealed record AllergyLine(string Text, string? Criticality, string? Reaction, PartialDate? Recorded, string? Facility, string? Source, string Id = "", bool IsNone = false)
{
    /// <summary>SNOMED CT: No known allergy.</summary>
    private const string NoKnownAllergy = "716186003";

    internal static AllergyLine? Read(string id, JsonElement allergy)
    {
        if (allergy.Child("code").ConceptText() is not { } text || allergy.Child("verificationStatus")?.ConceptCode() is "entered-in-error" or "refuted" || allergy.Child("clinicalStatus")?.ConceptCode() is "inactive" or "resolved")
        {
            return null;
        }

        var reaction = allergy.First("reaction")?.First("manifestation").ConceptText();
        return new(text, allergy.Text("criticality"), reaction, allergy.Date("recordedDate", "onsetDateTime").AsDate(), allergy.FacilityCode(), allergy.Source(), id, allergy.Child("code")?.ConceptCode("http://snomed.info/sct") == NoKnownAllergy);
    }
}
