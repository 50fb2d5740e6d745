using System.Text.Json;
using Mach.Chart.Reading;
using Mach.Kernel;

namespace Mach.Chart.Visits;

/// <summary>One visit, as the time line needs it.</summary>
public sealed record Visit
{
    public required string Id { get; init; }
    public PartialDate? Start { get; init; }
    public PartialDate? End { get; init; }
    /// <summary>Facility code, 5 characters; null when the visit names none.</summary>
    public string? Facility { get; init; }
    /// <summary>HL7 v3 ActCode: AMB, IMP, EMER …</summary>
    public string? Class { get; init; }
    public string? Type { get; init; }
    public string? Reason { get; init; }
    public string? Status { get; init; }
    public string? Source { get; init; }
    /// <summary>Condition ids in the order of the visit's diagnoses, the main one first.</summary>
    public IReadOnlyList<string> Diagnoses { get; init; } = [];
    public string? Patient { get; init; }
    public string? Disposition { get; init; }
    public string? Department { get; init; }

    internal static Visit Read(string id, JsonElement encounter)
    {
        var period = encounter.Child("period");
        return new Visit
        {
            Id = id,
            Start = period?.Text("start").AsDate(),
            End = period?.Text("end").AsDate(),
            Facility = encounter.FacilityCode(),
            Class = encounter.Child("class")?.Text("code"),
            Type = encounter.First("type").ConceptText(),
            Reason = encounter.First("reasonCode").ConceptText(),
            Status = encounter.Text("status"),
            Source = encounter.Source(),
            Diagnoses = [.. encounter.Items("diagnosis").OrderBy(d => d.Number("rank") ?? 99).Select(d => d.ReferenceId("condition")).OfType<string>()],
            Patient = encounter.ReferenceId("subject"),
            Disposition = encounter.Child("hospitalization")?.Child("dischargeDisposition").ConceptText(),
            Department = DepartmentOf(encounter),
        };
    }

    private static string? DepartmentOf(JsonElement encounter)
    {
        var location = encounter.First("location")?.Child("location");
        return location?.Text("display") ?? location?.Child("identifier")?.Text("value") ?? encounter.Child("serviceType").ConceptText();
    }

    /// <summary>Key of the day the visit began, for ordering; unknown days last.</summary>
    internal DateTimeOffset SortKey => Start?.Low ?? DateTimeOffset.MinValue;
}
