using Mach.Chart.Visits;

namespace Mach.Chart.Record;

/// <summary>All that the page of one person shows.</summary>
/// <param name="Clinical">Null for those who may see banner and visits alone.</param>
public sealed record PersonRecord(PersonCard Card, TimeLine TimeLine, ClinicalSummary? Clinical);

/// <summary>The sixty-second summary: problems, medicines, results, over all facilities.</summary>
public sealed record ClinicalSummary(
    ProblemList Problems,
    MedicineList Medicines,
    ResultList Results,
    IReadOnlyList<ReportLine> Reports,
    Attention Attention);
