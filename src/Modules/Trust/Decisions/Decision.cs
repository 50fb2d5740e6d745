using System.Text.Json;
using Mach.Fhir.Consents;
using Mach.Kernel;

namespace Mach.Trust.Decisions;

/// <summary>What a person decided about their record: one Consent.</summary>
/// <param name="Id">Id of the Consent.</param>
/// <param name="Paper">The paper that was seen, or where the decision was made.</param>
public sealed record Decision(string Id, int Version, bool IsActive, string? Day, string? Paper, IReadOnlyList<ConsentRule> Rules)
{
    internal static Decision Read(string id, int version, JsonElement consent)
    {
        static string? Text(JsonElement element, string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        var paper = consent.TryGetProperty("sourceAttachment", out var source) ? Text(source, "title") : null;
        var active = Text(consent, "status") == "active";
        return new(id, version, active, Text(consent, "dateTime"), paper, active ? ConsentReader.Rules(consent) : ConsentReader.Rules(Revived(consent)));
    }

    /// <summary>One that was taken back still says what it said.</summary>
    private static JsonElement Revived(JsonElement consent)
    {
        var node = System.Text.Json.Nodes.JsonObject.Create(consent)!;
        node["status"] = "active";
        return JsonSerializer.SerializeToElement(node);
    }
}

/// <summary>A decision as a form gives it.</summary>
/// <param name="Denies">An objection; otherwise a permission.</param>
/// <param name="Facility">Code of the facility that it is about; null = every facility.</param>
/// <param name="Practitioner">Practitioner id that it is about, instead of a facility; null = everybody there.</param>
/// <param name="Purpose">For this purpose alone; null = for all.</param>
/// <param name="Labels">Of what carries one of these labels; none = of everything.</param>
/// <param name="Until">Last day; null = until it is taken back.</param>
/// <param name="Paper">The paper that was seen.</param>
public sealed record NewDecision(bool Denies, string? Facility, string? Practitioner, Purposes? Purpose, DataLabels Labels, DateOnly? Until, string Paper)
{
    private const string ActCode = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

    private static readonly (DataLabels Label, string System, string Code)[] Codes =
    [
        (DataLabels.Hiv, ActCode, "HIV"), (DataLabels.Mental, ActCode, "PSY"), (DataLabels.Reproductive, ActCode, "SEX"), (DataLabels.Substance, ActCode, "ETH"),
        (DataLabels.Restricted, "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "R"), (DataLabels.Minor, ActCode, "ADOL"),
    ];

    /// <summary>Labels that a decision can be about.</summary>
    public static IReadOnlyList<DataLabels> Choices { get; } = [.. Codes.Select(c => c.Label)];

    /// <summary>As an R4 Consent (http://hl7.org/fhir/R4/consent.html) that <see cref="ConsentReader"/> reads.</summary>
    /// <param name="person">Patient id.</param>
    /// <param name="organization">Organization id of the facility.</param>
    internal object ToConsent(string id, string person, string? organization, DateTimeOffset now)
    {
        var code = Denies ? "OPTOUT" : "OPTIN";
        var patient = new Dictionary<string, object> { ["reference"] = "Patient/" + person };
        var provision = new Dictionary<string, object> { ["type"] = Denies ? "deny" : "permit" };
        var period = new Dictionary<string, object> { ["start"] = Stamp(now) };
        if (Until is { } until)
        {
            period["end"] = until.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        }

        provision["period"] = period;
        List<object> actors = [.. new[] { organization is null ? null : "Organization/" + organization, Practitioner is null ? null : "Practitioner/" + Practitioner }.OfType<string>()
            .Select(reference => new { role = Concept("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "IRCP"), reference = new { reference } })];
        if (actors.Count > 0)
        {
            provision["actor"] = actors;
        }

        if (Labels != DataLabels.None)
        {
            provision["securityLabel"] = Codes.Where(c => (Labels & c.Label) != 0).Select(c => new { system = c.System, code = c.Code }).ToArray();
        }

        if (Purpose is { } purpose)
        {
            provision["purpose"] = new[] { new { system = "http://terminology.hl7.org/CodeSystem/v3-ActReason", code = PurposeCodes.CodeOf(purpose) } };
        }

        return new
        {
            resourceType = "Consent",
            id,
            status = "active",
            scope = Concept("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy"),
            category = new[] { Concept("http://loinc.org", "59284-0") },
            patient,
            dateTime = Stamp(now),
            performer = new[] { patient },
            sourceAttachment = new { title = Paper },
            policyRule = Concept(ActCode, code),
            verification = new[] { new { verified = true, verifiedWith = patient, verificationDate = Stamp(now) } },
            provision,
        };
    }

    private static string Stamp(DateTimeOffset at) => at.ToOffset(TimeSpan.FromHours(7)).ToString("yyyy-MM-dd'T'HH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture);

    private static object Concept(string system, string code) => new { coding = new[] { new { system, code } } };
}
