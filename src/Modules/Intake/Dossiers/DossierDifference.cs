using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Dossiers;

/// <summary>One value that differs between two versions of a dossier.</summary>
/// <param name="Field">Null when the whole row or table came or went.</param>
public sealed record DossierChange(string Table, int Row, string? Field, string? Before, string? After);

/// <summary>Compares two versions place by place, as a clerk would.</summary>
internal static class DossierDifference
{
    /// <summary>More than this says "sent anew" better than a list could.</summary>
    private const int Most = 200;

    public static IReadOnlyList<DossierChange> Between(Dossier before, Dossier after)
    {
        var names = before.Tables.Concat(after.Tables).Select(t => t.Name).Distinct(StringComparer.Ordinal);
        return [.. names.SelectMany(n => Tables(n, before[n], after[n])).Take(Most)];
    }

    private static IEnumerable<DossierChange> Tables(string name, DossierTable? before, DossierTable? after)
    {
        var rows = Math.Max(before?.Rows.Count ?? 0, after?.Rows.Count ?? 0);
        for (var i = 0; i < rows; i++)
        {
            var (left, right) = (before?.Rows.ElementAtOrDefault(i), after?.Rows.ElementAtOrDefault(i));
            if (left is null || right is null)
            {
                yield return new DossierChange(name, i + 1, null, left is null ? null : Summary(left), right is null ? null : Summary(right));
                continue;
            }

            foreach (var field in right.Table.Fields.Where(f => (left[f.Name] ?? "") != (right[f.Name] ?? "")))
            {
                yield return new DossierChange(name, i + 1, field.Name, left[field.Name], right[field.Name]);
            }
        }
    }

    private static string Summary(DossierRow row) => string.Join(" · ", row.Table.Fields.Select(f => row.Get(f.Name)).OfType<string>().Where(v => v != row.Get("MA_LK")).Take(5));
}
