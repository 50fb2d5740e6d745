using System.Text.Json;
using Mach.Fhir.Labels;
using Mach.Intake.Mapping;
using Mach.Kernel;
using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Tests.Mapping;

/// <summary>What a dossier tells in words is as delicate as its diagnoses. Source: docs/adr/0026-words-and-looks.md; Law 64/2006/QH11 art. 30.</summary>
public sealed class VisitLabelTests
{
    private static readonly string[] Told = ["ClinicalImpression", "Composition", "DiagnosticReport", "DocumentReference", "ServiceRequest"];

    [Theory]
    [InlineData("B20.1", "", "", DataLabels.Hiv)]
    [InlineData("J02.9", "B20.1;F32", "", DataLabels.Hiv | DataLabels.Mental)]
    [InlineData("F20.0", "", "", DataLabels.Mental)]
    [InlineData("", "", "Nhiễm HIV giai đoạn 3", DataLabels.Hiv)]
    [InlineData("J02.9", "", "Viêm họng cấp", DataLabels.None)]
    [InlineData("Z11.4", "", "Sàng lọc nhiễm HIV", DataLabels.None)]
    public void What_is_told_about_a_visit_carries_the_labels_of_its_diagnoses(string main, string others, string words, DataLabels expected)
    {
        var dossier = Dossier();
        var summary = dossier["XML1"]!.Rows[0];
        (summary["MA_BENH_CHINH"], summary["MA_BENH_KT"], summary["CHAN_DOAN_RV"]) = (main, others, words);
        var mapped = Map(dossier);
        var told = mapped.Where(r => Told.Contains(r.Type)).ToList();
        Assert.True(told.Select(r => r.Type).Distinct().Count() == Told.Length, string.Join(' ', told.Select(r => r.Type)));
        Assert.All(told.Where(r => r.Type != "ServiceRequest" || r.Id.Contains("-ref-", StringComparison.Ordinal)), r => Assert.True(expected == r.Labels, $"{r.Type}/{r.Id}: {r.Labels}"));
        // A plain result of the same visit tells nothing of why it was asked for.
        Assert.All(mapped.Where(r => r.Type == "Observation"), r => Assert.Equal(DataLabels.None, r.Labels));
        Assert.All(mapped.Where(r => r.Type == "Patient"), r => Assert.Equal(DataLabels.None, r.Labels));
    }

    [Fact]
    public void The_table_of_HIV_care_makes_the_whole_visit_delicate()
    {
        var dossier = Dossier();
        Row(dossier, "XML6", ("MA_LK", "LK1"), ("BDDT_ARV", "202601010800"));
        Assert.All(Map(dossier).Where(r => r.Type is "ClinicalImpression" or "Composition" or "DocumentReference"), r => Assert.Equal(DataLabels.Hiv, r.Labels));
    }

    [Fact]
    public void Rows_without_a_code_are_delicate_by_their_words()
    {
        var dossier = Dossier();
        Row(dossier, "XML2", ("MA_LK", "LK1"), ("STT", "2"), ("MA_THUOC", "40.999"), ("TEN_THUOC", "Olanzapin 10mg"), ("SO_LUONG", "10"), ("NGAY_YL", "202606101000"));
        Row(dossier, "XML4", ("MA_LK", "LK1"), ("STT", "2"), ("MA_DICH_VU", "24.0169.1616"), ("MA_CHI_SO", "HIV"), ("TEN_CHI_SO", "HIV Ab test nhanh"), ("GIA_TRI", "âm tính"), ("NGAY_KQ", "202606101000"));
        var mapped = Map(dossier);
        Assert.Contains(mapped, r => r.Type == "MedicationRequest" && r.Labels == DataLabels.Mental);
        Assert.Contains(mapped, r => r.Type == "Observation" && r.Labels == DataLabels.Hiv);
        Assert.Contains(mapped, r => r.Type == "Observation" && r.Labels == DataLabels.None);
        Assert.All(mapped.Where(r => r.Type is "ClinicalImpression" or "Encounter"), r => Assert.Equal(DataLabels.None, r.Labels));
    }

    private static Dossier Dossier()
    {
        var dossier = Samples.Visit();
        Row(dossier, "XML4", ("MA_LK", "LK1"), ("STT", "9"), ("MA_DICH_VU", "18.0001"), ("MA_CHI_SO", "SA"), ("TEN_CHI_SO", "Siêu âm"), ("KET_LUAN", "Bình thường"), ("NGAY_KQ", "202606101100"));
        Row(dossier, "XML5", ("MA_LK", "LK1"), ("STT", "1"), ("DIEN_BIEN_LS", "Tỉnh, tiếp xúc tốt"), ("THOI_DIEM_DBLS", "202606101030"));
        Row(dossier, "XML8", ("MA_LK", "LK1"), ("QT_BENHLY", "Bệnh ba ngày nay"), ("NGAY_CT", "20260610"));
        Row(dossier, "XML13", ("MA_LK", "LK1"), ("DAU_HIEU_LS", "Mệt"));
        return dossier;
    }

    private static void Row(Dossier dossier, string table, params (string Field, string Value)[] values)
    {
        var definition = BhytTables.Find(table)!;
        if (dossier[table] is not { } kept)
        {
            dossier.Tables.Add(kept = new DossierTable { Name = table, Definition = definition });
        }

        var row = new DossierRow(definition, kept.Rows.Count + 1);
        foreach (var (field, value) in values)
        {
            row[field] = value;
        }

        kept.Rows.Add(row);
    }

    private static List<(string Type, string Id, DataLabels Labels)> Map(Dossier dossier) =>
        [.. DossierMapping.ToFhir(dossier, new MappingContext("p1", "cskcb-25001", DateTimeOffset.UnixEpoch)).Select(r =>
        {
            using var document = JsonDocument.Parse(r.Body);
            return (r.Type, r.Id, Sensitivity.Of(document.RootElement));
        })];
}
