using System.Globalization;
using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Tests.Mapping;

/// <summary>Dossiers that nobody would send on purpose: every table, absent, empty and odd values, unknown tags. The same seed makes the same dossier.</summary>
internal static class RandomDossiers
{
    private static readonly string[] s_odd =
    [
        "", "", " ", ".", "0", "1", "00", "01", "-1", "1.", ".5", "5,2", "12.50", "1.234.567", "<0.5", "≤ 3", ">= 10", "5,2 mmol/L", "7 tuần", "Neg", "Âm tính",
        "10-15", "20260230", "20250701", "202507010830", "202507010000", "20250701083059", "20250701083000", "195500000000", "199003000000", "20251301", "99999999",
        " 20250701 ", " 202507010830", "K02.D35", " A01", "A01 ", "A01;B02", "A01; B02 ;", ";", ";;", "B20", "I10", "a  b", "a\nb", "x\r\ny", "<b>&amp;</b>", "\"\\", "😀", "\u00a0x", "e\u0301",
        "123456789012345678901234567890", "DN4252512345678;GD4252512345678", "HC4250012345678", "25001", "mmol/L", "%", "1e5", "+7", "1,000.5",
    ];

    private static readonly string[] s_groups = ["1", "2", "3", "8", "9", "18", "13", "15", "10", " 1", "4", ""];

    public static Dossier Make(int seed)
    {
        var random = new Random(seed);
        var maLk = random.Next(4) switch { 0 => "LK 1/2#3%é", 1 => "0", _ => $"LK{random.Next(100)}" };
        var dossier = new Dossier { FacilityCode = random.Next(3) == 0 ? "2500A" : "25001", MaLk = maLk };
        var mode = random.Next(4);
        var checkIn = random.Next(5) == 0;
        Add(dossier, random, checkIn ? "XML0" : "XML1", random.Next(8) == 0 ? 2 : 1, mode);
        foreach (var name in Enumerable.Range(0, 16).Select(n => $"XML{n}"))
        {
            if (dossier[name] is null && name != "XML1" && random.Next(3) == 0)
            {
                Add(dossier, random, name, random.Next(5), mode);
            }
        }

        if (random.Next(4) == 0)
        {
            dossier.Tables.Insert(random.Next(2), new DossierTable { Name = "XML99", Raw = "<A>\r\n x&lt; </A>" });
            dossier.Tables.Add(new DossierTable { Name = "XML99", Raw = "" });
        }

        return dossier;
    }

    private static void Add(Dossier dossier, Random random, string name, int rows, int mode)
    {
        var shapes = BhytTables.All.Where(t => t.Name == name).ToArray();
        if (shapes.Length == 0)
        {
            return;
        }

        var shape = shapes[random.Next(shapes.Length)];
        var table = new DossierTable { Name = name, Definition = shape };
        for (var i = 1; i <= rows; i++)
        {
            table.Rows.Add(Row(dossier, random, shape, i, mode));
            if (random.Next(4) == 0)
            {
                table.Rows.Add(Copy(table.Rows[^1], ++i));
            }
        }

        dossier.Tables.Add(table);
    }

    private static DossierRow Row(Dossier dossier, Random random, BhytTable shape, int position, int mode)
    {
        var row = new DossierRow(shape, position);
        foreach (var field in shape.Fields)
        {
            row[field.Index] = random.Next(10) < 3 ? (mode is 0 or 3 ? null : "") : Value(dossier, random, field, position);
            if (mode == 3 && random.Next(4) == 0)
            {
                row[field.Index] = "";
            }
        }

        if (random.Next(5) == 0)
        {
            row.Unknown = [new("TRUONG_LA", "giá trị\r\n lạ "), new("TRUONG_LA", ""), new("absent", "x")];
        }

        return row;
    }

    private static string? Value(Dossier dossier, Random random, BhytField field, int position) => random.Next(3) switch
    {
        0 when field.Name == "MA_LK" => dossier.MaLk,
        0 when field.Name == "STT" => position.ToString(CultureInfo.InvariantCulture),
        0 when field.Name == "MA_CSKCB" => dossier.FacilityCode,
        _ when field.Name == "MA_NHOM" => s_groups[random.Next(s_groups.Length)],
        0 or 1 => Fitting(random, field),
        _ => s_odd[random.Next(s_odd.Length)],
    };

    private static string Fitting(Random random, BhytField field) => field.Form switch
    {
        BhytForm.Date8 => "2025070" + random.Next(1, 9).ToString(CultureInfo.InvariantCulture),
        BhytForm.DateTime12 => "20250701083" + random.Next(9).ToString(CultureInfo.InvariantCulture),
        BhytForm.BirthDate12 => "196503120000",
        BhytForm.Decimal => "12.50",
        BhytForm.Integer => random.Next(200).ToString(CultureInfo.InvariantCulture),
        BhytForm.IcdCode => "E11.9",
        BhytForm.IcdCodes => "I10;E78.5;I10",
        BhytForm.FacilityCode => "25123",
        _ when field.Name == "DIEN_BIEN_LS" => "Tỉnh, tiếp xúc tốt CSST<M75_T37,5_HA120/70_NT18_HL2>",
        _ => "Văn bản " + random.Next(9).ToString(CultureInfo.InvariantCulture),
    };

    private static DossierRow Copy(DossierRow row, int position)
    {
        var copy = new DossierRow(row.Table, position);
        foreach (var field in row.Table.Fields)
        {
            copy[field.Index] = row[field.Index];
        }

        return copy;
    }
}
