using System.Globalization;
using System.Text;
using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Tests.Mapping;

/// <summary>A dossier as lines of text, so that two of them are equal exactly when their texts are.</summary>
internal static class DossierText
{
    public static string Of(Dossier dossier)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{dossier.FacilityCode} {dossier.MaLk}\n");
        foreach (var table in dossier.Tables)
        {
            text.Append(CultureInfo.InvariantCulture, $"{table.Name} {table.Definition?.EffectiveFrom:yyyy-MM-dd} {Show(table.Raw)}\n");
            foreach (var row in table.Rows)
            {
                text.Append(CultureInfo.InvariantCulture, $"  row {row.Position}\n");
                foreach (var field in row.Table.Fields)
                {
                    text.Append(CultureInfo.InvariantCulture, $"    {field.Name} = {Show(row[field.Index])}\n");
                }

                foreach (var (name, value) in row.Unknown ?? [])
                {
                    text.Append(CultureInfo.InvariantCulture, $"    ? {name} = {Show(value)}\n");
                }
            }
        }

        return text.ToString();
    }

    private static string Show(string? value) => value is null ? "(absent)" : "\"" + value.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) + "\"";
}
