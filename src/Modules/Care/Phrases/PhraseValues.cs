using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mach.Care.Writing;
using Mach.Fhir.Search;
using Mach.Kernel;
using Mach.Store;
using Mach.Ui;

namespace Mach.Care.Phrases;

/// <summary>Fills the <c>{…}</c> of phrases with what the record says of a person now. What is not known becomes a blank.</summary>
internal static partial class PhraseValues
{
    public const string Blank = "___";

    private const int MostAllergies = 20;

    private static readonly IReadOnlyList<(string Name, string Codes, string Unit)> Measured =
        [.. Table.Rows("phrase-values.tsv").Select(c => (c[0], string.Join(',', c[1].Split(',').Select(code => "http://loinc.org|" + code)), c.Length > 2 ? c[2] : ""))];

    public static string Fill(string text, IReadOnlyDictionary<string, string> values) => Place().Replace(text, m => values.GetValueOrDefault(m.Groups[1].Value, Blank));

    /// <param name="wanted">The phrases: only what they name is read.</param>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(RecordView view, IReadOnlyList<string> persons, IEnumerable<Phrase> wanted, DateOnly today, CancellationToken ct)
    {
        var names = wanted.SelectMany(p => Place().Matches(p.Text).Select(m => m.Groups[1].Value)).ToHashSet(StringComparer.Ordinal);
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["ngay"] = Dates.Show(today) };
        foreach (var (name, codes, unit) in Measured.Where(m => names.Contains(m.Name)))
        {
            if (await LatestAsync(view, persons, codes, unit, ct) is { } value)
            {
                values[name] = value;
            }
        }

        if (await view.ReadAsync("Patient", persons[0], ct) is { IsDeleted: false } patient)
        {
            var body = Parts.Parse(patient);
            Put(values, "ten", Parts.Text(body, "name", 0, "text"));
            Put(values, "gioi", Parts.Text(body, "gender") switch { "male" => "nam", "female" => "nữ", _ => null });
            Put(values, "tuoi", Parts.Text(body, "birthDate") is { } born && PartialDate.TryParseFhir(born, out var birth) ? Dates.Age(birth, today) : null);
        }

        if (names.Contains("di-ung"))
        {
            var found = (await view.CompartmentAsync(persons, "AllergyIntolerance", MostAllergies, null, ct)).Matches.Select(Parts.Parse).Where(Allergies.AllergyBody.Counts).Select(Allergies.AllergyBody.NameOf).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
            Put(values, "di-ung", found.Count == 0 ? null : string.Join(", ", found));
        }

        return values;
    }

    private static void Put(Dictionary<string, string> values, string name, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value))
        {
            values[name] = value;
        }
    }

    private static async Task<string?> LatestAsync(RecordView view, IReadOnlyList<string> persons, string codes, string unit, CancellationToken ct)
    {
        (string When, string Value)? latest = null;
        foreach (var person in persons)
        {
            var query = SearchQuery.Parse("Observation", [new("patient", person), new("code", codes), new("_sort", "-date")]) with { Count = 1 };
            foreach (var body in (await view.SearchAsync(query, ct)).Matches.Select(Parts.Parse))
            {
                if (Parts.Text(body, "status") is not ("entered-in-error" or "cancelled") && ValueOf(body, unit) is { } value && Parts.Text(body, "effectiveDateTime") is { } when && (latest is null || string.CompareOrdinal(when, latest.Value.When) > 0))
                {
                    latest = (when, value);
                }
            }
        }

        return latest is { } found ? $"{found.Value} ({Dates.ShowFhir(found.When.Split('T')[0])})" : null;
    }

    private static string? ValueOf(JsonObject body, string unit)
    {
        static string? Number(JsonNode? quantity) => Parts.Text(quantity, "value");
        static string Joined(string? value, string? unit) => string.IsNullOrEmpty(unit) ? value! : unit == "%" ? value + "%" : $"{value} {unit}";
        if (Number(body["valueQuantity"]) is { } value)
        {
            return Joined(value, unit.Length > 0 ? unit : Parts.Text(body, "valueQuantity", "unit"));
        }

        var parts = (body["component"] as JsonArray ?? []).Select(c => Number(c?["valueQuantity"])).OfType<string>().ToList();
        return parts.Count > 0 ? Joined(string.Join('/', parts), unit) : Parts.Text(body, "valueString");
    }

    [GeneratedRegex(@"\{([a-z0-9-]+)\}")]
    private static partial Regex Place();
}
