using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Filing;

/// <summary>Whether two dossiers say the same, whatever the wrapping, the order of the tables and the white space between elements.</summary>
internal static class SameContent
{
    public static bool Are(Dossier left, Dossier right) =>
        left.FacilityCode == right.FacilityCode && left.MaLk == right.MaLk && left.Tables.Count == right.Tables.Count
        && left.Tables.TrueForAll(table => right[table.Name] is { } other && Are(table, other));

    private static bool Are(DossierTable left, DossierTable right) =>
        left.Raw == right.Raw && left.Definition == right.Definition && left.Rows.Count == right.Rows.Count
        && left.Rows.Zip(right.Rows).All(pair => Are(pair.First, pair.Second));

    private static bool Are(DossierRow left, DossierRow right)
    {
        for (var i = 0; i < left.Table.Fields.Count; i++)
        {
            if (left[i] != right[i])
            {
                return false;
            }
        }

        return (left.Unknown ?? []).SequenceEqual(right.Unknown ?? []);
    }
}
