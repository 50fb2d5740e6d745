using System.Text.Json;
using Mach.Fhir.Search;

namespace Mach.Fhir.Tests.Search;

/// <summary>What a search means, as rows: query, body, answer. Source: http://hl7.org/fhir/R4/search.html.</summary>
public class SearchMatcherTests
{
    private const string Person = """
        {"resourceType":"Patient","id":"p1","deceasedDateTime":"2025-01-01",
         "identifier":[{"system":"urn:cccd","value":"025065000001"},{"value":"BN,1"}],
         "name":[{"text":"Nguyễn Thị Đào","family":"Nguyễn","given":["Thị","Đào"]}],
         "telecom":[{"system":"phone","value":"0912 345 678"}],
         "gender":"female","birthDate":"1965-07",
         "address":[{"text":"Xóm 3, xã Tân-Lập, huyện Thanh Sơn"}]}
        """;

    [Theory]
    [InlineData("identifier=025065000001", true)]
    [InlineData("identifier=urn:cccd|025065000001", true)]
    [InlineData("identifier=urn:other|025065000001", false)]
    [InlineData("identifier=|025065000001", false)]
    [InlineData("identifier=|BN\\,1", true)]
    [InlineData("identifier=urn:cccd|", true)]
    [InlineData("identifier=x,025065000001", true)]
    [InlineData("identifier:not=025065000001", false)]
    [InlineData("identifier:not=x", true)]
    [InlineData("gender=female", true)]
    [InlineData("gender=Female", false)]
    [InlineData("gender:missing=false", true)]
    [InlineData("active:missing=true", true)]
    [InlineData("active:not=true", true)]
    [InlineData("deceased=true", true)]
    [InlineData("deceased=false", false)]
    [InlineData("phone=0912345678", true)]
    [InlineData("phone=%2B84912345678", true)]
    [InlineData("phone=091234567", false)]
    [InlineData("_id=p1,p2", true)]
    [InlineData("_id=p1&_id=p2", false)]
    public void Tokens(string query, bool expected) => Assert.Equal(expected, Matches("Patient", query, Person));

    [Theory]
    [InlineData("name=nguyen", true)]
    [InlineData("name=NGUYỄN thị", true)]
    [InlineData("name=dao nguyen", true)]
    [InlineData("name=nguyen da", true)]
    [InlineData("name=da nguyen", false)]
    [InlineData("name=nguyen nguyen", false)]
    [InlineData("name=Nguyê\u0303n Thi\u0323 Đa\u0300o", true)]
    [InlineData("name=guyen", false)]
    [InlineData("name=,dao", null)]
    [InlineData("name=binh,dao", true)]
    [InlineData("name=dao&name=thi", true)]
    [InlineData("name=dao&name=binh", false)]
    [InlineData("name:exact=Nguyễn Thị Đào", true)]
    [InlineData("name:exact=Nguyen Thi Dao", false)]
    [InlineData("name:exact=Nguyễn", true)]
    [InlineData("name:contains=guyen th", true)]
    [InlineData("family=nguyen", true)]
    [InlineData("given=dao", true)]
    [InlineData("given=nguyen", false)]
    [InlineData("address=xa tan lap huyen", true)]
    [InlineData("address=an lap", false)]
    [InlineData("address:contains=an lap", true)]
    public void Strings(string query, bool? expected)
    {
        if (expected is null)
        {
            Assert.Throws<SearchException>(() => Matches("Patient", query, Person));
            return;
        }

        Assert.Equal(expected, Matches("Patient", query, Person));
    }

    [Theory]
    [InlineData("eq1965", true)]
    [InlineData("1965-07", true)]
    [InlineData("1965-07-12", false)]
    [InlineData("ne1965-07-12", true)]
    [InlineData("gt1965-07-12", true)]
    [InlineData("lt1965-07-12", true)]
    [InlineData("ge1965", true)]
    [InlineData("gt1965", false)]
    [InlineData("le1965-07", true)]
    [InlineData("lt1965-07", false)]
    [InlineData("sa1965-06", true)]
    [InlineData("sa1965-07-12", false)]
    [InlineData("eb1965-08", true)]
    [InlineData("ap1965-07-12", true)]
    [InlineData("ap1966", false)]
    [InlineData("1964,1965", true)]
    public void A_birth_date_known_to_the_month_is_an_interval(string value, bool expected) =>
        Assert.Equal(expected, Matches("Patient", "birthdate=" + value, Person));

    [Theory]
    [InlineData("ge2025-08-01", true)]
    [InlineData("sa2025-06", true)]
    [InlineData("lt2025-07-01", false)]
    [InlineData("eq2025", false)]
    [InlineData("eb2030", false)]
    public void An_open_period_has_no_end(string value, bool expected) =>
        Assert.Equal(expected, Matches("Encounter", "date=" + value, """{"resourceType":"Encounter","id":"e","period":{"start":"2025-07-01"}}"""));

    private const string Lab = """
        {"resourceType":"Observation","id":"o1","status":"final","meta":{"source":"urn:mach:dossier:25001:A#XML4-1","tag":[{"code":"t"}]},
         "code":{"coding":[{"system":"http://loinc.org","code":"15074-8","display":"Glucose máu"}],"text":"Đường huyết"},
         "subject":{"reference":"Patient/p1","identifier":{"system":"urn:cccd","value":"1"}},
         "performer":[{"reference":"Organization/cskcb-25001"}],
         "valueQuantity":{"value":5.4,"unit":"mmol/L","system":"http://unitsofmeasure.org","code":"mmol/L"}}
        """;

    [Theory]
    [InlineData("patient=p1", true)]
    [InlineData("patient=Patient/p1", true)]
    [InlineData("subject=p1", true)]
    [InlineData("subject:Patient=p1", true)]
    [InlineData("subject=Group/p1", false)]
    [InlineData("patient=p2,p1", true)]
    [InlineData("subject:identifier=urn:cccd|1", true)]
    [InlineData("subject:identifier=urn:cccd|2", false)]
    [InlineData("performer=cskcb-25001", true)]
    [InlineData("code=15074-8", true)]
    [InlineData("code:text=duong", true)]
    [InlineData("code:text=mau", true)]
    [InlineData("code:text=uong", false)]
    [InlineData("combo-code=http://loinc.org|15074-8", true)]
    [InlineData("value-quantity=5.4", true)]
    [InlineData("value-quantity=5", true)]
    [InlineData("value-quantity=5.5", false)]
    [InlineData("value-quantity=gt5.3||mmol/L", true)]
    [InlineData("value-quantity=gt5.3||mg/dL", false)]
    [InlineData("value-quantity=ap5", true)]
    [InlineData("_source=urn:mach:dossier:25001:A%23XML4-1", true)]
    [InlineData("_source=urn:mach:dossier:25001:A", false)]
    [InlineData("_source:below=urn:mach:dossier:25001:A", true)]
    [InlineData("_tag=t", true)]
    [InlineData("encounter:missing=true", true)]
    [InlineData("_lastUpdated=ge1970", true)]
    [InlineData("_lastUpdated=lt1969", false)]
    public void References_codes_quantities_and_what_every_type_has(string query, bool expected) =>
        Assert.Equal(expected, Matches("Observation", query, Lab));

    [Fact]
    public void A_result_below_the_limit_is_any_value_below_it()
    {
        const string body = """{"resourceType":"Observation","id":"o","valueQuantity":{"value":0.5,"comparator":"<"}}""";
        Assert.True(Matches("Observation", "value-quantity=lt0.1", body));
        Assert.False(Matches("Observation", "value-quantity=gt0.5", body));
    }

    private static bool Matches(string type, string query, string body)
    {
        var pairs = query.Split('&').Select(part => part.Split('=', 2)).Select(p => new KeyValuePair<string, string>(p[0], Uri.UnescapeDataString(p[1])));
        using var document = JsonDocument.Parse(body);
        return SearchMatcher.Matches(document.RootElement, SearchQuery.Parse(type, pairs), 1_000);
    }
}
