using System.Text.Json;
using Mach.Data;
using Mach.Fhir.Search;
using Mach.Testing;

namespace Mach.Store.Tests.Parameters;

/// <summary>Added search parameters whose expression is FHIRPath beyond paths.</summary>
public class EvaluatedParameterTests : StoreTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private static Write Parameter(string code, string type, string expression, string resource = "Patient") => Sample.Put("SearchParameter", code,
        JsonSerializer.Serialize(new { resourceType = "SearchParameter", id = code, url = "http://mach.example/SearchParameter/" + code, name = "X", status = "active", description = "x", code, @base = new[] { resource }, type, expression }));

    private static Write Person(string id, string rest) => Sample.Put("Patient", id, $$"""{"resourceType":"Patient","id":"{{id}}"{{rest}}}""");

    private static readonly Write[] People =
    [
        Person("a", ""","name":[{"use":"usual","text":"Chị Lan"},{"use":"official","family":"Bùi","given":["Thị","Lan"]}],"birthDate":"1990-05-01","multipleBirthInteger":2"""),
        Person("b", ""","name":[{"use":"official","family":"Đặng","given":["Văn"]}],"deceasedBoolean":true,"multipleBirthInteger":1,"managingOrganization":{"reference":"Organization/o1"}"""),
        Person("c", ""","birthDate":"2001","contact":[{"name":{"family":"Lê"}},{"name":{"family":"Bùi"}}]"""),
    ];

    private static async Task<string> FindAsync(RecordStore store, string code, string value, string type = "Patient") =>
        string.Join(' ', (await store.SearchAsync(SearchQuery.Parse(type, [new(code, value)], catalog: store.Catalog), None)).Matches.Select(m => m.Id).Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(Engines))]
    public async Task Whatever_the_expression_gives_is_found(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit(People[..2]), None);
        await store.CommitAsync(Sample.Commit(
            Parameter("vital", "token", "iif(Patient.deceased.exists(), 'dead', 'alive')"),
            Parameter("born-one-of", "number", "Patient.multipleBirth.where($this is integer).first() + 1"),
            Parameter("given-names", "string", "Patient.name.where(use = 'official').given.join(' ')"),
            Parameter("official", "string", "Patient.name.where(use = 'official').first()"),
            Parameter("known-birth", "token", "Patient.birthDate.exists()"),
            Parameter("first-contact", "string", "Patient.contact.first().name.family"),
            Parameter("born", "date", "Patient.birthDate.first()"),
            Parameter("managed-by", "reference", "Patient.managingOrganization.first()")), None);
        await store.BuildParametersAsync(None);
        await store.CommitAsync(Sample.Commit(People[2]), None);

        Assert.Equal("b", await FindAsync(store, "vital", "dead"));
        Assert.Equal("a c", await FindAsync(store, "vital", "alive"));
        Assert.Equal("b", await FindAsync(store, "vital:not", "alive"));
        Assert.Equal("a", await FindAsync(store, "born-one-of", "gt2"));
        Assert.Equal("a", await FindAsync(store, "given-names", "thi lan"));
        Assert.Equal("a", await FindAsync(store, "official", "bui"));
        Assert.Equal("b", await FindAsync(store, "known-birth", "false"));
        Assert.Equal("c", await FindAsync(store, "first-contact", "Lê"));
        Assert.Equal("", await FindAsync(store, "first-contact", "Bùi"));
        Assert.Equal("a", await FindAsync(store, "born", "lt2000"));
        Assert.Equal("b", await FindAsync(store, "managed-by", "Organization/o1"));
        Assert.Equal("c", await FindAsync(store, "given-names:missing", "true"));
        Assert.All(await store.ParametersAsync(None), p => Assert.Equal(("enabled", 0L), (p.State, p.Failed)));
        await AssertCleanAsync(store);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_resource_on_which_it_fails_is_counted_and_named_until_it_is_right(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit(People), None);
        // Of several given names there is no single one, and a name is no date.
        await store.CommitAsync(Sample.Commit(Parameter("only-given", "string", "Patient.name.given.single()"), Parameter("odd", "date", "Patient.name.first().family")), None);
        await store.BuildParametersAsync(None);
        var progress = (await store.ParametersAsync(None)).ToDictionary(p => p.Code);
        Assert.Equal((1L, 1L), (progress["only-given"].Failed, progress["odd"].Failed));
        Assert.StartsWith("Patient/a: The expression cannot be evaluated", progress["only-given"].Failure, StringComparison.Ordinal);
        Assert.Equal("Patient/b: The expression gives string, which a parameter of type date cannot be searched by.", progress["odd"].Failure);
        Assert.Equal("b", await FindAsync(store, "only-given", "van"));

        await store.CommitAsync(Sample.Commit(Person("a", ""","name":[{"given":["Lan"]}]"""), Person("d", ""","name":[{"given":["A","B"]}]""")), None);
        progress = (await store.ParametersAsync(None)).ToDictionary(p => p.Code);
        Assert.Equal(1L, progress["only-given"].Failed);
        Assert.StartsWith("Patient/d", progress["only-given"].Failure, StringComparison.Ordinal);
        Assert.Equal("a", await FindAsync(store, "only-given", "lan"));
        await store.CommitAsync(Sample.Commit(Sample.Delete("Patient", "d"), Sample.Delete("SearchParameter", "odd")), None);
        await store.BuildParametersAsync(None);
        Assert.Equal(0L, Assert.Single(await store.ParametersAsync(None)).Failed);
        await AssertCleanAsync(store);
    }
}
