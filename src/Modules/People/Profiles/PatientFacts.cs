using System.Text.Json;
using Mach.Contracts.People;
using Mach.People.Matching;
using Mach.Vietnam;

namespace Mach.People.Profiles;

/// <summary>Reads out of a Patient what matching compares.</summary>
/// <remarks>
/// Mother: contact with relationship MTH (http://terminology.hl7.org/CodeSystem/v3-RoleCode), or the extension patient-mothersMaidenName.
/// Test person: see <see cref="PersonLabel"/>.
/// </remarks>
internal static class PatientFacts
{
    public const string BirthCertificate = Systems.Own + "/sid/birth-certificate";
    private const string MothersName = "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName";
    private const string CommuneCode = Systems.Own + "/StructureDefinition/commune-code";

    public static PersonFacts Read(FactsMaker maker, JsonElement patient) =>
        maker.Make(Sought(patient)) with { IsDisputed = Identifiers(patient).Any(i => i.Temporary), IsTest = (PersonLabel.Read(patient) & PersonLabels.Test) != 0 };

    public static PersonFacts Read(FactsMaker maker, ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        return Read(maker, json.RootElement);
    }

    /// <summary>Also of a Patient that somebody else wrote: what has another shape is left out.</summary>
    public static PersonSought Sought(JsonElement patient)
    {
        var held = Identifiers(patient).Where(i => !i.Temporary).ToList();
        string? One(string system) => held.Find(i => i.System == system).Value;
        var address = Items(patient, "address").FirstOrDefault();
        return new PersonSought
        {
            Name = NameOf(patient),
            BirthDate = Text(patient, "birthDate"),
            Gender = Text(patient, "gender") ?? "unknown",
            NationalId = One(Systems.NationalId),
            OldCard = One(Systems.CitizenId),
            Passport = One(Systems.Passport),
            BirthCertificate = One(BirthCertificate),
            InsuranceCards = [.. held.Where(i => i.System is Systems.InsuranceNumber or Systems.InsuranceCard).Select(i => i.Value)],
            Phones = [.. Items(patient, "telecom").Where(t => Text(t, "system") is null or "phone" or "sms").Select(t => Text(t, "value")).OfType<string>()],
            CommuneCode = Items(address, "extension").Where(e => Text(e, "url") == CommuneCode).Select(e => Text(e, "valueString")).FirstOrDefault(),
            Address = AddressOf(address),
            MotherName = MotherOf(patient),
            BirthOrder = patient.TryGetProperty("multipleBirthInteger", out var order) && order.TryGetInt32(out var number) && number is > 0 and < 10 ? number : 0,
        };
    }

    /// <summary>A contact of a Patient, or a RelatedPerson, that is the mother.</summary>
    internal static bool IsMother(JsonElement related) => Items(related, "relationship").SelectMany(r => Items(r, "coding")).Any(c => Text(c, "code") is "MTH" or "NMTH");

    /// <summary>The first name of a Patient or RelatedPerson; empty when there is none.</summary>
    internal static string NameOf(JsonElement person) => NameOfParts(Items(person, "name").FirstOrDefault());

    /// <summary>Text, or the parts in Vietnamese order: family name first.</summary>
    private static string NameOfParts(JsonElement name) => Text(name, "text")
        ?? string.Join(' ', [Text(name, "family") ?? "", .. Strings(name, "given")]).Trim();

    private static string? AddressOf(JsonElement address)
    {
        var text = Text(address, "text") ?? string.Join(", ", [.. Strings(address, "line"), .. new[] { Text(address, "city"), Text(address, "district"), Text(address, "state") }.OfType<string>()]);
        return text.Length > 0 ? text : null;
    }

    private static string? MotherOf(JsonElement patient)
    {
        foreach (var contact in Items(patient, "contact"))
        {
            if (IsMother(contact) && contact.TryGetProperty("name", out var name))
            {
                return NameOfParts(name);
            }
        }

        return Items(patient, "extension").Where(e => Text(e, "url") == MothersName).Select(e => Text(e, "valueString")).FirstOrDefault();
    }

    private static IEnumerable<(string System, string Value, bool Temporary)> Identifiers(JsonElement patient) =>
        from identifier in Items(patient, "identifier")
        let system = Text(identifier, "system")
        let value = Text(identifier, "value")
        where system is not null && value is not null && Text(identifier, "use") != "old"
        select (system, value, Text(identifier, "use") == "temp");

    private static string? Text(JsonElement element, string property) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static JsonElement.ArrayEnumerator Items(JsonElement element, string property) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(property, out var array) && array.ValueKind == JsonValueKind.Array ? array.EnumerateArray() : default;

    private static IEnumerable<string> Strings(JsonElement element, string property) =>
        Items(element, property).Where(i => i.ValueKind == JsonValueKind.String).Select(i => i.GetString()!);
}
