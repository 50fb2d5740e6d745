using Mach.Access.Authority;
using Mach.Access.Looks;
using Mach.Data;
using Mach.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Access.Tests.Looks;

/// <summary>The rules about looks are data that two data officers change together. Source: docs/adr/0026-words-and-looks.md.</summary>
public sealed class LookBookTests
{
    private const string Why = "Theo rà soát tháng mười một";

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private static LookPolicy With(string code, Func<LookRule, LookRule> change) => LookPolicy.Shipped with { Rules = [.. LookPolicy.Shipped.Rules.Select(r => r.Code == code ? change(r) : r)] };

    [Theory, MemberData(nameof(Engines))]
    public async Task A_draft_counts_once_another_data_officer_has_approved_it_and_old_versions_are_kept(DbEngine engine)
    {
        await using var host = await AccessHost.StartAsync(engine);
        var book = new LookBook(host.Database.Db, host.Clock, host.Log, LookPolicy.Shipped);
        Assert.Same(LookPolicy.Shipped, await book.CurrentAsync(default));
        var draft = With(LookCodes.Denials, r => r with { Most = 2, Severity = LookSeverity.High });
        var id = await book.ProposeAsync("du.lieu", draft, Why, default);
        Assert.Equal(10, (await book.CurrentAsync(default)).Rules.Single(r => r.Code == LookCodes.Denials).Most);
        Assert.False(await book.ApproveAsync("du.lieu", id, default));
        var tries = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => book.ApproveAsync("officer" + i, id, default)));
        Assert.Single(tries, t => t);
        var current = await book.CurrentAsync(default);
        Assert.Equal((2, LookSeverity.High), current.Rules.Where(r => r.Code == LookCodes.Denials).Select(r => (r.Most, r.Severity)).Single());
        Assert.Same(current, await book.CurrentAsync(default));
        Assert.Equal(draft.ToJson(), current.ToJson());

        // Another server knows it too; the first rules again are a version like any other.
        var other = new LookBook(host.Database.Db, host.Clock, host.Log, LookPolicy.Shipped);
        Assert.Empty(current.Differences(await other.CurrentAsync(default)));
        host.Clock.Now += TimeSpan.FromSeconds(1);
        var back = await other.ProposeAsync("officer0", LookPolicy.Shipped, Why, default);
        host.Clock.Now += TimeSpan.FromSeconds(1);
        Assert.True(await other.ApproveAsync("du.lieu", back, default));
        host.Clock.Now += TimeSpan.FromSeconds(15);
        Assert.Empty((await book.CurrentAsync(default)).Differences(LookPolicy.Shipped));
        Assert.Equal([PolicyState.Approved, PolicyState.Replaced], (await book.ListAsync(default)).Select(v => v.State));
        var lines = (await host.Log.ListAsync(null, 100, default)).Select(l => $"{l.Event.Actor} {l.Event.Action}").ToList();
        Assert.Contains("du.lieu looks-propose", lines);
        Assert.Contains("du.lieu looks-approve", lines);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task What_could_not_be_in_force_is_refused_with_words(DbEngine engine)
    {
        await using var host = await AccessHost.StartAsync(engine);
        var book = new LookBook(host.Database.Db, host.Clock, host.Log, LookPolicy.Shipped);
        foreach (var (draft, reason, code) in new[]
        {
            (LookPolicy.Shipped, Why, "looks.same"),
            (With(LookCodes.Bulk, r => r with { Most = 100 }), "ngắn", "looks.why"),
            (With(LookCodes.Bulk, r => r with { Most = 0 }), Why, "looks.numbers"),
            (With(LookCodes.Bulk, r => r with { Least = 3 }), Why, "looks.numbers"),
            (With(LookCodes.Night, r => r with { FromHour = 24 }), Why, "looks.numbers"),
            (With(LookCodes.NoRelation, r => r with { Months = 1201 }), Why, "looks.numbers"),
            (With(LookCodes.Own, r => r with { Roles = ["king"] }), Why, "looks.roles"),
            (With(LookCodes.Own, r => r with { Severity = 0 }), Why, "looks.roles"),
            (LookPolicy.Shipped with { ListAbove = 0 }, Why, "looks.list"),
        })
        {
            Assert.Equal(code, (await Assert.ThrowsAsync<AccountRuleException>(() => book.ProposeAsync("du.lieu", draft, reason, default))).Problem.Rule);
        }

        var id = await book.ProposeAsync("du.lieu", With(LookCodes.Bulk, r => r with { Most = 100 }), Why, default);
        Assert.Equal("looks.waits", (await Assert.ThrowsAsync<AccountRuleException>(() => book.ProposeAsync("khac", With(LookCodes.Bulk, r => r with { Most = 99 }), Why, default))).Problem.Rule);
        Assert.True(await book.DeclineAsync("du.lieu", id, default));
        Assert.False(await book.ApproveAsync("khac", id, default));
        Assert.Same(LookPolicy.Shipped, await book.CurrentAsync(default));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task The_watcher_judges_by_the_rules_that_are_in_force_when_it_judges(DbEngine engine)
    {
        await using var host = await LookTests.StartAsync(engine);
        var book = host.App.Services.GetRequiredService<LookBook>();
        var doctor = await host.SignedInBrowserAsync(Roles.Doctor);
        async Task<IReadOnlyList<Flag>> Refused(int times)
        {
            for (var i = 0; i < times; i++)
            {
                await doctor.GetAsync("/audit");
            }

            await host.App.Services.GetRequiredService<LookWatcher>().JudgeAsync(default);
            return await host.App.Services.GetRequiredService<Flags>().ListAsync(new FlagFilter(Rule: LookCodes.Denials), 10, 0, default);
        }

        Assert.Empty(await Refused(3));
        var id = await book.ProposeAsync("officer1", With(LookCodes.Denials, r => r with { Most = 3 }), Why, default);
        Assert.True(await book.ApproveAsync("officer2", id, default));
        Assert.Equal(4, Assert.Single(await Refused(1)).Count);
    }

    /// <summary>A file of a house that has some of the rules alone, and a program that has brought another since.</summary>
    [Theory, MemberData(nameof(Engines))]
    public async Task A_rule_that_came_later_is_as_it_came(DbEngine engine)
    {
        await using var host = await AccessHost.StartAsync(engine);
        var earlier = LookPolicy.Shipped with { Rules = [.. LookPolicy.Shipped.Rules.Where(r => r.Code != LookCodes.NoRelation).Select(r => r.Code == LookCodes.Bulk ? r with { Most = 7 } : r)] };
        var before = new LookBook(host.Database.Db, host.Clock, host.Log, LookPolicy.Shipped with { Rules = [.. LookPolicy.Shipped.Rules.Where(r => r.Code != LookCodes.NoRelation)] });
        Assert.True(await before.ApproveAsync("officer2", await before.ProposeAsync("officer1", earlier, Why, default), default));
        var now = await new LookBook(host.Database.Db, host.Clock, host.Log, LookPolicy.Shipped).CurrentAsync(default);
        Assert.Equal(LookCodes.Watched, now.Rules.Select(r => r.Code));
        Assert.Equal((7, 24), (now.Rules.Single(r => r.Code == LookCodes.Bulk).Most, now.Rules.Single(r => r.Code == LookCodes.NoRelation).Months));
    }
}
