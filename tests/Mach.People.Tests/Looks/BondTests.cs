using Mach.Access;
using Mach.Access.Authority;
using Mach.Access.Looks;
using Mach.Data;
using Mach.People.Family;
using Mach.People.Labels;
using Mach.Testing;

namespace Mach.People.Tests.Looks;

/// <summary>What ties a member of staff to those they look at: the family, the address, the name of a neighbour, a label.</summary>
public sealed class BondTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private const string Home = ""","address":[{"text":"Số 5, Khu 3, Phường Việt Trì"}]""";
    private const string Near = ""","address":[{"text":"Số 8, Khu 1, Phường Việt Trì"}]""";

    [Theory, MemberData(nameof(Engines))]
    public async Task Looks_at_family_neighbours_and_confidential_people_become_flags(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        await host.PutPatientAsync("me", "Hán Thị Mùi", "1985-05-06", "female", Home);
        await host.PutPatientAsync("mother", "Lò Thị Sen", "1960-01-01", "female", Near);
        await host.PutPatientAsync("brother", "Hán Văn Hai", "1988-01-01", "male", ""","address":[{"text":"Số 9, Phường Âu Cơ"}]""");
        await host.PutPatientAsync("lodger", "Trần Văn Kề", "1980-01-01", "male", Home);
        await host.PutPatientAsync("namesake", "Hán Văn Cùng", "1970-01-01", "male", Near);
        await host.PutPatientAsync("stranger", "Nguyễn Văn Lạ", "1970-01-01", "male", Near);
        await host.PutPatientAsync("hidden", "Nguyễn Thị Kín", "1970-01-01", "female", "");
        var family = host.Get<FamilyLinks>();
        foreach (var child in new[] { "me", "brother" })
        {
            Assert.Equal(KinOutcome.Done, await family.LinkAsync(new KinWanted(child, "mother", Kinds.Mother, "an", "hỏi gia đình"), default));
        }

        await host.Get<Marks>().MarkAsync("hidden", Marks.Confidential, "an", "người được bảo vệ", default);
        await host.Get<Workplaces>().IdentifyAsync("test", Roles.DataOfficer, null, "me", default);
        var officer = await host.BrowserAsync(Roles.DataOfficer);
        foreach (var person in new[] { "me", "mother", "brother", "lodger", "namesake", "stranger", "hidden" })
        {
            Assert.Equal(System.Net.HttpStatusCode.OK, (await officer.GetAsync($"/people/{person}/identity")).Status);
        }

        await host.Get<LookWatcher>().JudgeAsync(default);
        var flags = await host.Get<Flags>().ListAsync(new FlagFilter(Account: Roles.DataOfficer), 100, 0, default);
        Assert.Equal(
            ["address lodger", "confidential hidden", "neighbour namesake", "own me", "relative brother", "relative mother"],
            flags.Select(f => $"{f.Rule} {f.Person}").Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Bonds_are_none_for_who_is_not_known(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        await host.PutPatientAsync("me", "Hán Thị Mùi", "1985-05-06", "female", "");
        var bonds = host.Get<IPersonBonds>();
        Assert.Empty(await bonds.BetweenAsync("nobody", ["me", "gone"], default));
        Assert.Equal(PersonBond.Self, (await bonds.BetweenAsync("me", ["me"], default))["me"].Bond);
        Assert.Empty(await bonds.ConfidentialAsync([], default));
        Assert.Empty(await bonds.SeenAsync(new Mach.Kernel.Sight { Facilities = ["25001"] }, ["me", "gone"], default));
        Assert.Equal(["me"], await bonds.SeenAsync(new Mach.Kernel.Sight { IsEveryone = true }, ["me", "gone"], default));
    }
}
