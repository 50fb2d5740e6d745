using System.Globalization;
using System.Text.Json;
using Mach.Contracts.People;
using Mach.Kernel;
using Mach.People.Index;
using Mach.People.Profiles;
using Mach.Vietnam;

namespace Mach.People.Golden;

/// <summary>The fields of a person with their values, of a Patient and of what a dossier states. Pure.</summary>
internal static class StatedValues
{
    private const string Own = Systems.Own + "/StructureDefinition/";

    /// <summary>In the order of the page.</summary>
    public static readonly string[] Fields =
    [
        "name", "birth-date", "sex", "deceased", "citizen-number", "old-card", "passport", "birth-certificate", "insurance-number", "insurance-card", "patient-number",
        "phone", "address", "ethnicity", "nationality", "occupation", "blood-group", "mother", "birth-order",
    ];

    /// <summary>What the page does not show in full to everybody.</summary>
    public static bool IsPaper(string field) => field is "citizen-number" or "old-card" or "passport" or "birth-certificate";

    /// <summary>The same value in another hand: capitals and the form of the marks do not count.</summary>
    public static string KeyOf(string text) => VietnameseText.Compose(text.Trim()).ToLowerInvariant();

    public static IEnumerable<(string Field, string Text)> Of(PersonClaim claim)
    {
        var birth = claim.BirthDate is { } date ? (date with { Hour = -1, Minute = -1, Second = -1 }).ToString() : null;
        (string Field, string? Text)[] single =
        [
            ("name", claim.Name), ("birth-date", birth), ("sex", claim.Gender == "unknown" ? null : claim.Gender), ("deceased", claim.Deceased ? claim.DeceasedAt?.ToString() ?? "true" : null),
            ("citizen-number", claim.NationalId), ("phone", claim.Phone), ("address", claim.Address), ("ethnicity", claim.EthnicityCode), ("nationality", claim.NationalityCode),
            ("occupation", claim.OccupationCode), ("blood-group", claim.BloodGroup), ("patient-number", claim.PatientNumber is { } own ? claim.Facility + " · " + own : null),
        ];
        return single.Where(p => !string.IsNullOrWhiteSpace(p.Text)).Select(p => (p.Field, p.Text!))
            .Concat(PatientKeys.InsuranceNumbers(claim).Select(n => ("insurance-number", n)))
            .Concat(claim.InsuranceCards.Select(c => c.Trim()).Where(c => c.Length == 15).Select(c => ("insurance-card", c)));
    }

    /// <summary>Of a stored Patient; disputed identifiers too.</summary>
    public static IReadOnlyList<(string Field, string Text, bool Disputed)> Of(ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        var root = json.RootElement;
        var sought = PatientFacts.Sought(root);
        var values = new List<(string Field, string? Text, bool Disputed)>
        {
            ("name", sought.Name, false), ("birth-date", sought.BirthDate, false), ("sex", sought.Gender == "unknown" ? null : sought.Gender, false), ("deceased", Deceased(root), false),
            ("address", sought.Address, false), ("mother", sought.MotherName, false), ("birth-order", sought.BirthOrder > 0 ? sought.BirthOrder.ToString(CultureInfo.InvariantCulture) : null, false),
        };
        values.AddRange(sought.Phones.Select(p => ("phone", (string?)p, false)));
        values.AddRange(PatientView.Read(body).Identifiers.Select(Identifier));
        values.AddRange(Extensions(root).Select(e => (e.Name, (string?)e.Value, false)));
        return [.. values.Where(v => v.Field.Length > 0 && !string.IsNullOrWhiteSpace(v.Text)).Select(v => (v.Field, v.Text!, v.Disputed))];
    }

    private static (string, string?, bool) Identifier(HeldIdentifier held)
    {
        var number = Systems.PatientNumber("");
        return held.System.StartsWith(number, StringComparison.Ordinal) ? ("patient-number", held.System[number.Length..] + " · " + held.Value, held.Disputed) : (held.System switch
        {
            Systems.NationalId => "citizen-number",
            Systems.CitizenId => "old-card",
            Systems.Passport => "passport",
            PatientFacts.BirthCertificate => "birth-certificate",
            Systems.InsuranceNumber => "insurance-number",
            Systems.InsuranceCard => "insurance-card",
            _ => "",
        }, held.Value, held.Disputed);
    }

    private static string? Deceased(JsonElement root) =>
        root.TryGetProperty("deceasedDateTime", out var at) && at.ValueKind == JsonValueKind.String ? at.GetString()
        : root.TryGetProperty("deceasedBoolean", out var flag) && flag.ValueKind is JsonValueKind.True or JsonValueKind.False ? flag.GetRawText() : null;

    private static IEnumerable<(string Name, string Value)> Extensions(JsonElement root)
    {
        if (!root.TryGetProperty("extension", out var all) || all.ValueKind != JsonValueKind.Array)
        {
            yield break;
        }

        foreach (var extension in all.EnumerateArray())
        {
            if (extension.TryGetProperty("url", out var url) && url.GetString() is { } address && address.StartsWith(Own, StringComparison.Ordinal)
                && address[Own.Length..] is "ethnicity" or "nationality" or "occupation" or "blood-group" && extension.TryGetProperty("valueString", out var value) && value.GetString() is { } text)
            {
                yield return (address[Own.Length..], text);
            }
        }
    }
}
