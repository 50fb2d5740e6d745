using System.Text;
using System.Text.Json;
using Mach.Fhir.Search;

namespace Mach.Fhir.Tests.Search;

public class IndexExtractorTests
{
    private const string Person = """
        {"resourceType":"Patient","id":"p1","active":true,
         "identifier":[{"system":"urn:cccd","value":"025065000001"},{"value":"BN1"}],
         "name":[{"text":"Nguyễn Thị Đào","family":"Nguyễn","given":["Thị","Đào"]}],
         "telecom":[{"system":"phone","value":"+84 912 345 678"},{"system":"email","value":"dao@example.vn"}],
         "gender":"female","birthDate":"1965-07",
         "managingOrganization":{"reference":"Organization/cskcb-25001"}}
        """;

    [Fact]
    public void A_person_is_found_by_identifier_with_and_without_system()
    {
        var keys = Extract(Person);
        Assert.Equal(["|025065000001", "urn:cccd|025065000001", "|BN1"], Tokens(keys, "Patient", "identifier"));
        Assert.Equal("p1", keys.PatientId);
        Assert.Equal("25001", keys.OrganizationId);
    }

    [Fact]
    public void Phones_are_found_as_dialled_inside_the_country() =>
        Assert.Equal(["|0912345678"], Tokens(Extract(Person), "Patient", "phone"));

    [Fact]
    public void A_name_gives_its_words_its_pairs_its_whole_and_its_words_with_the_birth_year()
    {
        var keys = Extract(Person);
        Assert.Equal(["nguyen", "thi", "dao"], Strings(keys, "name"));
        Assert.Equal(["nguyen thi", "nguyen dao", "thi nguyen", "thi dao", "dao nguyen", "dao thi"], Strings(keys, "_name-pair"));
        Assert.Equal(["nguyen thi dao"], Strings(keys, "_name-full"));
        Assert.Equal(["nguyen|1965", "thi|1965", "dao|1965"], Tokens(keys, "Patient", "_name-year"));
    }

    [Fact]
    public void A_birth_date_known_to_the_month_is_a_date_of_up_to_a_month()
    {
        var keys = Extract(Person);
        var birth = SearchParameters.Find("Patient", "birthdate")!;
        var low = Us("1965-07-01T00:00:00+07:00");
        Assert.Contains((checked((short)(birth.Number + 10_000)), low, Us("1965-08-01T00:00:00+07:00")), keys.Dates);
        Assert.Equal(low, keys.Date);
    }

    [Fact]
    public void The_own_patient_is_a_key_and_not_a_row_but_others_are_rows()
    {
        var keys = Extract("""{"resourceType":"Observation","id":"o","status":"final","subject":{"reference":"Patient/p1"},"encounter":{"reference":"Encounter/e1/_history/3"},"basedOn":[{"reference":"https://elsewhere/ServiceRequest/1"},{"reference":"ServiceRequest/s1"}],"effectiveDateTime":"2025-07-01T08:30:00+07:00"}""");
        Assert.Equal("p1", keys.PatientId);
        Assert.Equal(["Encounter/e1", "ServiceRequest/s1"], keys.References.Select(r => r.Type + "/" + r.Id));
        Assert.Equal(Us("2025-07-01T08:30:00+07:00"), keys.Date);
        var date = SearchParameters.Find("Observation", "date")!;
        Assert.Equal([(date.Number, keys.Date, keys.Date + 1_000_000)], keys.Dates);
    }

    [Fact]
    public void A_resource_without_a_date_has_its_place_in_the_order_by_date()
    {
        var keys = Extract("""{"resourceType":"Procedure","id":"x","performedString":"last year"}""");
        var date = SearchParameters.Find("Procedure", "date")!;
        Assert.Equal([(checked((short)(date.Number + 30_000)), 0, 1)], keys.Dates);
    }

    [Fact]
    public void A_stay_of_days_stands_among_the_long_dates_too()
    {
        var keys = Extract("""{"resourceType":"Procedure","id":"x","performedPeriod":{"start":"2025-07-01","end":"2025-07-09"}}""");
        var date = SearchParameters.Find("Procedure", "date")!;
        Assert.Equal([(checked((short)(date.Number + 10_000)), Us("2025-07-01T00:00:00+07:00"), Us("2025-07-10T00:00:00+07:00"))], keys.Dates);
    }

    [Fact]
    public void A_resource_without_an_organization_belongs_to_the_facility_of_its_dossier() =>
        Assert.Equal("25007", Extract("""{"resourceType":"Condition","id":"c","meta":{"source":"urn:mach:dossier:25007:MALK1#XML1"}}""").OrganizationId);

    [Fact]
    public void Types_without_parameters_still_have_a_compartment() =>
        Assert.Equal("p9", Extract("""{"resourceType":"Basic","id":"b","subject":{"reference":"Patient/p9"}}""").PatientId);

    [Fact]
    public void Extraction_clears_what_was_there()
    {
        using var first = JsonDocument.Parse(Person);
        using var second = JsonDocument.Parse("""{"resourceType":"Organization","id":"x"}""");
        var keys = new IndexKeys();
        IndexExtractor.Extract(first.RootElement, keys);
        IndexExtractor.Extract(second.RootElement, keys);
        Assert.Empty(keys.Tokens);
        Assert.Empty(keys.Strings);
        Assert.Null(keys.PatientId);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"resourceType\":7}")]
    public void What_is_no_resource_is_refused(string json)
    {
        using var document = JsonDocument.Parse(json);
        Assert.ThrowsAny<Exception>(() => IndexExtractor.Extract(document.RootElement, new IndexKeys()));
    }

    [Theory]
    [InlineData("""{"resourceType":"Patient","id":"p","name":"Nguyễn","birthDate":1965,"telecom":{"system":"phone"},"gender":["male"]}""")]
    [InlineData("""{"resourceType":"Observation","id":"o","code":"x","subject":"Patient/p","valueQuantity":{"value":"7"},"effectivePeriod":{"end":"hôm qua"}}""")]
    [InlineData("""{"resourceType":"Encounter","id":"e","period":[],"class":null,"identifier":[null,{"value":7},{"system":"a"}]}""")]
    public void Odd_shapes_give_no_rows_and_no_errors(string json) => Extract(json);

    private static IndexKeys Extract(string json)
    {
        using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(json));
        var keys = new IndexKeys();
        IndexExtractor.Extract(document.RootElement, keys);
        return keys;
    }

    private static IEnumerable<string> Tokens(IndexKeys keys, string type, string code)
    {
        var number = (SearchParameters.Find(type, code) ?? SearchParameters.FindInternal(type, code))!.Number;
        return keys.Tokens.Where(t => t.Parameter == number).Select(t => t.Key);
    }

    private static IEnumerable<string> Strings(IndexKeys keys, string code)
    {
        var number = (SearchParameters.Find("Patient", code) ?? SearchParameters.FindInternal("Patient", code))!.Number;
        return keys.Strings.Where(t => t.Parameter == number).Select(t => t.Text);
    }

    private static long Us(string instant) => DateRange.Microseconds(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture));
}
