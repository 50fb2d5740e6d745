using System.Text.Json;
using Mach.Chart.Reading;
using Mach.Contracts.People;
using Mach.Kernel;
using Mach.Vietnam;

namespace Mach.Chart.Find;

/// <summary>One person in a list of results.</summary>
public sealed record PersonRow
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public PartialDate? Birth { get; init; }
    /// <summary>FHIR code: male, female, other, unknown.</summary>
    public string? Gender { get; init; }
    /// <summary>Last four digits of the identity number.</summary>
    public string? NationalIdEnd { get; init; }
    public string? Card { get; init; }
    public string? Phone { get; init; }
    public string? Address { get; init; }
    /// <summary>Systems of the numbers that facilities gave this person, each once.</summary>
    public IReadOnlyList<string> NumberSystems { get; init; } = [];
    /// <summary>Number of facilities that gave this person a number.</summary>
    public int Facilities => NumberSystems.Count;
    /// <summary>Ids of the person's other records, as far as the records of this row name them.</summary>
    public IReadOnlyList<string> Links { get; init; } = [];
    /// <summary>How many records the person has, as far as is told here; 1 = this one alone.</summary>
    public int Records => 1 + Links.Count;
    public bool Deceased { get; init; }
    public bool IsConfidential { get; init; }
    public bool IsTest { get; init; }
    /// <summary>Nothing but that there is somebody may be shown.</summary>
    public bool IsHidden { get; init; }

    private const string Patient = "Patient/";

    /// <summary>The row as those see it who may not see the person.</summary>
    public PersonRow Hide() => new() { Id = Id, Name = Ui.Components.PersonMarks.HiddenName, IsConfidential = true, IsTest = IsTest, IsHidden = true };

    /// <summary>One row for two records of one person: this one, with what it lacks from the other.</summary>
    internal PersonRow With(PersonRow other) => this with
    {
        Birth = Birth ?? other.Birth,
        Gender = Gender is null or "unknown" ? other.Gender ?? Gender : Gender,
        NationalIdEnd = NationalIdEnd ?? other.NationalIdEnd,
        Card = Card ?? other.Card,
        Phone = Phone ?? other.Phone,
        Address = Address ?? other.Address,
        NumberSystems = [.. NumberSystems.Union(other.NumberSystems, StringComparer.Ordinal)],
        Links = [.. Links.Append(other.Id).Concat(other.Links).Where(id => id != Id).Distinct(StringComparer.Ordinal)],
        Deceased = Deceased || other.Deceased,
        IsConfidential = IsConfidential || other.IsConfidential,
        IsTest = IsTest || other.IsTest,
    };

    public static PersonRow From(string id, JsonElement patient)
    {
        string? national = null, card = null, number = null;
        var given = new SortedSet<string>(StringComparer.Ordinal);
        var ownNumbers = Systems.PatientNumber("");
        foreach (var identifier in patient.Items("identifier"))
        {
            var (system, value) = (identifier.Text("system"), identifier.Text("value"));
            switch (system)
            {
                case Systems.NationalId: national = value; break;
                case Systems.InsuranceCard: card = value; break;
                case Systems.InsuranceNumber: number = value; break;
                case not null when system.StartsWith(ownNumbers, StringComparison.Ordinal): given.Add(system); break;
            }
        }

        var labels = PersonLabel.Read(patient);
        return new PersonRow
        {
            Id = id,
            Name = NameOf(patient) ?? "—",
            Birth = patient.Text("birthDate").AsDate(),
            Gender = patient.Text("gender"),
            NationalIdEnd = national is { Length: > 4 } ? national[^4..] : national,
            Card = card ?? number,
            Phone = PhoneOf(patient),
            Address = AddressOf(patient),
            NumberSystems = [.. given],
            Links = [.. patient.Items("link").Select(link => link.TryGetProperty("other", out var other) ? other.Text("reference") : null).OfType<string>()
                .Where(reference => reference.StartsWith(Patient, StringComparison.Ordinal)).Select(reference => reference[Patient.Length..]).Where(other => other != id).Distinct(StringComparer.Ordinal)],
            Deceased = patient.Text("deceasedBoolean") == "true" || patient.Text("deceasedDateTime") is not null,
            IsConfidential = (labels & PersonLabels.Confidential) != 0,
            IsTest = (labels & PersonLabels.Test) != 0,
        };
    }

    public static string? NameOf(JsonElement patient)
    {
        foreach (var name in patient.Items("name"))
        {
            if (name.Text("text") is { Length: > 0 } text)
            {
                return text;
            }

            var parts = new[] { name.Text("family") }.Concat(name.Items("given").Select(g => g.ValueKind == JsonValueKind.String ? g.GetString() : null));
            if (string.Join(' ', parts.Where(p => !string.IsNullOrEmpty(p))) is { Length: > 0 } joined)
            {
                return joined;
            }
        }

        return null;
    }

    public static string? PhoneOf(JsonElement patient) =>
        patient.Items("telecom").Where(t => t.Text("system") == "phone").Select(t => t.Text("value")).FirstOrDefault(v => !string.IsNullOrEmpty(v));

    public static string? AddressOf(JsonElement patient)
    {
        if (patient.First("address") is not { } address)
        {
            return null;
        }

        return address.Text("text") is { Length: > 0 } text
            ? text
            : string.Join(", ", new[] { address.Text("district"), address.Text("city"), address.Text("state") }.Where(p => !string.IsNullOrEmpty(p))) is { Length: > 0 } joined ? joined : null;
    }
}
