using Mach.Data;
using Mach.Kernel;

namespace Mach.Intake.Filing;

/// <summary>How often a dossier breaks which rule, for the summaries.</summary>
internal static class FindingCounts
{
    /// <summary>Rows for the current findings; a rule that only the earlier version broke falls to zero. Null when there is nothing to say.</summary>
    public static TableRows? Rows(string dossier, string facility, IReadOnlyList<Finding> now, IReadOnlyList<Finding> before)
    {
        if (now.Count == 0 && before.Count == 0)
        {
            return null;
        }

        var counts = before.GroupBy(f => f.Rule).ToDictionary(g => g.Key, g => (Severity: (int)g.First().Severity, Times: 0), StringComparer.Ordinal);
        foreach (var finding in now)
        {
            counts[finding.Rule] = ((int)finding.Severity, counts.GetValueOrDefault(finding.Rule).Times + 1);
        }

        return new TableRows(
            "int_finding",
            [("dossier", ColumnType.Text), ("rule", ColumnType.Text), ("facility", ColumnType.Text), ("severity", ColumnType.Integer), ("times", ColumnType.Integer)],
            [.. counts.Select(c => new object?[] { dossier, c.Key, facility, c.Value.Severity, c.Value.Times })],
            ["dossier", "rule"]);
    }
}
