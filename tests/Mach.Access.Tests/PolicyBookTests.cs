using Mach.Access.Authority;
using Mach.Data;
using Mach.Kernel;
using Mach.Testing;

namespace Mach.Access.Tests;

/// <summary>The policy is data that two data officers change together. Source: docs/adr/0015.</summary>
public sealed class PolicyBookTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private static AccessPolicy With(string role, Func<PolicyRule, PolicyRule> change) =>
        AccessPolicy.Shipped with { Rules = [.. AccessPolicy.Shipped.Rules.Select(r => r.Role == role ? change(r) : r)] };

    [Theory, MemberData(nameof(Engines))]
    public async Task A_draft_counts_once_another_data_officer_has_approved_it(DbEngine engine)
    {
        await using var host = await AccessHost.StartAsync(engine);
        var book = new PolicyBook(host.Database.Db, host.Clock, host.Log);
        Assert.Same(AccessPolicy.Shipped, await book.CurrentAsync(default));

        var draft = With(Roles.Doctor, r => r with { Months = 12, Emergency = false });
        var id = await book.ProposeAsync("du.lieu", draft, "Rút ngắn theo quyết định của Sở", default);
        Assert.Equal(24, (await book.CurrentAsync(default)).Rules.Single(r => r.Role == Roles.Doctor).Months);
        Assert.False(await book.ApproveAsync("du.lieu", id, default));
        var tries = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => book.ApproveAsync("officer" + i, id, default)));
        Assert.Single(tries, t => t);

        var current = await book.CurrentAsync(default);
        Assert.Equal((12, false), (current.Rules.Single(r => r.Role == Roles.Doctor).Months, current.MayOpenInEmergency([Roles.Doctor])));
        Assert.Empty(current.Differences(draft));
        Assert.Equal(draft.ToJson(), current.ToJson());

        // Another server knows it too, at once when it starts and after fifteen seconds when it runs.
        var other = new PolicyBook(host.Database.Db, host.Clock, host.Log);
        Assert.Empty(current.Differences(await other.CurrentAsync(default)));
        host.Clock.Now += TimeSpan.FromSeconds(1);
        var back = await other.ProposeAsync("officer0", AccessPolicy.Shipped, "Trở lại như lúc đầu, sau khi xem xét", default);
        host.Clock.Now += TimeSpan.FromSeconds(1);
        Assert.True(await other.ApproveAsync("du.lieu", back, default));
        host.Clock.Now += TimeSpan.FromSeconds(15);
        Assert.Empty((await book.CurrentAsync(default)).Differences(AccessPolicy.Shipped));
        Assert.Equal([PolicyState.Approved, PolicyState.Replaced], (await book.ListAsync(default)).Select(v => v.State));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task What_could_not_be_in_force_is_refused_with_words(DbEngine engine)
    {
        await using var host = await AccessHost.StartAsync(engine);
        var book = new PolicyBook(host.Database.Db, host.Clock, host.Log);
        const string why = "Một lý do đủ dài";
        foreach (var (draft, reason, code) in new[]
        {
            (AccessPolicy.Shipped, why, "policy.same"),
            (With(Roles.Doctor, r => r with { Months = 12 }), "ngắn", "policy.why"),
            (With(Roles.Doctor, r => r with { Months = -1 }), why, "policy.months"),
            (With(Roles.Doctor, r => r with { TieMonths = 1201 }), why, "policy.months"),
            (With(Roles.Doctor, r => r with { Role = "king" }), why, "policy.roles"),
            (With(Roles.Doctor, r => r with { Purpose = Purposes.None }), why, "policy.purpose"),
            (AccessPolicy.Shipped with { Rules = [.. AccessPolicy.Shipped.Rules.Skip(1)] }, why, "policy.roles"),
            (AccessPolicy.Shipped with { Emergency = new(4, 73) }, why, "policy.emergency"),
            (AccessPolicy.Shipped with { Emergency = new(0, 72) }, why, "policy.emergency"),
        })
        {
            Assert.Equal(code, (await Assert.ThrowsAsync<AccountRuleException>(() => book.ProposeAsync("du.lieu", draft, reason, default))).Problem.Rule);
        }

        // Two at once: one waits, the other is told so.
        var draws = await Task.WhenAll(Enumerable.Range(0, 4).Select(async i =>
        {
            try
            {
                return await book.ProposeAsync("officer" + i, With(Roles.Doctor, r => r with { Months = i }), why, default);
            }
            catch (AccountRuleException e)
            {
                Assert.Equal("policy.waits", e.Problem.Rule);
                return null;
            }
        }));
        var id = Assert.Single(draws, d => d is not null)!;
        Assert.True(await book.DeclineAsync("officer9", id, default));
        Assert.False(await book.ApproveAsync("officer9", id, default));
        Assert.Equal(PolicyState.Declined, Assert.Single(await book.ListAsync(default)).State);
        Assert.Same(AccessPolicy.Shipped, await book.CurrentAsync(default));
    }

    [Fact]
    public void The_differences_of_two_policies_are_told_field_by_field()
    {
        var other = With(Roles.Nurse, r => r with { Opens = [DataLabels.Hiv], Ties = [TieKinds.Ward], People = PolicyPeople.Own }) with { ProxyHides = [], Emergency = new(2, 24) };
        Assert.Equal(
            [
                new PolicyDifference("nurse", "people", "Ward", "Own"), new("nurse", "ties", "Team Ward", "Ward"), new("nurse", "opens", "", "Hiv"),
                new("emergency", "hours", "4", "2"), new("emergency", "reviewHours", "72", "24"), new("proxy", "proxyHides", "Minor", ""),
            ],
            AccessPolicy.Shipped.Differences(other));
    }
}
