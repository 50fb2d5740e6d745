using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Mach.Chart.Reading;
using Mach.Kernel;

namespace Mach.Chart.Record;

/// <summary>One prescription or dispensing line.</summary>
public sealed partial record MedicineEvent
{
    /// <summary>Name as sent, with the strength when it is known.</summary>
    public required string Name { get; init; }
    /// <summary>Name as sent.</summary>
    public required string BareName { get; init; }
    /// <summary>Type and id of the resource that says how to take it, as a relative reference.</summary>
    public string Reference { get; init; } = "";
    public string? Code { get; init; }
    public string? Dose { get; init; }
    public string? Quantity { get; init; }
    /// <summary>Days the supply lasts; null when not said.</summary>
    public int? Days { get; init; }
    public PartialDate? Date { get; init; }
    public string? Facility { get; init; }
    public string? Source { get; init; }
    public string? Visit { get; init; }
    public bool IsDispense { get; init; }

    internal static MedicineEvent? Request(string id, JsonElement body)
    {
        var supply = body.Child("dispenseRequest");
        return Read(body, body.Date("authoredOn"), supply?.Child("quantity"), supply?.Child("expectedSupplyDuration"), "encounter", dispense: false) is { } read ? read with { Reference = "MedicationRequest/" + id } : null;
    }

    internal static MedicineEvent? Dispense(string id, JsonElement body) =>
        Read(body, body.Date("whenHandedOver", "whenPrepared"), body.Child("quantity"), body.Child("daysSupply"), "context", dispense: true) is { } read ? read with { Reference = "MedicationDispense/" + id } : null;

    private static MedicineEvent? Read(JsonElement body, string? date, JsonElement? quantity, JsonElement? days, string visit, bool dispense)
    {
        if (body.Text("status") is "entered-in-error" or "cancelled" || body.Child("medicationCodeableConcept") is not { } medicine
            || ((JsonElement?)medicine).ConceptText() is not { } name)
        {
            return null;
        }

        var dosage = body.First("dosageInstruction");
        var strength = body.Received("HAM_LUONG");
        var dose = dosage?.Text("text");
        var how = dosage?.Text("patientInstruction");
        return new MedicineEvent
        {
            Name = WithStrength(name, strength),
            BareName = name,
            Code = medicine.ConceptCode(),
            Dose = dose is null || how is null || dose.Contains(how, StringComparison.OrdinalIgnoreCase) ? dose ?? how : $"{dose} ({how})",
            Quantity = quantity.Quantity(),
            Days = days?.Number("value") is { } value and >= 0 and < 3650 ? (int)value : DaysIn(dose),
            Date = date.AsDate(),
            Facility = body.FacilityCode(),
            Source = body.Source(),
            Visit = body.ReferenceId(visit),
            IsDispense = dispense,
        };
    }

    /// <summary>"Paracetamol 250" and "250mg" make "Paracetamol 250mg": the strength is not said twice.</summary>
    private static string WithStrength(string name, string? strength)
    {
        if (strength is null || name.Contains(strength, StringComparison.OrdinalIgnoreCase))
        {
            return name;
        }

        var last = name.LastIndexOf(' ') + 1;
        return last > 0 && char.IsAsciiDigit(name[last]) && strength.StartsWith(name.AsSpan(last), StringComparison.OrdinalIgnoreCase) ? name[..last] + strength : name + " " + strength;
    }

    /// <summary>"… x 30 ngày" in a dose: how long it lasts, when exactly one number of days is named.</summary>
    private static int? DaysIn(string? dose)
    {
        if (dose is null)
        {
            return null;
        }

        var found = DaysPattern().Matches(dose);
        return found.Count == 1 && int.TryParse(found[0].Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is > 0 and < 400 ? days : null;
    }

    [GeneratedRegex(@"(\d{1,3})\s*ngày\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DaysPattern();
}

/// <summary>One medicine over all facilities: its latest line, and how often it was given.</summary>
/// <param name="Times">Distinct visits with it among the lines that were read.</param>
public sealed record Medicine(MedicineEvent Latest, int Times, PartialDate? First);

/// <param name="Current">Supply not yet used up, or given in the last <see cref="CurrentDays"/> days; the latest first.</param>
/// <param name="Recent">Given in the last year.</param>
/// <param name="Earlier">Older ones among the lines that were read.</param>
public sealed record MedicineList(IReadOnlyList<Medicine> Current, IReadOnlyList<Medicine> Recent, IReadOnlyList<Medicine> Earlier)
{
    /// <summary>Days after which a medicine without a known length of supply no longer counts as current; insurance supplies chronic medicines for up to 90 days (TT 26/2025/TT-BYT).</summary>
    public const int CurrentDays = 90;

    internal static MedicineList From(IEnumerable<MedicineEvent> events, DateOnly today)
    {
        var medicines = events.GroupBy(e => VietnameseText.Fold(e.Name), StringComparer.Ordinal).Select(group =>
        {
            var dated = group.OrderByDescending(e => e.Date?.Low ?? DateTimeOffset.MinValue).ToList();
            // A prescription and its dispensing are one line: what was handed over says how much, the prescription how to take it.
            var latest = dated[0] with
            {
                Dose = dated.FirstOrDefault(e => e.Dose is not null)?.Dose,
                Days = dated.FirstOrDefault(e => e.Days is not null && e.Visit == dated[0].Visit)?.Days,
                Quantity = dated.FirstOrDefault(e => e.Quantity is not null && e.Visit == dated[0].Visit)?.Quantity,
            };
            var times = dated.Select(e => e.Visit ?? e.Source ?? e.Date?.ToString() ?? "").Distinct(StringComparer.Ordinal).Count();
            return new Medicine(latest, times, dated.LastOrDefault(e => e.Date is not null)?.Date);
        }).OrderByDescending(m => m.Latest.Date?.Low ?? DateTimeOffset.MinValue).ThenBy(m => m.Latest.Name, StringComparer.Ordinal).ToList();
        var now = new DateTimeOffset(today.ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(7));
        return new(
            [.. medicines.Where(m => IsCurrent(m, now))],
            [.. medicines.Where(m => !IsCurrent(m, now) && Age(m, now) < 366)],
            [.. medicines.Where(m => !IsCurrent(m, now) && Age(m, now) >= 366)]);
    }

    private static bool IsCurrent(Medicine medicine, DateTimeOffset now) => Age(medicine, now) <= (medicine.Latest.Days ?? CurrentDays);

    /// <summary>Days since it was last given; very many when not known.</summary>
    private static double Age(Medicine medicine, DateTimeOffset now) => medicine.Latest.Date is { } date ? (now - date.Low).TotalDays : double.MaxValue;
}
