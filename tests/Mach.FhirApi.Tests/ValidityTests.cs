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

    private static List<string?> Expressions(Answer answer) =>
        [.. answer.Json.GetProperty("issue").EnumerateArray().Select(i => i.GetProperty("expression")[0].GetString())];
}
