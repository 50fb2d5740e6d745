using System.Text.Json;
using Mach.Data;
using Mach.Fhir.Search;
using Mach.Testing;

namespace Mach.Store.Tests.Parameters;

/// <summary>Search parameters that SearchParameter resources add: http://hl7.org/fhir/R4/searchparameter.html.</summary>
public class AddedParameterTests : StoreTests
{
    private const string Ethnicity = "http://mach.example/StructureDefinition/ethnicity";

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private static Write Person(int i, string group) => Sample.Put("Patient", $"p{i}",
        $$"""{"resourceType":"Patient","id":"p{{i}}","extension":[{"url":"{{Ethnicity}}","valueCode":"{{group}}"},{"url":"http://mach.example/other","valueCode":"{{group}}x"}],"name":[{"text":"Bùi Thị Lan"}]}""");

    private static Write Parameter(string id = "sp", string code = "ethnicity", string expression = $"Patient.extension('{Ethnicity}').value", string status = "active") => Sample.Put("SearchParameter", id,
        $$"""{"resourceType":"SearchParameter","id":"{{id}}","url":"http://mach.example/SearchParameter/{{id}}","name":"X","status":"{{status}}","description":"x","code":"{{code}}","base":["Patient"],"type":"token","expression":"{{expression}}"}""");

    private static SearchQuery Query(RecordStore store, string code, string value) =>
        SearchQuery.Parse("Patient", [new(code, value), new("_count", "1000")], catalog: store.Catalog);

    private static async Task<int> FoundAsync(RecordStore store, string value, string code = "ethnicity") =>
        (await store.SearchAsync(Query(store, code, value), None)).Matches.Count;

    [Theory, MemberData(nameof(Engines))]
    public async Task What_was_stored_before_and_meanwhile_and_after_is_found(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit([.. Enumerable.Range(0, 1300).Select(i => Person(i, i % 2 == 0 ? "muong" : "kinh"))]), None);
        Assert.Throws<SearchException>(() => Query(store, "ethnicity", "muong"));

        await store.CommitAsync(Sample.Commit(Parameter()), None);
        await store.CommitAsync(Sample.Commit(Person(5000, "muong"), Person(0, "kinh")), None);
        await store.BuildParametersAsync(None);
        Assert.Equal(650, await FoundAsync(store, "muong"));
        await store.CommitAsync(Sample.Commit(Person(5001, "muong")), None);
        Assert.Equal(651, await FoundAsync(store, "muong"));
        Assert.Equal(0, await FoundAsync(store, "muongx"));
        var progress = Assert.Single(await store.ParametersAsync(None));
        Assert.Equal(("enabled", progress.Total), (progress.State, progress.Done));
        await AssertCleanAsync(store);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task While_it_is_indexed_asking_is_refused_and_after_a_restart_it_goes_on(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit([.. Enumerable.Range(0, 1300).Select(i => Person(i, "tay"))]), None);
        await store.CommitAsync(Sample.Commit(Parameter()), None);
        await store.BuildParametersAsync(None);
        await store.DisposeAsync();
        // As if the process had ended halfway.
        await ExecuteAsync(test.Db, "UPDATE param SET state='building', cursor=600");
        await ExecuteAsync(test.Db, "UPDATE counter SET n=n+1 WHERE id=4");
        var pending = SearchCatalog.Standard.With([], [new SearchParameter(5000, "Patient", "ethnicity", SearchKind.Token, ["Patient.extension"], [])]);
        var refused = Assert.Throws<SearchException>(() => SearchQuery.Parse("Patient", [new("ethnicity", "tay")], catalog: pending));
        Assert.Contains("still being indexed", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["ethnicity"], SearchQuery.Parse("Patient", [new("ethnicity", "tay")], lenient: true, catalog: pending).Ignored);

        await using var again = await test.OpenStoreAsync();
        await again.BuildParametersAsync(None);
        Assert.Equal(1000, await FoundAsync(again, "tay"));
        await AssertCleanAsync(again);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Without_its_resource_it_is_gone_and_leaves_no_rows(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit([.. Enumerable.Range(0, 20).Select(i => Person(i, "dao"))]), None);
        var before = await IndexRowsAsync(test.Db);
        await store.CommitAsync(Sample.Commit(Parameter()), None);
        await store.BuildParametersAsync(None);
        Assert.Equal(20, await FoundAsync(store, "dao"));

        await store.CommitAsync(Sample.Commit(Sample.Delete("SearchParameter", "sp")), None);
        await store.BuildParametersAsync(None);
        Assert.Throws<SearchException>(() => Query(store, "ethnicity", "dao"));
        Assert.Empty(await store.ParametersAsync(None));
        Assert.Equal(before, await IndexRowsAsync(test.Db));
        await AssertCleanAsync(store);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Another_process_writes_rows_of_a_parameter_that_it_has_not_heard_of(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await using var other = await test.OpenStoreAsync();
        await store.CommitAsync(Sample.Commit(Parameter()), None);
        await store.BuildParametersAsync(None);
        await other.CommitAsync(Sample.Commit(Person(1, "thai")), None);
        Assert.Equal(1, await FoundAsync(store, "thai"));
        await AssertCleanAsync(store);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Rows_of_an_earlier_program_are_made_anew_on_opening(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit(Sample.Patient("p1", cccd: "001065000001"), Sample.Observation("o1", "p1", encounter: "e1")), None);
        var rows = await IndexRowsAsync(test.Db);
        await store.DisposeAsync();
        foreach (var table in new[] { "tok", "ref", "str", "dat", "qty" })
        {
            await ExecuteAsync(test.Db, "DELETE FROM " + table);
        }

        await ExecuteAsync(test.Db, "UPDATE res SET keys=NULL");
        await ExecuteAsync(test.Db, "DELETE FROM setting WHERE name LIKE 'index.%'");
        await using var again = await test.OpenStoreAsync();
        Assert.Equal(rows, await IndexRowsAsync(test.Db));
        await AssertCleanAsync(again, 1, 2);
    }

    [Theory]
    [InlineData("Patient.name.given", "token", null)]
    [InlineData("Patient.extension.where(url='http://x.example/a').value.as(CodeableConcept)", "token", null)]
    [InlineData("(Patient.deceased as dateTime) | Person.birthDate", "date", null)]
    [InlineData("Patient.contact.name", "string", null)]
    [InlineData("Patient.generalPractitioner.where(resolve() is Practitioner)", "reference", null)]
    [InlineData("Patient.shoeSize", "token", "no element 'shoeSize'")]
    [InlineData("Patient.name.where(use = 'official').first().family", "string", null)]
    [InlineData("iif(Patient.deceased.exists(), 'dead', 'alive')", "token", null)]
    [InlineData("Patient.name.given.join(' ')", "string", null)]
    [InlineData("Patient.contact.where(relationship.coding.code = 'N').telecom.first()", "token", null)]
    [InlineData("Patient.managingOrganization.resolve().name", "string", "resolve() needs other resources")]
    [InlineData("Patient.birthDate < today()", "token", "another value each time")]
    [InlineData("Patient.name.first(", "string", "not FHIRPath")]
    [InlineData("Patient.name.nothing()", "string", "not FHIRPath")]
    [InlineData("Patient.shoes.first()", "string", "no element 'shoes'")]
    [InlineData("Observation.code", "token", "leads nowhere")]
    [InlineData("Patient.name", "special", "cannot be added")]
    public void An_expression_is_understood_or_refused_with_a_reason(string expression, string type, string? reason)
    {
        using var document = JsonDocument.Parse(JsonSerializer.Serialize(new { resourceType = "SearchParameter", url = "http://mach.example/x", status = "active", code = "xx", @base = new[] { "Patient" }, type, expression }));
        var reading = CustomParameter.Read(document.RootElement);
        if (reason is null)
        {
            Assert.Null(reading.Reason);
            var parameter = Assert.Single(reading.Parameters);
            Assert.True(parameter.Paths.Count > 0 != parameter.Expression is not null);
        }
        else
        {
            Assert.Empty(reading.Parameters);
            Assert.Contains(reason, reading.Reason, StringComparison.Ordinal);
        }
    }
}
