using System.Globalization;
using Mach.Vietnam.Bhyt;

namespace Mach.Demo.Writing;

/// <summary>Rows of the tables in the shape of the day, every tag present and empty as the rules ask (vietnam-formats §1.4).</summary>
internal static class Tables
{
    public static DossierTable Add(Dossier dossier, string name, DateOnly on)
    {
        var table = new DossierTable { Name = name, Definition = BhytTables.Find(name, on) ?? throw new InvalidOperationException(name) };
        dossier.Tables.Add(table);
        return table;
    }

    public static DossierRow Row(DossierTable table, string maLk)
    {
        var row = new DossierRow(table.Definition!, table.Rows.Count + 1);
        for (var i = 0; i < table.Definition!.Fields.Count; i++)
        {
            row[i] = "";
        }

        table.Rows.Add(row);
        row["MA_LK"] = maLk;
        if (table.Definition.IndexOf("STT") >= 0)
        {
            row["STT"] = Text(table.Rows.Count);
        }

        return row;
    }

    /// <summary>Sets the fields that this shape of the table has; a shape may lack one that another has.</summary>
    public static void Set(this DossierRow row, params ReadOnlySpan<(string Field, string? Value)> values)
    {
        foreach (var (field, value) in values)
        {
            if (row.Table.IndexOf(field) is var i and >= 0)
            {
                row[i] = value ?? "";
            }
        }
    }

    public static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
    /// <summary>At most three decimals, point as separator.</summary>
    public static string Text(decimal value) => value.ToString("0.###", CultureInfo.InvariantCulture);
    public static string Minute(DateTime time) => time.ToString("yyyyMMddHHmm", CultureInfo.InvariantCulture);
    public static string Day(DateTime time) => time.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
    public static string Day(DateOnly day) => day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
}
