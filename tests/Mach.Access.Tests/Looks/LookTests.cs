using System.Data.Common;
using Dapper;
using Mach.Access.Audit;
using Mach.Access.Authority;
using Mach.Access.Looks;
using Mach.Data;
using Mach.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mach.Access.Tests.Looks;

/// <summary>Looks that were made through the doors, and the flags that come of them.</summary>
public sealed class LookTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task Looks_through_the_doors_become_flags(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        await host.App.Services.GetRequiredService<Workplaces>().IdentifyAsync("test", Roles.Doctor, null, "p1", default);
        await host.App.Services.GetRequiredService<Emergencies>().OpenAsync(Roles.Doctor, null, "p2", "Người bệnh bất tỉnh", null, default);
        var doctor = await host.SignedInBrowserAsync(Roles.Doctor);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        foreach (var person in new[] { "p1", "p2", "p2", "p3" })
        {
            await doctor.GetAsync("/fhir/Patient/" + person);
        }

        for (var i = 0; i < 11; i++)
        {
            await doctor.GetAsync("/audit");
        }

        var flags = await FlagsAsync(host);
        Assert.Equal(["denials |11", "no-tie p2|2", "own p1|1"], flags.Select(f => $"{f.Rule} {f.Person}|{f.Count}").Order(StringComparer.Ordinal));
        Assert.All(flags, f => Assert.Equal((Roles.Doctor, FlagState.Open, new DateOnly(2026, 1, 15)), (f.Account, f.State, f.Day)));
        Assert.Equal(["no-tie", "denials", "own"], flags.Select(f => f.Rule));
        var reader = host.App.Services.GetRequiredService<AuditReader>();
        foreach (var id in flags[0].Evidence)
        {
            Assert.Contains("p2", (await reader.FindAsync(id, default))!.Entry.Persons!);
        }

        // Another time round there is nothing new, and more of the same grows the flag.
        Assert.Equal(flags.Select(f => f.Count), (await FlagsAsync(host)).Select(f => f.Count));
        await doctor.GetAsync("/fhir/Patient/p2");
        Assert.Equal(3, (await FlagsAsync(host))[0].Count);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_colleague_of_the_facility_is_known(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        await host.Accounts.EnsureAsync(new NewAccount("dd.lan", "Lan", AccessHost.Password, [Roles.Nurse], "79001"), default);
        await host.Accounts.EnsureAsync(new NewAccount("dd.xa", "Xa", AccessHost.Password, [Roles.Nurse], "01001"), default);
        var workplaces = host.App.Services.GetRequiredService<Workplaces>();
        await workplaces.IdentifyAsync("test", "dd.lan", null, "p1", default);
        await workplaces.IdentifyAsync("test", "dd.xa", null, "p2", default);
        Append(host, "bs.mai", "p1");
        Append(host, "bs.mai", "p2");
        Append(host, "dd.lan", "p1");
        Assert.Equal(["colleague bs.mai p1", "own dd.lan p1"], (await FlagsAsync(host)).Select(f => $"{f.Rule} {f.Account} {f.Person}"));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_verdict_has_who_when_and_why_and_is_given_once(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        Append(host, "bs.mai", "p1", "ETREAT");
        Append(host, Roles.DataOfficer, "p1", "ETREAT");
        var all = await FlagsAsync(host);
        var (hers, own) = (all.Single(f => f.Account == "bs.mai"), all.Single(f => f.Account == Roles.DataOfficer));
        var flags = host.App.Services.GetRequiredService<Flags>();
        await Assert.ThrowsAsync<AccountRuleException>(() => flags.DecideAsync(hers.Id, Roles.DataOfficer, null, FlagState.Explained, "ngắn", default));
        await Assert.ThrowsAsync<AccountRuleException>(() => flags.DecideAsync(hers.Id, Roles.DataOfficer, null, FlagState.Open, "Có lý do đầy đủ", default));
        Assert.False(await flags.DecideAsync(own.Id, Roles.DataOfficer, null, FlagState.Explained, "Của chính mình thì không", default));
        Assert.False(await flags.DecideAsync(hers.Id, Roles.DataOfficer, "01001", FlagState.Explained, "Cơ sở khác thì không", default));
        Assert.True(await flags.DecideAsync(hers.Id, Roles.DataOfficer, "79001", FlagState.Escalated, "Chuyển ban giám đốc xem", default));
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await flags.DecideAsync(hers.Id, Roles.DataOfficer, null, FlagState.Explained, "Đúng là cấp cứu thật", default));
        Assert.False(await flags.DecideAsync(hers.Id, Roles.DataOfficer, null, FlagState.Dismissed, "Không được lần thứ ba", default));
        Assert.Equal(["Escalated Chuyển ban giám đốc xem", "Explained Đúng là cấp cứu thật"], (await flags.VerdictsAsync(hers.Id, default)).Select(v => $"{v.State} {v.Note}"));
        var lines = await host.App.Services.GetRequiredService<AuditReader>().ListAsync(new AuditFilter(What: "flag-decide"), 10, null, default);
        Assert.Equal(["explained", "escalated"], lines.Lines.Select(l => l.Entry.Detail!.Split(' ')[1]));
        // A verdict holds for what it saw; twice as much is another matter.
        Append(host, "bs.mai", "p1", "ETREAT");
        Assert.Equal((FlagState.Open, 2L, 1L), (await FlagsAsync(host)).Where(f => f.Id == hers.Id).Select(f => (f.State, f.Count, f.Judged!.Value)).Single());
        await Assert.ThrowsAnyAsync<DbException>(() => ExecuteAsync(host.Database.Db, "DELETE FROM acc_flag_verdict"));
        await Assert.ThrowsAnyAsync<DbException>(() => ExecuteAsync(host.Database.Db, "UPDATE acc_flag_verdict SET note = 'x'"));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Judges_that_end_at_any_point_lose_nothing_and_count_nothing_twice(DbEngine engine)
    {
        await using var database = await TestDb.CreateAsync(engine);
        await database.Db.MigrateAsync("access", typeof(AccessModule).Assembly, default);
        using var trail = new AuditTrail(null, database.Clock);
        using var checkpoints = new AuditCheckpoints(trail, database.Db);
        using var mover = new AuditMover(trail, database.Db, checkpoints, new AuditWindows(trail, database.Clock), database.Clock, NullLogger<AuditMover>.Instance);
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var expected = new Dictionary<(string, string), int>();
        for (var round = 0; round < 12; round++)
        {
            for (var i = random.Next(1, 400); i > 0; i--)
            {
                var (account, person) = ("bs" + random.Next(4), "p" + random.Next(9));
                var isEmergency = random.Next(3) == 0;
                trail.Append(new AuditEntry { Actor = account, Kind = AuditActor.Person, Roles = [Roles.Doctor], Action = AuditAction.Read, What = "record-open", Persons = [person], Purpose = isEmergency ? "ETREAT" : "TREAT" });
                if (isEmergency)
                {
                    expected[(account, person)] = expected.GetValueOrDefault((account, person)) + 1;
                }
            }

            // Each is a process of its own; some end in the middle.
            await Task.WhenAll(Enumerable.Range(0, 3).Select(async n =>
            {
                using var stop = new CancellationTokenSource();
                var judge = NewWatcher(n == 0 ? database.Db : database.OpenAnother(), mover, database.Clock);
                if (n > 0)
                {
                    stop.CancelAfter(random.Next(40));
                }

                try
                {
                    await judge.JudgeAsync(stop.Token);
                }
                catch (Exception e) when (n > 0 && e is OperationCanceledException or DbException)
                {
                    // Ended.
                }
            }));
        }

        await NewWatcher(database.Db, mover, database.Clock).JudgeAsync(default);
        await using var connection = await database.Db.OpenAsync(default);
        var found = (await connection.QueryAsync<(string Account, string Person, long Count)>("SELECT account, person, count FROM acc_flag WHERE rule = 'no-tie'")).ToDictionary(f => (f.Account, f.Person), f => (int)f.Count);
        Assert.True(expected.OrderBy(e => e.Key).SequenceEqual(found.OrderBy(f => f.Key)), $"seed {seed}");
    }

    private static LookWatcher NewWatcher(Db db, AuditMover mover, TestClock clock)
    {
        var workplaces = new Workplaces(db, clock, null!);
        return new LookWatcher(db, mover, new LookWindows(db, workplaces, clock, null), new LookBook(db, clock, null!, LookPolicy.Shipped), new OpenFlags(db, clock), clock, NullLogger<LookWatcher>.Instance);
    }

    internal static async Task<AccessHost> StartAsync(DbEngine engine)
    {
        var host = await (await AccessHost.StartAsync(engine, pages: true)).WithPeopleAsync();
        foreach (var id in new[] { "p1", "p2", "p3" })
        {
            await host.Store.CommitAsync(new Store.Commit { Writes = [new Store.Write(Store.WriteKind.Put, "Patient", id, System.Text.Encoding.UTF8.GetBytes($$"""{"resourceType":"Patient","id":"{{id}}"}"""))], Actor = "test" }, default);
        }

        return host;
    }

    internal static void Append(AccessHost host, string actor, string person, string purpose = "TREAT", string facility = "79001") =>
        host.App.Services.GetRequiredService<AuditTrail>().Append(new AuditEntry { Actor = actor, Kind = AuditActor.Person, Roles = [Roles.Doctor], Facility = facility, Action = AuditAction.Read, What = "record-open", Persons = [person], Purpose = purpose });

    internal static async Task<IReadOnlyList<Flag>> FlagsAsync(AccessHost host, FlagFilter? filter = null)
    {
        await host.App.Services.GetRequiredService<LookWatcher>().JudgeAsync(default);
        return await host.App.Services.GetRequiredService<Flags>().ListAsync(filter ?? new FlagFilter(), 100, 0, default);
    }

    private static async Task ExecuteAsync(Db db, string sql)
    {
        await using var connection = await db.OpenAsync(default);
        await connection.ExecuteAsync(sql);
    }
}
