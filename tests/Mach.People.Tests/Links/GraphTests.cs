using Mach.Contracts.People;
using Mach.Data;
using Mach.People.Pairs;
using Mach.Testing;

namespace Mach.People.Tests.Links;

public sealed class GraphTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private static readonly string[] Names = ["Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Cường", "Phạm Thị Dung", "Hoàng Văn Em"];

    /// <summary>Decisions about different pairs in any order, links made and taken apart again in between: the same graph, and bodies of those who end alone are what they were.</summary>
    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Any_order_of_consistent_decisions_gives_the_same_graph(DbEngine engine)
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        (string, string, string)[] decided = [("p0", "p1", "same"), ("p1", "p2", "same"), ("p3", "p4", "different"), ("p0", "p3", "different"), ("p2", "p4", "later")];
        var graphs = new List<string>();
        for (var round = 0; round < 3; round++)
        {
            await using var host = await PeopleHost.StartAsync(engine);
            for (var i = 0; i < Names.Length; i++)
            {
                await host.PutPatientAsync($"p{i}", Names[i], $"19{50 + i}-01-02", "male");
            }

            var alone = await host.BodyAsync("Patient", "p3");
            var verdicts = host.Get<Verdicts>();
            foreach (var (one, other, verdict) in decided.OrderBy(_ => random.Next()))
            {
                // On the way there it is decided otherwise, and taken back.
                if (random.Next(2) == 0)
                {
                    if (await verdicts.DecideAsync(new VerdictWanted(one, other, "same", "officer", ""), default) == VerdictOutcome.Done)
                    {
                        await verdicts.DecideAsync(new VerdictWanted(other, one, "undone", "officer", "mistake"), default);
                    }
                }

                Assert.Equal(VerdictOutcome.Done, await verdicts.DecideAsync(new VerdictWanted(one, other, verdict, "officer", ""), default));
            }

            Assert.Equal(alone, await host.BodyAsync("Patient", "p3"));
            var links = host.Get<IPersonLinks>();
            var graph = "";
            for (var i = 0; i < Names.Length; i++)
            {
                graph += string.Join(',', (await links.LinkedAsync($"p{i}", default)).Order(StringComparer.Ordinal)) + ";";
            }

            graphs.Add(graph);
            Assert.Empty((await host.Store.VerifyAsync(null, default)).Problems);
        }

        Assert.True(graphs.TrueForAll(g => g == "p0,p1,p2;p0,p1,p2;p0,p1,p2;p3;p4;"), $"seed {seed}: {string.Join(" | ", graphs)}");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_decision_that_contradicts_another_is_refused(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        for (var i = 0; i < 3; i++)
        {
            await host.PutPatientAsync($"p{i}", Names[i], $"19{50 + i}-01-02", "male");
        }

        var verdicts = host.Get<Verdicts>();
        Task<VerdictOutcome> Decide(string one, string other, string verdict) => verdicts.DecideAsync(new VerdictWanted(one, other, verdict, "officer", "x"), default);
        Assert.Equal(VerdictOutcome.Done, await Decide("p0", "p1", "same"));
        Assert.Equal(VerdictOutcome.Done, await Decide("p0", "p2", "different"));
        Assert.Equal(VerdictOutcome.DeclaredDifferent, await Decide("p1", "p2", "same"));
        Assert.Equal(VerdictOutcome.Done, await Decide("p0", "p2", "undone"));
        Assert.Equal(VerdictOutcome.Done, await Decide("p1", "p2", "same"));
        Assert.Equal(VerdictOutcome.LinkedOverOthers, await Decide("p0", "p2", "different"));
        Assert.Equal(VerdictOutcome.Unknown, await Decide("p0", "nobody", "same"));
        Assert.Equal(["same"], (await host.Get<PairTable>().VerdictsAsync("p1", "p0", default)).Select(v => v.Verdict));
    }

    /// <summary>The new decision takes the place of the one about the same pair, and of no other.</summary>
    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Declared_different_twice_they_are_not_one_person_by_taking_one_of_them_back(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        for (var i = 0; i < 3; i++)
        {
            await host.PutPatientAsync($"p{i}", Names[i], $"19{50 + i}-01-02", "male");
        }

        var verdicts = host.Get<Verdicts>();
        Task<VerdictOutcome> Decide(string one, string other, string verdict) => verdicts.DecideAsync(new VerdictWanted(one, other, verdict, "officer", "x"), default);
        Assert.Equal(VerdictOutcome.Done, await Decide("p0", "p1", "same"));
        Assert.Equal(VerdictOutcome.Done, await Decide("p0", "p2", "different"));
        Assert.Equal(VerdictOutcome.Done, await Decide("p1", "p2", "different"));
        Assert.Equal(VerdictOutcome.DeclaredDifferent, await Decide("p0", "p2", "same"));
        Assert.Equal(["p2"], await host.Get<IPersonLinks>().LinkedAsync("p2", default));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Officers_who_decide_at_once_leave_no_contradiction(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        for (var i = 0; i < 3; i++)
        {
            await host.PutPatientAsync($"p{i}", Names[i], $"19{50 + i}-01-02", "male");
        }

        var verdicts = host.Get<Verdicts>();
        var outcomes = await Task.WhenAll(new[] { ("p0", "p1", "same"), ("p1", "p2", "same"), ("p0", "p2", "different") }
            .Select(d => Task.Run(() => verdicts.DecideAsync(new VerdictWanted(d.Item1, d.Item2, d.Item3, "officer", ""), default))));
        Assert.Equal(2, outcomes.Count(o => o == VerdictOutcome.Done));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_sweep_links_what_is_certain_asks_what_is_probable_and_never_asks_again_what_was_decided(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        const string Home = ""","telecom":[{"system":"phone","value":"0912345678"}],"address":[{"text":"Khu 3, Phường Việt Trì"}]""";
        var body = await host.PutPatientAsync("certain-1", "Khuất Thị Nhàn", "1971-11-02", "female", Home);
        await host.PutPatientAsync("certain-2", "KHUAT THI NHAN", "1971-02-11", "female", Home);
        await host.PutPatientAsync("perhaps-1", "Hán Thị Mùi", "1955-06-07", "female", ""","address":[{"text":"Phường Việt Trì"}]""");
        await host.PutPatientAsync("perhaps-2", "Hán Thị Mùi", "1955-06-07", "female", ""","address":[{"text":"Phường Âu Cơ"}]""");
        await host.PutPatientAsync("nobody", "Trần Văn Nam", "1960-01-02", "male");
        var sweep = host.Get<Sweep>();
        Assert.Equal(new Swept(5, 1, 1), await sweep.StepAsync(default));
        Assert.Equal(["certain-1", "certain-2"], await host.Get<IPersonLinks>().LinkedAsync("certain-1", default));
        var verdicts = host.Get<Verdicts>();
        var pairs = host.Get<PairTable>();
        var by = Assert.Single(await pairs.VerdictsAsync("certain-1", "certain-2", default));
        Assert.Equal(Verdicts.Machine, by.Officer);
        Assert.Equal("perhaps-1", Assert.Single((await pairs.ListAsync(PairRow.Waiting, 10, 0, default)).Rows).PatientA);

        await verdicts.DecideAsync(new VerdictWanted("certain-1", "certain-2", "undone", "officer", "two sisters"), default);
        await verdicts.DecideAsync(new VerdictWanted("perhaps-1", "perhaps-2", "different", "officer", ""), default);
        Assert.Equal(body, await host.BodyAsync("Patient", "certain-1"));
        await host.PutPatientAsync("perhaps-2", "Hán Thị Mùi", "1955-06-07", "female", ""","address":[{"text":"Khu 9, Phường Âu Cơ"}]""");
        while ((await sweep.StepAsync(default)).People > 0)
        {
        }

        Assert.Equal(["certain-1"], await host.Get<IPersonLinks>().LinkedAsync("certain-1", default));
        Assert.Equal(0, (await pairs.ListAsync(PairRow.Waiting, 10, 0, default)).Total);
    }
}
