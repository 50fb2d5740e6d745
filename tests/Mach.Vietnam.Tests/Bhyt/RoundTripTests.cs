using FsCheck;
using FsCheck.Fluent;
using Mach.Vietnam.Bhyt;

namespace Mach.Vietnam.Tests.Bhyt;

public sealed class RoundTripTests
{
    private static readonly string[] Pieces = ["a", "Đ", "ễ", " ", "\n", "\r", "\r\n", "\t", "&", "<", ">", "\"", "'", "]]>", "😀", ";", "0", "<b>", "&amp;", "\u00A0", "e\u0301", "-->"];

    private static readonly Gen<string?> Value = Gen.Frequency(
        (2, Gen.Constant((string?)null)),
        (1, Gen.Constant((string?)"")),
        (5, Gen.Elements(Pieces).ListOf().Select(p => (string?)string.Concat(p))));

    private static Gen<Dossier> Dossiers =>
        from seed in Gen.Choose(0, int.MaxValue)
        from values in Value.ArrayOf(400)
        from sizes in Gen.Choose(0, 3).ArrayOf(16)
        select Make(new System.Random(seed), values, sizes);

    [Fact]
    public void A_dossier_written_and_read_again_is_the_same() =>
        Prop.ForAll(Arb.From(Dossiers), dossier =>
        {
            using var stream = new MemoryStream();
            EnvelopeWriter.Write(stream, "25001", new DateOnly(2025, 3, 1), [dossier]);
            var again = Assert.Single(Sample.Read(stream.ToArray()));
            Assert.Equal(Flat(dossier), Flat(again));
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25));

    [Fact]
    public void A_check_in_written_and_read_again_is_the_same()
    {
        var shape = BhytTables.Find("XML0")!;
        var table = new DossierTable { Name = "XML0", Definition = shape };
        table.Rows.Add(new DossierRow(shape, 1) { ["MA_LK"] = "L\r\n1", ["MA_CSKCB"] = "25001", ["HO_TEN"] = " A " });
        var dossier = new Dossier { FacilityCode = "25001", MaLk = "L\r\n1" };
        dossier.Tables.Add(table);
        using var stream = new MemoryStream();
        EnvelopeWriter.WriteCheckIn(stream, dossier);
        Assert.Equal(Flat(dossier), Flat(Assert.Single(Sample.Read(stream.ToArray()))));
    }

    [Fact]
    public void A_character_that_XML_cannot_carry_is_an_error_and_not_a_broken_file()
    {
        var shape = BhytTables.Find("XML0")!;
        var table = new DossierTable { Name = "XML0", Definition = shape };
        table.Rows.Add(new DossierRow(shape, 1) { ["MA_LK"] = "L\u0001" });
        var dossier = new Dossier { FacilityCode = "25001", MaLk = "L" };
        dossier.Tables.Add(table);
        Assert.Throws<ArgumentException>(() => EnvelopeWriter.WriteCheckIn(Stream.Null, dossier));
    }

    private static Dossier Make(System.Random random, string?[] values, int[] sizes)
    {
        var dossier = new Dossier { FacilityCode = "25001", MaLk = "LK 1" };
        foreach (var number in Enumerable.Range(1, 15).Where(n => n != 12 && (n == 1 || random.Next(2) == 0)).OrderBy(_ => random.Next()))
        {
            var shape = BhytTables.Find($"XML{number}", new DateOnly(2025, 3, 1))!;
            var table = new DossierTable { Name = shape.Name, Definition = shape };
            for (var i = number == 1 ? 1 : shape.Row is null ? 1 + (sizes[number] / 2) : sizes[number]; i > 0; i--)
            {
                table.Rows.Add(Row(random, shape, table.Rows.Count + 1, values));
            }

            dossier.Tables.Add(table);
        }

        if (random.Next(2) == 0)
        {
            dossier.Tables.Add(new DossierTable { Name = "XML16", Raw = "<A>" + random.Next(100) + "</A>\n" });
        }

        return dossier;
    }

    private static DossierRow Row(System.Random random, BhytTable shape, int position, string?[] values)
    {
        var row = new DossierRow(shape, position);
        for (var i = 0; i < shape.Fields.Count; i++)
        {
            row[i] = values[random.Next(values.Length)];
        }

        row["MA_LK"] = " LK 1\t";
        if (shape.IndexOf("MA_CSKCB") >= 0)
        {
            row["MA_CSKCB"] = "25001";
        }

        if (shape.Name == "XML1")
        {
            row["NGAY_RA"] = "202503011000";
        }

        if (random.Next(3) == 0)
        {
            row.Unknown = [new("MOI_1", values[random.Next(values.Length)] ?? ""), new("MA_LK", "again")];
        }

        return row;
    }

    private static List<string> Flat(Dossier dossier)
    {
        var all = new List<string> { dossier.MaLk, dossier.FacilityCode };
        foreach (var table in dossier.Tables)
        {
            all.Add($"{table.Name} {table.Rows.Count} {table.Raw}");
            foreach (var row in table.Rows)
            {
                all.AddRange(row.Table.Fields.Select(f => $"{table.Name}[{row.Position}].{f.Name}={row[f.Index] ?? "∅"}"));
                all.AddRange((row.Unknown ?? []).Select(u => $"+{u.Key}={u.Value}"));
            }
        }

        return all;
    }
}
