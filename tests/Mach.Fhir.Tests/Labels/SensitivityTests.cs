using System.Text.Json;
using Mach.Fhir.Labels;
using Mach.Kernel;

namespace Mach.Fhir.Tests.Labels;

/// <summary>Source: Mach.Fhir/Labels/sensitivity.tsv, sensitivity-words.tsv; docs/adr/0015-sight.md.</summary>
public sealed class SensitivityTests
{
    [Theory]
    [InlineData("Nhiễm HIV giai đoạn 3", DataLabels.Hiv)]
    [InlineData("nhiem hiv", DataLabels.Hiv)]
    [InlineData("HIV/AIDS", DataLabels.Hiv)]
    [InlineData("Anti-HIV (nhanh)", DataLabels.Hiv)]
    [InlineData("Hội chứng suy giảm miễn dịch mắc phải", DataLabels.Hiv)]
    [InlineData("TÂM  THẦN PHÂN LIỆT thể hoang tưởng", DataLabels.Mental)]
    [InlineData("Olanzapin 10mg", DataLabels.Mental)]
    [InlineData("Cai nghiện bằng Methadone", DataLabels.Substance)]
    [InlineData("Giang mai kín", DataLabels.Reproductive)]
    [InlineData("Trầm cảm, nghiện rượu", DataLabels.Mental | DataLabels.Substance)]
    [InlineData("Uống từ từ, viên nghiền, đau lâu ngày", DataLabels.None)]
    [InlineData("Archivix", DataLabels.None)]
    [InlineData("Viêm họng cấp", DataLabels.None)]
    [InlineData("tâm", DataLabels.None)]
    [InlineData("", DataLabels.None)]
    public void Words_count_as_wholes_whatever_their_case_and_tones(string text, DataLabels expected) => Assert.Equal(expected, Sensitivity.Words.In(text));

    [Theory]
    [InlineData("""{"resourceType":"Condition","code":{"text":"Nhiễm HIV"}}""", DataLabels.Hiv)]
    [InlineData("""{"resourceType":"MedicationRequest","medicationCodeableConcept":{"coding":[{"system":"urn:mach:sid:ma-thuoc","code":"40.1","display":"Olanzapin"}]}}""", DataLabels.Mental)]
    [InlineData("""{"resourceType":"Observation","code":{"coding":[{"system":"urn:mach:sid:ma-dich-vu","code":"24.0169"}],"text":"HIV Ab test nhanh"}}""", DataLabels.Hiv)]
    [InlineData("""{"resourceType":"Observation","code":{"text":"Máu"},"note":[{"text":"Xét nghiệm giang mai dương tính"}]}""", DataLabels.Reproductive)]
    [InlineData("""{"resourceType":"DiagnosticReport","code":{"text":"Máu"},"conclusion":"HIV dương tính"}""", DataLabels.Hiv)]
    [InlineData("""{"resourceType":"Encounter","reasonCode":[{"text":"Đau đầu"},{"text":"Lấy thuốc ARV"}]}""", DataLabels.Hiv)]
    [InlineData("""{"resourceType":"QuestionnaireResponse","item":[{"answer":[{"valueString":"đã phá thai"}]}]}""", DataLabels.Reproductive)]
    // What has a code of the table is judged by the code: screening is none of the delicate codes.
    [InlineData("""{"resourceType":"Condition","code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"Z11.4"}],"text":"Sàng lọc nhiễm HIV"}}""", DataLabels.None)]
    [InlineData("""{"resourceType":"Condition","code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"B20.1"}],"text":"Viêm họng"}}""", DataLabels.Hiv)]
    // How people, places and units are called says nothing of anybody.
    [InlineData("""{"resourceType":"Patient","name":[{"text":"Lê Thị Hiv"}]}""", DataLabels.None)]
    [InlineData("""{"resourceType":"Organization","type":[{"text":"Bệnh viện tâm thần"}]}""", DataLabels.None)]
    [InlineData("""{"resourceType":"DocumentReference","contained":[{"resourceType":"Patient","address":[{"text":"Gần bệnh viện tâm thần"}]}]}""", DataLabels.None)]
    [InlineData("""{"resourceType":"Encounter","location":[{"location":{"display":"Khoa tâm thần"}}]}""", DataLabels.None)]
    public void What_has_no_code_is_labelled_by_its_words(string json, DataLabels expected)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Equal(expected, Sensitivity.Of(document.RootElement));
    }

    [Fact]
    public void Every_word_of_the_table_is_found_in_a_sentence_with_it()
    {
        Assert.True(Sensitivity.Words.Entries.Count > 50);
        Assert.All(Sensitivity.Words.Entries, entry => Assert.True((Sensitivity.Words.In($"Bệnh sử: {entry.Words}, đang theo dõi.") & entry.Label) != 0, entry.Words));
        Assert.All(Sensitivity.CodeEntries.Where(e => e.Kind == "icd-10"), entry => Assert.True((Sensitivity.OfIcd10(entry.Code + "1") & entry.Label) != 0, entry.Code));
        Assert.Matches(@"^\d{4}-\d\d-\d\d$", Sensitivity.Words.Version);
        Assert.Matches(@"^\d{4}-\d\d-\d\d$", Sensitivity.CodesVersion);
    }

    [Theory]
    [InlineData("Hiv\tARV\t2026-11-29", 1)]
    [InlineData("# remark\nUnknown\tARV\t2026-11-29\tlaw", 2)]
    [InlineData("Hiv\t-\t2026-11-29\tlaw", 1)]
    [InlineData("Hiv\tARV\t29/11/2026\tlaw", 1)]
    [InlineData("All\tARV\t2026-11-29\tlaw", 1)]
    public void A_table_that_cannot_be_read_is_refused_with_its_line(string table, int line) =>
        Assert.Contains($"line {line}:", Assert.Throws<FormatException>(() => SensitiveWords.Parse(table)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_house_may_have_words_of_its_own()
    {
        var words = SensitiveWords.Parse("# version\t2027-01-01\nSubstance\tcai thuốc lá\t2027-01-01\thouse rule\n");
        Assert.Equal(("2027-01-01", DataLabels.Substance, DataLabels.None), (words.Version, words.In("Tư vấn CAI THUOC LA"), words.In("HIV")));
    }

    [Theory]
    [InlineData(DataLabels.Hiv, "R HIV")]
    [InlineData(DataLabels.Mental | DataLabels.Substance, "R PSY ETH")]
    [InlineData(DataLabels.Minor, "ADOL")]
    [InlineData(DataLabels.Restricted, "R")]
    [InlineData(DataLabels.Confidential | DataLabels.Hiv, "V HIV")]
    [InlineData(DataLabels.None, "")]
    public void A_label_is_written_so_that_it_is_read_again(DataLabels labels, string codes)
    {
        var written = SecurityCodes.Of(labels).ToList();
        Assert.Equal(codes, string.Join(' ', written.Select(c => c.Code)));
        using var document = JsonDocument.Parse(JsonSerializer.Serialize(new { resourceType = "Composition", meta = new { security = written.Select(c => new { system = c.System, code = c.Code }) } }));
        Assert.Equal(labels, Sensitivity.Of(document.RootElement));
    }
}
