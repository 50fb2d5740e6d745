using Mach.Access.Authority;
using Mach.Data;
using Mach.Kernel;
using Mach.Testing;

namespace Mach.Access.Tests;

/// <summary>The shipped policy as rows: role, bound facility → what is seen. Source: policy.json, docs/adr/0015.</summary>
public sealed class PolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory]
    // roles, facility, everyone, facilities, types of everyone, hidden, hidden here
    [InlineData("doctor", "25001", false, "25001", "", DataLabels.All, DataLabels.Confidential)]
    [InlineData("doctor", null, true, "", "", DataLabels.All, DataLabels.Confidential)]
    [InlineData("nurse", "25001", false, "25001", "", DataLabels.All, DataLabels.Confidential)]
    [InlineData("nurse", null, false, "", "", DataLabels.All, DataLabels.Confidential)]
    [InlineData("person", null, false, "", "", DataLabels.All, DataLabels.All)]
    [InlineData("registrar", "25001", false, "25001", "Patient,Coverage,Encounter,RelatedPerson", DataLabels.All & ~DataLabels.Confidential, DataLabels.All & ~DataLabels.Confidential)]
    [InlineData("data-officer", null, true, "", "", DataLabels.None, DataLabels.None)]
    [InlineData("data-officer", "25001", false, "25001", "", DataLabels.None, DataLabels.None)]
    [InlineData("doctor registrar", "25001", false, "25001", "Patient,Coverage,Encounter,RelatedPerson", DataLabels.All & ~DataLabels.Confidential, DataLabels.None)]
    [InlineData("administrator", null, false, "", "", DataLabels.All, DataLabels.All)]
    [InlineData("intake", "25001", false, "", "", DataLabels.All, DataLabels.All)]
    [InlineData("", null, false, "", "", DataLabels.All, DataLabels.All)]
    public void Roles_open_what_the_policy_says(string roles, string? facility, bool everyone, string facilities, string types, DataLabels hidden, DataLabels hiddenHere)
    {
        var sight = AccessPolicy.Shipped.SightOf(roles.Split(' '), new Workplace { Facility = facility, IsEverywhere = facility is null }, Now);
        Assert.Equal((everyone, facilities, types, hidden, hiddenHere), (sight.IsEveryone, string.Join(',', sight.Facilities), string.Join(',', sight.EveryoneTypes), sight.Hidden, sight.HiddenHere));
        Assert.False(sight.IsEverything);
        Assert.Empty(sight.Persons);
    }

    [Fact]
    public void Nothing_is_seen_by_default()
    {
        var sight = new Sight();
        Assert.False(sight.IsEveryone || sight.IsEverything);
        Assert.Empty(sight.Facilities);
        Assert.Equal(DataLabels.All, Sights.Nothing.Hidden);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task An_emergency_opens_one_record_for_a_few_hours_and_is_judged_by_somebody_else(DbEngine engine)
    {
        await using var host = await AccessHost.StartAsync(engine);
        var emergencies = new Emergencies(host.Database.Db, host.Clock, host.Log, new PolicyBook(host.Database.Db, host.Clock, host.Log));
        await Assert.ThrowsAsync<ArgumentException>(() => emergencies.OpenAsync("bac.si", "25001", "p1", "  vội   ", null, default));
        Assert.Empty(await emergencies.OpenOfAsync("bac.si", default));

        var opened = await emergencies.OpenAsync("bac.si", "25001", "p1", "Bất tỉnh, đưa vào cấp cứu", "10.0.0.1", default);
        Assert.Equal((TimeSpan.FromHours(4), TimeSpan.FromHours(72)), (opened.Until - opened.Opened, opened.Due - opened.Opened));
        Assert.Equal("p1", Assert.Single(await emergencies.OpenOfAsync("bac.si", default)).Person);
        Assert.Empty(await emergencies.OpenOfAsync("bac.khac", default));
        Assert.Equal("emergency-open", Assert.Single(await host.Log.ListAsync("p1", 10, default)).Event.Action);

        // Not by who opened it, and once.
        Assert.False(await emergencies.ReviewAsync(opened.Id, "bac.si", EmergencyVerdict.Justified, null, default));
        var verdicts = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => emergencies.ReviewAsync(opened.Id, "officer" + i, EmergencyVerdict.NotJustified, "không liên quan", default)));
        Assert.Single(verdicts, v => v);
        Assert.Equal(EmergencyVerdict.NotJustified, Assert.Single(await emergencies.ListAsync(10, default)).Verdict);

        host.Clock.Now += TimeSpan.FromHours(4);
        Assert.Empty(await emergencies.OpenOfAsync("bac.si", default));
        await emergencies.OpenAsync("bac.si", "25001", "p1", "Lại đưa vào cấp cứu", null, default);
        await emergencies.CloseAsync("bac.si", "p1", default);
        Assert.Empty(await emergencies.OpenOfAsync("bac.si", default));
    }
}
