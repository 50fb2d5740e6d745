using System.Text;
using Mach.Contracts.People;
using Mach.Data;
using Mach.People.Family;
using Mach.People.Pairs;
using Mach.People.Profiles;
using Mach.Store;
using Mach.Testing;

namespace Mach.People.Tests.Matching;

/// <summary>A mother who is linked after the child was written.</summary>
public sealed class MotherSaidTests
{
    private const string Contact = ""","contact":[{"relationship":[{"coding":[{"code":"MTH"}]}],"name":{"text":"Hán Thị Mùi"}}]""";

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_child_is_found_by_its_mother_from_when_she_is_linked_until_that_is_taken_away(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        await ChildAndMotherAsync(host);
        Assert.Null(await MotherReasonAsync(host));
        Assert.Equal(KinOutcome.Done, await host.Get<FamilyLinks>().LinkAsync(Link, default));
        Assert.Equal("same", await MotherReasonAsync(host));

        // A correction by somebody who knows nothing of the mother leaves her known, under the new year too.
        await host.PutPatientAsync("child", "Hán Minh Khôi", "2023-05-01", "male");
        Assert.Equal("same", await MotherReasonAsync(host, "2023-05-21"));
        await host.PutPatientAsync("child", "Hán Minh Khôi", "2024-05-01", "male");
        await host.Get<PeopleService>().RebuildAsync(null, default);
        Assert.Equal("same", await MotherReasonAsync(host));
        Assert.Equal(KinOutcome.Done, await host.Get<FamilyLinks>().RemoveAsync(Link, default));
        Assert.Null(await MotherReasonAsync(host));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_mother_whom_a_program_writes_counts_too_and_the_sweep_compares_the_child_again(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        await ChildAndMotherAsync(host);
        await host.PutPatientAsync("again", "Hán Khôi", "2024-05-21", "male", Contact);
        await SweepAsync(host);
        Assert.Null(await host.Get<PairTable>().FindAsync("again", "child", default));
        await host.Store.CommitAsync(new Commit
        {
            Writes = [new Write(WriteKind.Put, "RelatedPerson", "r", Encoding.UTF8.GetBytes("""{"resourceType":"RelatedPerson","id":"r","patient":{"reference":"Patient/child"},"relationship":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-RoleCode","code":"MTH"}]}],"name":[{"family":"Hán","given":["Thị","Mùi"]}]}"""))],
            Actor = "a program",
        }, default);
        await SweepAsync(host);
        Assert.Contains("mother:same", (await host.Get<PairTable>().FindAsync("again", "child", default))!.Reasons, StringComparison.Ordinal);
        Assert.Equal("Hán Thị Mùi", Assert.Single(await host.Get<ProfileTable>().ReadAsync([Profile.NumberOf("child")], default)).Mother);
    }

    private static KinWanted Link => new("child", "mother", Kinds.Mother, "an", "");

    private static async Task ChildAndMotherAsync(PeopleHost host)
    {
        await host.PutPatientAsync("child", "Hán Minh Khôi", "2024-05-01", "male");
        await host.PutPatientAsync("mother", "Hán Thị Mùi", "1995-03-04", "female");
    }

    private static async Task SweepAsync(PeopleHost host)
    {
        while ((await host.Get<Sweep>().StepAsync(default)).People > 0)
        {
        }
    }

    /// <summary>What the mother says for the child, when it is looked for with another middle name and another day; null when it is not found, or she is not known.</summary>
    private static async Task<string?> MotherReasonAsync(PeopleHost host, string birth = "2024-05-21") =>
        (await host.Get<IPersonMatcher>().MatchAsync(new PersonSought { Name = "Hán Văn Khôi", BirthDate = birth, Gender = "male", MotherName = "Hán Thị Mùi" }, 10, default))
            .FirstOrDefault(c => c.PatientId == "child")?.Reasons.FirstOrDefault(r => r.Field == "mother")?.Level;
}
