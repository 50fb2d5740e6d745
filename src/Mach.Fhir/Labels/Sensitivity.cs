using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Mach.Kernel;

namespace Mach.Fhir.Labels;

/// <summary>
/// The labels that a resource carries: those its writer gave it (<c>meta.security</c>), those that follow from its codes, wherever in it they stand, and, where no such code says what a
/// thing is, from the words for it. What makes them are the tables sensitivity.tsv and sensitivity-words.tsv; a change of either labels everything anew (<see cref="Version"/>).
/// </summary>
public static class Sensitivity
{
    private const int LongestCode = 7;

    /// <summary>What is said of a person. Names of units, medicines and places are not judged by their words: a hospital may be named after what it treats.</summary>
    private static readonly FrozenSet<string> TypesWithWords = FrozenSet.ToFrozenSet(
    [
        "Account", "AdverseEvent", "AllergyIntolerance", "Appointment", "CarePlan", "CareTeam", "ChargeItem", "Claim", "ClaimResponse", "ClinicalImpression", "Communication", "CommunicationRequest",
        "Composition", "Condition", "DetectedIssue", "DeviceRequest", "DiagnosticReport", "DocumentReference", "Encounter", "EpisodeOfCare", "ExplanationOfBenefit", "FamilyMemberHistory", "Flag",
        "Goal", "ImagingStudy", "Immunization", "Invoice", "List", "Media", "MedicationAdministration", "MedicationDispense", "MedicationRequest", "MedicationStatement", "NutritionOrder", "Observation",
        "Procedure", "QuestionnaireResponse", "RequestGroup", "RiskAssessment", "ServiceRequest", "Specimen", "SupplyRequest", "Task",
    ], StringComparer.Ordinal);

    private static readonly (string Check, string Version, IReadOnlyList<SensitiveCode> Entries, FrozenDictionary<(CodeKind Kind, string Prefix), DataLabels> Rules) Codes = Load();
    private static readonly FrozenDictionary<(CodeKind Kind, string Prefix), DataLabels> Rules = Codes.Rules;
    private static volatile SensitiveWords s_words = SensitiveWords.Parse(Resource("sensitivity-words.tsv"));

    private enum CodeKind { Other, Icd10, Atc, Security }

    /// <summary>Changes with the tables.</summary>
    public static string Version => string.Concat(Codes.Check, ".", s_words.Check);

    /// <summary>The table of codes, in its order.</summary>
    public static IReadOnlyList<SensitiveCode> CodeEntries => Codes.Entries;

    /// <summary>The day that the table of codes gives itself.</summary>
    public static string CodesVersion => Codes.Version;

    /// <summary>The table of words in force.</summary>
    public static SensitiveWords Words => s_words;

    /// <summary>The house has its own table of words. To be said before the record is opened, which is labelled anew if the table is another than before.</summary>
    public static void Use(SensitiveWords words) => s_words = words;

    /// <summary>The labels of a resource; what is contained in it counts too.</summary>
    public static DataLabels Of(JsonElement resource)
    {
        var found = DataLabels.None;
        var reads = resource.ValueKind == JsonValueKind.Object && resource.TryGetProperty("resourceType"u8, out var type) && TypesWithWords.Contains(type.GetString() ?? "");
        Walk(resource, reads, ref found);
        return Plain(found);
    }

    /// <summary>The labels of one ICD-10 code.</summary>
    public static DataLabels OfIcd10(string code) => LabelsOf(CodeKind.Icd10, code);

    /// <summary>A kind says more than that it is restricted: who may see the kind may see it.</summary>
    public static DataLabels Plain(DataLabels labels) =>
        (labels & ~(DataLabels.Restricted | DataLabels.Confidential | DataLabels.Minor)) != 0 ? labels & ~DataLabels.Restricted : labels;

    /// <summary>The labels that a security label stands for; none when it is not one that this table knows.</summary>
    internal static DataLabels OfSecurityLabel(string system, string code) => KindOf(system) == CodeKind.Security ? LabelsOf(CodeKind.Security, code) : DataLabels.None;

    /// <param name="reads">Words count here.</param>
    private static void Walk(JsonElement element, bool reads, ref DataLabels found)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                Walk(item, reads, ref found);
            }

            return;
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        JsonElement system = default, code = default, text = default, codings = default;
        foreach (var property in element.EnumerateObject())
        {
            if (property.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            {
                codings = reads && property.NameEquals("coding"u8) ? property.Value : codings;
                // How somebody is called and where they live says nothing of what they have.
                Walk(property.Value, reads && !property.NameEquals("name"u8) && !property.NameEquals("address"u8), ref found);
            }
            else if (property.Value.ValueKind == JsonValueKind.String)
            {
                if (property.NameEquals("system"u8))
                {
                    system = property.Value;
                }
                else if (property.NameEquals("code"u8))
                {
                    code = property.Value;
                }
                else if (reads && property.NameEquals("text"u8))
                {
                    text = property.Value;
                }
                else if (reads && (property.NameEquals("conclusion"u8) || property.NameEquals("valueString"u8)))
                {
                    found |= s_words.In(property.Value.GetString()!);
                }
            }
        }

        if (system.ValueKind == JsonValueKind.String && code.ValueKind == JsonValueKind.String && KindOf(system.GetString()!) is var kind and not CodeKind.Other)
        {
            found |= LabelsOf(kind, code.GetString()!);
        }

        if (reads)
        {
            found |= OfWords(text, codings);
        }
    }

    /// <summary>Of a concept or remark: of its words, unless it has a code that the table of codes judges.</summary>
    private static DataLabels OfWords(JsonElement text, JsonElement codings)
    {
        var found = DataLabels.None;
        if (codings.ValueKind == JsonValueKind.Array)
        {
            foreach (var coding in codings.EnumerateArray())
            {
                if (coding.ValueKind != JsonValueKind.Object)
                {
                    continue;
                }

                if (coding.TryGetProperty("system"u8, out var system) && system.ValueKind == JsonValueKind.String && KindOf(system.GetString()!) != CodeKind.Other)
                {
                    return DataLabels.None;
                }

                found |= coding.TryGetProperty("display"u8, out var display) && display.ValueKind == JsonValueKind.String ? s_words.In(display.GetString()!) : DataLabels.None;
            }
        }

        return text.ValueKind == JsonValueKind.String ? found | s_words.In(text.GetString()!) : found;
    }

    private static DataLabels LabelsOf(CodeKind kind, string code)
    {
        if (kind == CodeKind.Security)
        {
            return Rules.GetValueOrDefault((kind, code));
        }

        // B20.1, B201 and b20.1† are one code; subdivisions follow their category.
        var plain = new string([.. code.Where(char.IsAsciiLetterOrDigit).Take(LongestCode)]).ToUpperInvariant();
        var found = DataLabels.None;
        for (var length = 2; length <= plain.Length; length++)
        {
            found |= Rules.GetValueOrDefault((kind, plain[..length]));
        }

        return found;
    }

    private static CodeKind KindOf(string system) =>
        system.Contains("icd-10", StringComparison.OrdinalIgnoreCase) || system.Contains("icd10", StringComparison.OrdinalIgnoreCase) ? CodeKind.Icd10
        : system.Contains("whocc.no/atc", StringComparison.OrdinalIgnoreCase) ? CodeKind.Atc
        : system is "http://terminology.hl7.org/CodeSystem/v3-ActCode" or "http://terminology.hl7.org/CodeSystem/v3-Confidentiality" ? CodeKind.Security
        : CodeKind.Other;

    private static string Resource(string name)
    {
        using var stream = typeof(Sensitivity).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException(name + " is not embedded.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static (string, string, IReadOnlyList<SensitiveCode>, FrozenDictionary<(CodeKind, string), DataLabels>) Load()
    {
        var table = Resource("sensitivity.tsv");
        var (version, entries, rules) = ("", new List<SensitiveCode>(), new Dictionary<(CodeKind, string), DataLabels>());
        foreach (var line in table.Split('\n').Where(l => l.Length > 0))
        {
            var cells = line.Split('\t');
            if (line[0] == '#')
            {
                version = cells[0] == "# version" ? cells[1] : version;
                continue;
            }

            var kind = cells[1] switch { "icd-10" => CodeKind.Icd10, "atc" => CodeKind.Atc, _ => CodeKind.Security };
            var prefix = kind == CodeKind.Security ? cells[2] : cells[2].Replace(".", "", StringComparison.Ordinal);
            rules[(kind, prefix)] = rules.GetValueOrDefault((kind, prefix)) | Enum.Parse<DataLabels>(cells[0]);
            entries.Add(new(Enum.Parse<DataLabels>(cells[0]), cells[1], cells[2], cells[3]));
        }

        return (Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(table)))[..12], version, entries, rules.ToFrozenDictionary());
    }
}

/// <summary>One entry of the table of codes.</summary>
/// <param name="Kind">icd-10, atc, security.</param>
/// <param name="Code">Beginning of the codes that it is about; of security labels the whole code.</param>
/// <param name="Source">Why they are delicate.</param>
public sealed record SensitiveCode(DataLabels Label, string Kind, string Code, string Source);
