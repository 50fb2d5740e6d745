using System.Text.Json;
using Mach.Intake.Mapping;
using Mach.Intake.Mapping.Tables;
using Mach.Intake.Mapping.Tree;

namespace Mach.Intake.Tests.Mapping;

/// <summary>Single values. Sources: QĐ 130/QĐ-BYT and 4750/QĐ-BYT for the forms sent, hl7.org/fhir/R4/datatypes.html for the forms written.</summary>
public class ValueTests
{
    private static readonly MappingContext s_context = new("nguoi-1", "cskcb-25001", DateTimeOffset.UnixEpoch);

    [Theory]
    [InlineData("20250701", "2025-07-01")]
    [InlineData("202507010830", "2025-07-01T08:30:00+07:00")]
    [InlineData("202507010000", "2025-07-01T00:00:00+07:00")]
    [InlineData("20250701083059", "2025-07-01T08:30:59+07:00")]
    [InlineData("19550000", "1955")]
    [InlineData("19550300", "1955-03")]
    [InlineData("20260230", "")]
    [InlineData("20251301", "")]
    [InlineData("00000101", "")]
    [InlineData("202507012400", "")]
    [InlineData("2025-07-01", "")]
    public void Dates_are_written_only_when_they_exist(string digits, string expected)
    {
        Span<char> fhir = stackalloc char[DateDigits.MaxLength];
        var text = fhir[..DateDigits.ToFhir(digits, fhir)].ToString();
        Assert.Equal(expected, text);
        Assert.True(text.Length == 0 || DateDigits.FromFhir(text) == digits);
    }

    [Theory]
    [InlineData("5.2", "mmol/L", "{\"value\":5.2,\"unit\":\"mmol/L\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"mmol/L\"}")]
    [InlineData("5,20", "", "{\"value\":5.20}")]
    [InlineData("<0,5", "ng/mL", "{\"value\":0.5,\"comparator\":\"<\",\"unit\":\"ng/mL\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"ng/mL\"}")]
    [InlineData("≥ 1000", "U/L", "{\"value\":1000,\"comparator\":\">=\",\"unit\":\"U/L\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"U/L\"}")]
    [InlineData("5,2 mmol/L", "", "{\"id\":\"GIA_TRI\",\"value\":5.2,\"unit\":\"mmol/L\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"mmol/L\"}")]
    [InlineData("12Lần", "lần", "{\"value\":12,\"unit\":\"lần\"}")]
    [InlineData("7", "x10^9/lit", "{\"value\":7,\"unit\":\"x10^9/lit\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"10*9/L\"}")]
    public void A_result_that_is_a_number_is_a_quantity(string value, string unit, string expected)
    {
        using var json = Observation(value, unit);
        Assert.Equal(expected, json.RootElement.GetProperty("valueQuantity").GetRawText());
    }

    [Theory]
    [InlineData("Neg")]
    [InlineData("1:80")]
    [InlineData("10-15")]
    [InlineData("3+")]
    [InlineData("1.2.3")]
    [InlineData("7 tuần")]
    [InlineData("Mọc Escherichia coli 10^5 CFU/ml")]
    public void A_result_in_words_stays_words(string value)
    {
        using var json = Observation(value, "");
        Assert.Equal(value, json.RootElement.GetProperty("valueString").GetString());
    }

    /// <summary>Source: CSST form of the BHXH validator workbook, XML5.</summary>
    [Theory]
    [InlineData("CSST<M75_T37_HA120/70_NT18_HL2>", "8867-4=75 8310-5=37 85354-9=120/70 9279-1=18")]
    [InlineData("Mệt. csst<HA: 95/60_T38,5_SpO2 97", "85354-9=95/60 8310-5=38.5 59408-5=97")]
    [InlineData("CSST<M_T_HA120_NTx>", "")]
    [InlineData("CSST<>", "")]
    [InlineData("M75", "")]
    public void Vital_signs_are_read_from_the_course_of_illness(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', VitalSigns.Find(text).Select(s => $"{s.Loinc}={s.Value}{(s.Second is null ? "" : "/" + s.Second)}")));

    [Fact]
    public void What_tells_the_HIV_status_is_restricted()
    {
        // What is told in words about the visit is so too: VisitLabelTests.
        string[] told = ["ClinicalImpression", "Composition", "DiagnosticReport", "DocumentReference", "ServiceRequest"];
        var restricted = DossierMapping.ToFhir(SampleDossiers.EveryTable(), s_context)
            .Where(r => !told.Contains(r.Type) && System.Text.Encoding.UTF8.GetString(r.Body.Span).Contains("\"HIV\"", StringComparison.Ordinal)).Select(r => r.Id[17..]).Order();
        Assert.Equal(["dk-" + Name("B20"), "hiv-1", "tb-1", "vl-1"], restricted);

        static string Name(string code) => new RowKeys().Next("dk", code);
    }

    [Fact]
    public void Every_diagnosis_has_its_own_words_when_there_are_as_many_as_codes()
    {
        var words = DossierMapping.ToFhir(SampleDossiers.Outpatient(), s_context).Where(r => r.Type == "Condition").Select(r =>
        {
            using var json = JsonDocument.Parse(r.Body);
            return json.RootElement.GetProperty("code").GetProperty("text").GetString();
        });
        Assert.Equal(["Đái tháo đường típ 2", "Tăng huyết áp", "Rối loạn lipid máu"], words);
    }

    private static JsonDocument Observation(string value, string unit)
    {
        var dossier = SampleDossiers.CheckIn();
        SampleDossiers.Add(dossier, "XML4", "MA_DICH_VU=D1|TEN_CHI_SO=Chỉ số");
        (dossier["XML4"]!.Rows[0]["GIA_TRI"], dossier["XML4"]!.Rows[0]["DON_VI_DO"]) = (value, unit);
        return JsonDocument.Parse(DossierMapping.ToFhir(dossier, s_context).First(r => r.Id.Contains("-obs-", StringComparison.Ordinal)).Body);
    }
}
