using System.Text.Json;
using Mach.Fhir.Path;

namespace Mach.Fhir.Tests.Path;

/// <summary>The specification clause by clause. A row: section, expression, and what it gives; "!" is an error, nothing is empty.</summary>
public sealed class SpecificationTests
{
    private static readonly FhirNode Focus = FhirNode.OfResource(JsonDocument.Parse(Example).RootElement);
    private static readonly FhirPathContext Context = new() { Now = new DateTimeOffset(2026, 3, 4, 5, 6, 7, 89, TimeSpan.FromHours(7)) };

    public static TheoryData<string, string, string> Rows(string rows)
    {
        var data = new TheoryData<string, string, string>();
        var section = "";
        foreach (var line in rows.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == '#')
            {
                section = line[1..];
                continue;
            }

            var cut = line.LastIndexOf(" => ", StringComparison.Ordinal);
            data.Add(section, cut < 0 ? line[..line.LastIndexOf(" =>", StringComparison.Ordinal)] : line[..cut], cut < 0 ? "" : line[(cut + 4)..]);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Rows), SpecificationRows.Normative)]
    public void Normative(string section, string expression, string expected) => Check(section, expression, expected);

    [Theory]
    [MemberData(nameof(Rows), SpecificationRows.Operators)]
    public void Operators(string section, string expression, string expected) => Check(section, expression, expected);

    [Theory]
    [MemberData(nameof(Rows), SpecificationRows.Fhir)]
    public void Of_fhir(string section, string expression, string expected) => Check(section, expression, expected);

    private static void Check(string section, string expression, string expected)
    {
        string found;
        try
        {
            found = string.Join(" ; ", FhirPath.Compile(expression).Evaluate(Focus, Context).Select(Show));
        }
        catch (FhirPathException e)
        {
            found = "!";
            Assert.True(expected == "!", $"{section}: {expression}: {e.Message}");
        }

        Assert.Equal($"{section}: {expression} => {expected}", $"{section}: {expression} => {found}");
    }

    private static string Show(FhirNode node) => node.SystemValue switch
    {
        bool value => value ? "true" : "false",
        string text => "'" + text + "'",
        decimal number => number.ToString(System.Globalization.CultureInfo.InvariantCulture) + (number == decimal.Truncate(number) && number.Scale == 0 ? ".0" : ""),
        Moment moment => "@" + (moment.Kind == MomentKind.Time ? "T" : "") + moment,
        { } other => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{other}"),
        null => node.Location,
    };

    internal const string Example =
        """
        {
          "resourceType": "Patient", "id": "p1",
          "meta": { "versionId": "3", "lastUpdated": "2026-01-02T03:04:05.678+07:00" },
          "text": { "status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>An</p></div>" },
          "contained": [{ "resourceType": "Organization", "id": "o1", "name": "Hospital" }],
          "extension": [
            { "url": "http://example.org/weight", "valueQuantity": { "value": 62.5, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg" } },
            { "url": "http://example.org/age", "valueAge": { "value": 40, "unit": "years", "system": "http://unitsofmeasure.org", "code": "a" } },
            { "url": "http://example.org/score", "valueDecimal": 1.50 },
            { "url": "http://example.org/kind", "valueCodeableConcept": { "coding": [{ "system": "http://hl7.org/fhir/administrative-gender", "code": "male" }] } }
          ],
          "modifierExtension": [{ "url": "http://example.org/careful", "valueBoolean": true }],
          "active": true,
          "name": [
            { "use": "official", "family": "Nguyễn", "given": ["Văn", "An"], "period": { "start": "2001" } },
            { "use": "usual", "given": ["An", null], "_given": [null, { "id": "g2", "extension": [{ "url": "http://example.org/absent", "valueCode": "unknown" }] }] },
            { "use": "maiden", "family": "Trần" }
          ],
          "telecom": [{ "system": "phone", "value": "0901234567", "rank": 1 }, { "system": "email", "value": "an@example.org", "rank": 2 }],
          "gender": "male", "_gender": { "extension": [{ "url": "http://example.org/how", "valueString": "asked" }] },
          "birthDate": "1974-12-25", "_birthDate": { "id": "b1", "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/patient-birthTime", "valueDateTime": "1974-12-25T14:35:45+07:00" }] },
          "deceasedDateTime": "2025-02-03T04:05:06Z",
          "multipleBirthInteger": 2,
          "contact": [{ "relationship": [{ "text": "mother" }], "name": { "family": "Lê" } }],
          "generalPractitioner": [{ "reference": "Practitioner/7" }],
          "managingOrganization": { "reference": "#o1" }
        }
        """;
}
