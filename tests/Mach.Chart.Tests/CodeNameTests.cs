using System.Globalization;
using System.Text.Json;
using Mach.Chart.Reading;
using Mach.Chart.Record;
using Mach.Vietnam;

namespace Mach.Chart.Tests;

public sealed class CodeNameTests
{
    [Theory]
    [InlineData("I10", "vi", "Bệnh lý tăng huyết áp")]
    [InlineData("I10", "en", "Essential (primary) hypertension")]
    [InlineData("I48", "en", "Atrial fibrillation and flutter")]
    [InlineData("J06.9", "vi", "Nhiễm trùng đường hô hấp trên cấp, không phân loại")]
    [InlineData("e11.9x", "en", "Non-insuline-dependent diabetes mellitus")]
    [InlineData("ZZZ", "vi", null)]
    [InlineData("", "vi", null)]
    public void Codes_that_came_without_words_are_named_from_the_ministrys_list(string code, string language, string? name)
    {
        CultureInfo.CurrentUICulture = new CultureInfo(language);
        Assert.Equal(name, Icd10.Name(code));
    }

    [Fact]
    public void What_the_source_said_comes_first_then_the_lists_then_the_code()
    {
        CultureInfo.CurrentUICulture = new CultureInfo("vi");
        Assert.Equal("lời bác sĩ", Words(new { text = "lời bác sĩ", coding = new[] { new { system = Systems.Icd10, code = "I10" } } }));
        Assert.Equal("Bệnh lý tăng huyết áp", Words(new { coding = new[] { new { system = Systems.Icd10, code = "I10" } } }));
        Assert.Equal("Huyết áp", Words(new { coding = new[] { new { system = "http://loinc.org", code = "85354-9" } } }));
        Assert.Equal("X1", Words(new { coding = new[] { new { system = "urn:unknown", code = "X1" } } }));
        Assert.Null(Words(new { }));
    }

    [Fact]
    public void Blood_pressure_is_one_line_in_the_usual_unit()
    {
        CultureInfo.CurrentUICulture = new CultureInfo("vi");
        var body = JsonSerializer.SerializeToElement(new
        {
            status = "final",
            code = new { coding = new[] { new { system = "http://loinc.org", code = "85354-9" } } },
            component = new[] { new { valueQuantity = new { value = 130, unit = "mm[Hg]" } }, new { valueQuantity = new { value = 80, unit = "mm[Hg]" } } },
        });
        var result = ResultEvent.Read("x", body);
        Assert.Equal(("Huyết áp", "130/80", "mmHg", 130d), (result!.Name, result.Value, result.Unit, result.Number));
    }

    [Fact]
    public void A_narrative_is_read_as_words_never_as_markup() =>
        Assert.Equal("Gan < 3 cm\nkhông dịch", Narrative.Plain("<div xmlns=\"http://www.w3.org/1999/xhtml\">Gan &lt; 3 cm<br/>không <b onclick=\"x\">dịch</b></div>"));

    private static string? Words(object concept) => CodeNames.ConceptText(JsonSerializer.SerializeToElement(concept));
}
