using Mach.Data;
using Mach.FhirApi.Tests.Bundles;
using Mach.Testing;

namespace Mach.FhirApi.Tests;

/// <summary>Nothing gets into the record over the API that is not a valid resource. The rules themselves are tested where they are.</summary>
public sealed class ValidityTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private const string Wrong = """{"resourceType":"Patient","id":"p","gender":"nam","hoTen":"An","name":[{"given":"Lan"}],"active":"yes"}""";

    [Theory, MemberData(nameof(Engines))]
    public async Task All_issues_are_told_at_once_and_nothing_is_written(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        foreach (var answer in (Answer[])[await api.PostAsync("Patient", Wrong), await api.PutAsync("Patient/p", Wrong), await api.PutAsync("Patient?_id=p", Wrong), await api.PostAsync("Patient", Wrong, ("If-None-Exist", "_id=p"))])
        {
            var expressions = Expressions(answer.Need(422));
            Assert.Contains("Patient.gender", expressions);
            Assert.Contains("Patient.hoTen", expressions);
            Assert.Contains("Patient.active", expressions);
        }

        await api.PutAsync("Patient/p", """{"resourceType":"Patient","id":"p"}""");
        Assert.Contains("Patient.gender", Expressions((await Api.SendAsync(api.Http, "PATCH", "Patient/p", """[{"op":"add","path":"/gender","value":"nam"}]"""u8.ToArray(), "application/json-patch+json")).Need(422)));
        Assert.Equal("W/\"1\"", (await api.GetAsync("Patient/p")).ETag);
        Assert.Equal(1, await api.CountAsync("Patient"));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Control_characters_reach_no_database(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        foreach (var element in (string[])["""{"name":[{"family":"a\u0000b"}]}""", """{"identifier":[{"system":"urn:\u0000","value":"1"}]}""", """{"identifier":[{"value":"1\u0000"}]}""", """{"language":"v\u0000i"}"""])
        {
            var body = """{"resourceType":"Patient","id":"c",""" + element[1..];
            (await api.PostAsync("Patient", body)).Need(422, "value");
            (await api.PutAsync("Patient/c", body)).Need(422, "value");
            (await api.PostAsync("", Bundles.TransactionTests.Bundle("transaction", Bundles.TransactionTests.Put("Patient/c", body)))).Need(422, "value");
        }

        (await api.PutAsync("Patient/c", """{"resourceType":"Patient","id":"c"}""")).Need(201);
        (await api.SendAsync("PATCH", "Patient/c", """{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"add"},{"name":"path","valueString":"Patient"},{"name":"name","valueString":"language"},{"name":"value","valueString":"v\u0000i"}]}]}""")).Need(422, "value");
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task In_a_bundle_every_wrong_entry_is_named(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        var bundle = (string type) => TransactionTests.Bundle(type,
            TransactionTests.Post("Observation", """{"resourceType":"Observation"}"""),
            TransactionTests.Post("Patient", """{"resourceType":"Patient"}"""),
            TransactionTests.Put("Patient/p", Wrong));
        var expressions = Expressions((await api.PostAsync("", bundle("transaction"))).Need(422));
        Assert.Contains("Bundle.entry[0].resource.status", expressions);
        Assert.Contains("Bundle.entry[2].resource.gender", expressions);
        Assert.Equal(0, await api.CountAsync("Patient"));

        var batch = (await api.PostAsync("", bundle("batch"))).Need(200).Json.GetProperty("entry");
        Assert.Equal(["422 Unprocessable Entity", "201 Created", "422 Unprocessable Entity"], batch.EnumerateArray().Select(e => e.GetProperty("response").GetProperty("status").GetString()));
    }

    /// <remarks>http://hl7.org/fhir/R4/http.html#transaction: no entry of a batch may depend on another.</remarks>
    [Theory, MemberData(nameof(Engines))]
    public async Task A_batch_takes_no_reference_that_only_a_transaction_resolves(DbEngine engine)
    {
        await using var api = await Api.StartAsync(engine);
        const string Urn = "urn:uuid:0b2a3c4d-0000-4000-8000-000000000001";
        await api.PutAsync("Patient/known", """{"resourceType":"Patient","id":"known"}""");
        var entries = new[]
        {
            TransactionTests.Post("Patient", """{"resourceType":"Patient"}""", Urn),
            TransactionTests.Post("Observation", Observed(Urn)),
            TransactionTests.Post("Observation", Observed("Patient?_id=known")),
            TransactionTests.Post("Observation", Observed("Patient/known")),
            TransactionTests.Post("Observation", Observed("urn:uuid:0b2a3c4d-0000-4000-8000-00000000000f")),
            TransactionTests.Put("Observation/o", Observed(Urn, "o")),
        };
        var batch = (await api.PostAsync("", TransactionTests.Bundle("batch", entries))).Need(200).Json.GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("response")).ToList();
        Assert.Equal(["201", "400", "422", "201", "201", "400"], batch.Select(r => r.GetProperty("status").GetString()![..3]));
        var told = batch[1].GetProperty("outcome").GetProperty("issue")[0];
        Assert.Equal("Bundle.entry[1].resource", told.GetProperty("expression")[0].GetString());
        Assert.Contains(Urn, told.GetProperty("diagnostics").GetString());
        Assert.Equal(2, await api.CountAsync("Observation"));

        (await api.PostAsync("", TransactionTests.Bundle("transaction", entries))).Need(200);
        Assert.Equal(7, await api.CountAsync("Observation"));
    }

    private static string Observed(string subject, string? id = null) =>
        $$$"""{"resourceType":"Observation",{{{(id is null ? "" : $"\"id\":\"{id}\",")}}}"status":"final","code":{"text":"x"},"subject":{"reference":"{{{subject}}}"}}""";

    private static List<string?> Expressions(Answer answer) =>
        [.. answer.Json.GetProperty("issue").EnumerateArray().Select(i => i.GetProperty("expression")[0].GetString())];
}
