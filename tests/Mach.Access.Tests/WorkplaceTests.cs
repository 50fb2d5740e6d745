using System.Security.Claims;
using Mach.Access.Authority;
using Mach.Data;
using Mach.Kernel;
using Mach.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Access.Tests;

/// <summary>Posts, rota and proxies: what somebody sees follows from where they work now and for whom they act.</summary>
public sealed class WorkplaceTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task A_post_counts_from_its_first_to_its_last_day_and_by_rota_during_its_shifts(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        var (places, clock) = (host.App.Services.GetRequiredService<Workplaces>(), host.Clock);
        Assert.Equal(("25001", false), await PlaceAsync(host, "bs.lan", "25001"));

        var day = await places.AddPostAsync("quantri", "bs.lan", "25002", null, [], false, clock.Now + TimeSpan.FromDays(1), clock.Now + TimeSpan.FromDays(10), default);
        // Who has posts acts for these alone, whatever the account was bound to.
        Assert.Equal((null, true), await PlaceAsync(host, "bs.lan", "25001"));
        Assert.Empty((await SightAsync(host, "bs.lan", Roles.Doctor)).Facilities);
        Assert.Equal(DataLabels.All, (await SightAsync(host, "bs.lan", Roles.Doctor)).HiddenHere);
        clock.Now += TimeSpan.FromDays(1);
        Assert.Equal(("25002", false), await PlaceAsync(host, "bs.lan", "25001"));

        var ward = await places.AddPostAsync("quantri", "bs.lan", "25003", "khoa-noi", [Roles.Nurse], true, clock.Now, null, default);
        await places.AddShiftAsync("quantri", ward, clock.Now + TimeSpan.FromHours(8), clock.Now + TimeSpan.FromHours(16), default);
        Assert.False(await places.ChooseAsync("bs.lan", ward, default));
        clock.Now += TimeSpan.FromHours(7);
        Assert.True(await places.ChooseAsync("bs.lan", ward, default));
        var sight = await SightAsync(host, "bs.lan", Roles.Doctor, Roles.Nurse);
        Assert.Equal(("25003", "khoa-noi", false), (sight.Facilities.Single(), sight.Wards.Single(), sight.CountsVisits));
        // An hour for handing over, and no longer.
        clock.Now += TimeSpan.FromHours(9) + TimeSpan.FromMinutes(59);
        Assert.Equal(("25003", false), await PlaceAsync(host, "bs.lan", "25001"));
        clock.Now += TimeSpan.FromMinutes(1);
        Assert.Equal(("25002", false), await PlaceAsync(host, "bs.lan", "25001"));

        Assert.True(await places.EndPostAsync("quantri", day, default));
        Assert.False(await places.EndPostAsync("quantri", day, default));
        Assert.Equal((null, true), await PlaceAsync(host, "bs.lan", "25001"));
        Assert.False(await places.EndPostAsync("quantri", "khong-co", default));
        Assert.Equal(2, (await places.PostsAsync("bs.lan", default)).Count);
        Assert.Contains(await host.Log.ListAsync(null, 100, default), e => e.Event is { Action: "post-end", Actor: "quantri" });
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Somebody_sees_their_own_record_and_that_of_whom_they_act_for(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        var places = host.App.Services.GetRequiredService<Workplaces>();
        Assert.Equal((0, 0), Counts(await SightAsync(host, "me.an", Roles.Person)));
        await places.IdentifyAsync("quantri", "me.an", null, "p-me", default);
        var child = await places.AddProxyAsync("tiepdon", "me.an", "p-con", ProxyKind.Parent, "Giấy khai sinh số 12/2020", host.Clock.Now + TimeSpan.FromDays(365), default);
        var sight = await SightAsync(host, "me.an", Roles.Person);
        Assert.Equal(("p-me", "p-con", DataLabels.Minor, Purposes.PersonRequest), (Assert.Single(sight.Persons), Assert.Single(sight.ActsFor), sight.HiddenFromProxy, sight.Purpose));
        Assert.False(sight.IsEveryone || sight.CountsConsents || sight.Facilities.Count > 0);
        Assert.Equal("me.an", Assert.Single(await places.ProxiesOfAsync("p-con", default)).Account);

        Assert.True(await places.EndProxyAsync("tiepdon", child, default));
        Assert.False(await places.EndProxyAsync("tiepdon", child, default));
        Assert.Equal((1, 0), Counts(await SightAsync(host, "me.an", Roles.Person)));
        await places.AddProxyAsync("tiepdon", "me.an", "p-con", ProxyKind.Guardian, "Quyết định số 5", host.Clock.Now + TimeSpan.FromDays(1), default);
        host.Clock.Now += TimeSpan.FromDays(1);
        Assert.Equal((1, 0), Counts(await SightAsync(host, "me.an", Roles.Person)));
        Assert.Equal(2, (await host.Log.ListAsync("p-con", 10, default)).Count(e => e.Event.Action == "proxy-add"));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task What_cannot_be_is_refused_with_a_reason(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        var (places, now) = (host.App.Services.GetRequiredService<Workplaces>(), host.Clock.Now);
        await RefusedAsync("unknown", () => places.AddPostAsync("quantri", "khong.co", "25001", null, [], false, now, null, default));
        await RefusedAsync("facility", () => places.AddPostAsync("quantri", "bs.lan", "250", null, [], false, now, null, default));
        await RefusedAsync("facility", () => places.AddPostAsync("quantri", "bs.lan", "", null, [], false, now, null, default));
        await RefusedAsync("roles", () => places.AddPostAsync("quantri", "bs.lan", "25001", null, [Roles.DataOfficer], false, now, null, default));
        await RefusedAsync("post.dates", () => places.AddPostAsync("quantri", "bs.lan", "25001", null, [], false, now, now, default));
        await RefusedAsync("shift", () => places.AddShiftAsync("quantri", "khong-co", now, now + TimeSpan.FromHours(1), default));
        var post = await places.AddPostAsync("quantri", "bs.lan", "25001", null, [], true, now, null, default);
        await RefusedAsync("shift", () => places.AddShiftAsync("quantri", post, now, now + TimeSpan.FromHours(37), default));
        await RefusedAsync("proxy", () => places.AddProxyAsync("tiepdon", "me.an", "p1", ProxyKind.Parent, "   ", null, default));
        await RefusedAsync("proxy.self", () => places.AddProxyAsync("me.an", "me.an", "p1", ProxyKind.Parent, "Giấy khai sinh", null, default));
        await RefusedAsync("id", () => places.IdentifyAsync("quantri", "me.an", null, "a b", default));
    }

    private static async Task RefusedAsync(string rule, Func<Task> act) => Assert.Equal(rule, (await Assert.ThrowsAsync<AccountRuleException>(act)).Problem.Rule);

    private static async Task<AccessHost> StartAsync(DbEngine engine)
    {
        var host = await AccessHost.StartAsync(engine);
        await host.Accounts.CreateAsync(new NewAccount("bs.lan", "Bác sĩ Lan", AccessHost.Password, [Roles.Doctor, Roles.Nurse], "25001"), default);
        await host.Accounts.CreateAsync(new NewAccount("me.an", "Mẹ bé An", AccessHost.Password, [Roles.Person]), default);
        return host;
    }

    private static (int, int) Counts(Sight sight) => (sight.Persons.Count, sight.ActsFor.Count);

    private static async Task<(string? Facility, bool OffDuty)> PlaceAsync(AccessHost host, string account, string? bound)
    {
        var place = await host.App.Services.GetRequiredService<Workplaces>().OfAsync(account, bound, default);
        return (place.Facility, place.IsOffDuty);
    }

    private static async Task<Sight> SightAsync(AccessHost host, string account, params string[] roles)
    {
        var claims = roles.Select(r => new Claim(Principals.RoleClaim, r)).Append(new Claim(Principals.NameClaim, account));
        return await host.App.Services.GetRequiredService<Sights>().OfAsync(new ClaimsPrincipal(new ClaimsIdentity(claims, "session")), default);
    }
}
