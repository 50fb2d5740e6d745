using Mach.Vietnam.Bhyt;

namespace Mach.Vietnam.Tests.Bhyt;

public sealed class BhytTablesTests
{
    private static readonly DateOnly Under4750 = new(2024, 8, 1);
    private static readonly DateOnly Under3176 = new(2025, 2, 1);

    public static TheoryData<string> Names => new(Enumerable.Range(0, 16).Select(i => $"XML{i}"));

    // Source: annex of QĐ 130 with QĐ 4750 as collected in bhyt-xml-fields.json.
    [Theory]
    [MemberData(nameof(Names))]
    public void Names_order_types_and_lengths_are_those_of_the_decisions(string name)
    {
        using var facts = Facts.Json("bhyt-xml-fields.json");
        var expected = facts.RootElement.GetProperty("tables").GetProperty(name).EnumerateArray()
            .Select(f => (f.GetProperty("field").GetString(),
                f.GetProperty("type").GetString() == "Số" ? BhytType.Number : BhytType.Text,
                f.GetProperty("max").GetString() is { } max && max != "n" ? int.Parse(max, System.Globalization.CultureInfo.InvariantCulture) : (int?)null));
        Assert.Equal(expected, BhytTables.Find(name, Under4750)!.Fields.Select(f => ((string?)f.Name, f.Type, f.MaxLength)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_shape_is_whole(string name)
    {
        var shapes = BhytTables.ShapesOf(name);
        Assert.NotEmpty(shapes);
        Assert.Null(shapes[^1].EffectiveTo);
        foreach (var shape in shapes)
        {
            Assert.Equal(Enumerable.Range(0, shape.Fields.Count), shape.Fields.Select(f => f.Index));
            Assert.Equal(shape.Fields.Count, shape.Fields.Select(f => f.Name).Distinct().Count());
            Assert.Equal(shape.List is null, shape.Row is null);
            Assert.All(shape.Fields, f =>
            {
                Assert.Equal(f.Index, shape.IndexOf(f.Name));
                Assert.Equal(f.Required == BhytRequired.Conditional, f.When is not null);
                Assert.Equal(f.Form == BhytForm.CodeList, f.CodeList is not null);
                Assert.True(f.CodeList is null || CodeLists.Find(f.CodeList) is not null, f.CodeList);
                Assert.False(string.IsNullOrWhiteSpace(f.Vi) || string.IsNullOrWhiteSpace(f.En));
            });
        }
    }

    [Fact]
    public void Required_fields_are_those_marked_so_by_the_decisions()
    {
        using var facts = Facts.Json("bhyt-xml-fields.json");
        // Marked "x", yet left open or made conditional by the field's own text or by the validator workbook.
        string[] softened = ["XML6.NGAY_CHUYEN_PHAC_DO", "XML6.LY_DO_CHUYEN_PHAC_DO", "XML9.GHI_CHU", "XML9.MA_THE_TAM", "XML12.DANG_HUONG_CHE_DO", "XML12.TONG_TYLE_TTCT",
            "XML13.TOMTAT_KQ", "XML15.BDDT_ARV", "XML15.NGAY_BAT_DAU_DT_CTX", "XML15.PHANLOAI_LAO_KT"];
        foreach (var table in facts.RootElement.GetProperty("tables").EnumerateObject())
        {
            foreach (var fact in table.Value.EnumerateArray().Where(f => f.GetProperty("required").GetString() == "x"))
            {
                var name = fact.GetProperty("field").GetString()!;
                var field = BhytTables.Find(table.Name, Under4750)!.Fields.Single(f => f.Name == name);
                Assert.True(field.Required == BhytRequired.Always || softened.Contains($"{table.Name}.{name}"), $"{table.Name}.{name}");
            }
        }
    }

    // Source: QĐ 3176/QĐ-BYT 2024 compared with QĐ 4750.
    [Fact]
    public void The_referral_letter_changed_its_fields_in_2025()
    {
        var old = BhytTables.Find("XML13", Under4750)!;
        var now = BhytTables.Find("XML13", Under3176)!;
        Assert.Equal(39, old.Fields.Count);
        Assert.Equal(37, now.Fields.Count);
        Assert.Equal(["MA_NOI_DI", "MA_NOI_DEN", "TEN_DICH_VU", "TEN_THUOC", "PP_DIEU_TRI"], old.Fields.Select(f => f.Name).Except(now.Fields.Select(f => f.Name)));
        Assert.Equal(["MA_CSKCB_DI", "MA_CSKCB_DEN", "TINH_TRANG_CT"], now.Fields.Select(f => f.Name).Except(old.Fields.Select(f => f.Name)));
    }

    [Theory]
    [InlineData("XML4", "GIA_TRI", "2024-12-31", 50)]
    [InlineData("XML4", "GIA_TRI", "2025-01-01", 255)]
    [InlineData("XML4", "MA_CHI_SO", "2025-01-01", 255)]
    [InlineData("XML2", "MUC_HUONG", "2026-06-30", 3)]
    [InlineData("XML2", "MUC_HUONG", "2026-07-01", 4)]
    [InlineData("XML3", "MUC_HUONG", "2026-07-01", 4)]
    [InlineData("XML14", "NGAY_HEN_KL", "2024-12-31", 12)]
    [InlineData("XML14", "NGAY_HEN_KL", "2025-01-01", 8)]
    [InlineData("XML1", "MA_TTDV", "2025-01-01", 255)]
    public void Lengths_change_on_their_day(string table, string field, string day, int length) =>
        Assert.Equal(length, BhytTables.Find(table, DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture))!.Fields.Single(f => f.Name == field).MaxLength);

    [Theory]
    [InlineData("2025-06-30", BhytRequired.Always)]
    [InlineData("2025-07-01", BhytRequired.Optional)]
    public void The_district_is_not_asked_for_since_districts_ended(string day, BhytRequired required) =>
        Assert.Equal(required, BhytTables.Find("XML1", DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture))!.Fields.Single(f => f.Name == "MAHUYEN_CU_TRU").Required);

    [Fact]
    public void The_newest_shape_is_found_without_a_day_and_the_oldest_before_all_decisions()
    {
        Assert.Equal(new DateOnly(2026, 7, 1), BhytTables.Find("XML2")!.EffectiveFrom);
        Assert.Equal(new DateOnly(2023, 1, 18), BhytTables.Find("XML2", new DateOnly(2020, 1, 1))!.EffectiveFrom);
        Assert.Null(BhytTables.Find("XML16"));
    }

    [Fact]
    public void Every_list_has_distinct_codes_and_labels() => Assert.All(CodeLists.All, list =>
    {
        Assert.NotEmpty(list.Values);
        Assert.Equal(list.Values.Count, list.Values.Select(v => v.Code).Distinct().Count());
        Assert.All(list.Values, v => Assert.False(string.IsNullOrWhiteSpace(v.Vi) || string.IsNullOrWhiteSpace(v.En)));
    });

    [Theory]
    [InlineData("GIOI_TINH", "1", "2025-01-01", "Nam")]
    [InlineData("GIOI_TINH", "4", "2025-01-01", null)]
    [InlineData("MA_NHOM", "19", "2023-06-01", null)]
    [InlineData("MA_NHOM", "19", "2024-06-01", "Chi phí khác")]
    [InlineData("MA_LOAI_KCB", "03", "2025-01-01", "Điều trị nội trú")]
    [InlineData("NO_SUCH_LIST", "1", "2025-01-01", null)]
    public void A_code_is_found_on_its_day(string list, string code, string day, string? vi) =>
        Assert.Equal(vi, CodeLists.Find(list, code, DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture))?.Vi);

    [Theory]
    [InlineData("MA_NHOM=12", "MA_NHOM", "12", true)]
    [InlineData("MA_NHOM=1,2,3", "MA_NHOM", "2", true)]
    [InlineData("MA_NHOM=1,2,3", "MA_NHOM", "12", false)]
    [InlineData("MA_NHOM=1,2,3", "MA_NHOM", null, false)]
    [InlineData("MA_NHOM!=7,17", "MA_NHOM", "4", true)]
    [InlineData("MA_NHOM!=7,17", "MA_NHOM", "7", false)]
    [InlineData("MA_NHOM", "MA_NHOM", "7", true)]
    [InlineData("!MA_NHOM", "MA_NHOM", " ", true)]
    [InlineData("!MA_NHOM & STT", "MA_NHOM", null, false)]
    [InlineData("MA_PTTT_QT=47.0", "MA_PTTT_QT", "12.1;47.0", true)]
    public void A_condition_looks_at_the_other_fields(string condition, string field, string? value, bool holds)
    {
        var row = new DossierRow(BhytTables.Find("XML3")!, 1) { [field] = value };
        Assert.Equal(holds, FieldCondition.Parse(condition).Holds(row));
    }
}
