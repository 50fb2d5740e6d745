using Mach.Intake.Mapping;
using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Tests.Mapping;

/// <summary>A dossier sent again corrected is a new version of the same resources, not other resources.</summary>
public class IdStabilityTests
{
    private static readonly MappingContext s_context = new("nguoi-1", "cskcb-25001", DateTimeOffset.UnixEpoch);

    [Theory]
    [InlineData("XML4", "GIA_TRI", "12.1")]
    [InlineData("XML4", "MA_BS_DOC_KQ", "009999/PT-CCHN")]
    [InlineData("XML2", "SO_LUONG", "28")]
    [InlineData("XML2", "NGAY_YL", "202507011005")]
    [InlineData("XML2", "STT", "9")]
    [InlineData("XML3", "NGAY_KQ", "202507010920")]
    [InlineData("XML5", "THOI_DIEM_DBLS", "202507010755")]
    [InlineData("XML1", "NGAY_RA", "202507011130")]
    [InlineData("XML1", "HO_TEN", "Nguyễn Thị Lụa Anh")]
    public void A_corrected_value_keeps_all_ids(string table, string field, string value)
    {
        var corrected = SampleDossiers.Outpatient();
        corrected[table]!.Rows[0][field] = value;
        Assert.Equal(Ids(SampleDossiers.Outpatient()), Ids(corrected));
    }

    [Fact]
    public void A_row_put_in_front_keeps_the_ids_of_the_others()
    {
        var before = Ids(SampleDossiers.Outpatient());
        var longer = SampleDossiers.Outpatient();
        foreach (var name in new[] { "XML2", "XML3", "XML4" })
        {
            var table = longer[name]!;
            var row = new DossierRow(table.Definition!, 1);
            row[name == "XML2" ? "TEN_THUOC" : name == "XML3" ? "TEN_DICH_VU" : "TEN_CHI_SO"] = "Dòng mới";
            table.Rows.Insert(0, row);
        }

        Assert.Empty(before.Except(Ids(longer)));
    }

    [Fact]
    public void Equal_rows_are_told_apart_by_their_order()
    {
        var dossier = SampleDossiers.Outpatient();
        var rows = dossier["XML4"]!.Rows;
        foreach (var row in rows)
        {
            (row["MA_CHI_SO"], row["TEN_CHI_SO"]) = ("23.0075.1494", "Định lượng Glucose [Máu]");
        }

        var ids = Ids(dossier).Where(id => id.Contains("-obs-", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, ids.Count);
        Assert.EndsWith("-2", ids[1], StringComparison.Ordinal);
        Assert.EndsWith("-3", ids[2], StringComparison.Ordinal);
    }

    [Fact]
    public void The_check_in_and_the_dossier_after_it_are_one_visit() =>
        Assert.Contains(DossierMapping.ToFhir(SampleDossiers.CheckIn(), s_context)[0].Id, Ids(SampleDossiers.Outpatient()));

    [Fact]
    public void The_same_key_at_another_facility_is_another_visit()
    {
        var other = SampleDossiers.CheckIn();
        var moved = new Dossier { FacilityCode = "25002", MaLk = other.MaLk };
        moved.Tables.AddRange(other.Tables);
        Assert.Empty(Ids(other).Intersect(Ids(moved)));
    }

    private static List<string> Ids(Dossier dossier) => [.. DossierMapping.ToFhir(dossier, s_context).Select(r => r.Id)];
}
