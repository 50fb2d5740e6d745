using Mach.Access.Audit;
using Mach.Data;
using Mach.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mach.Access.Tests.Audit;

/// <summary>Whatever goes wrong while lines are moved, the hub goes on and the lines come through. Source: OWASP ASVS 5.0 V16.5.4.</summary>
public sealed class MoverTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task An_error_that_nobody_thought_of_stops_neither_the_mover_nor_its_lines(DbEngine engine)
    {
        await using var database = await TestDb.CreateAsync(engine);
        await database.Db.MigrateAsync("access", typeof(AccessModule).Assembly, default);
        using var trail = new AuditTrail(null, database.Clock);
        using var checkpoints = new AuditCheckpoints(trail, database.Db);
        var clock = new OddClock();
        using var mover = new AuditMover(trail, database.Db, checkpoints, new AuditWindows(trail, database.Clock), clock, NullLogger<AuditMover>.Instance);
        await mover.StartAsync(default);
        trail.Append(new AuditEntry { AtUs = database.Clock.Now.ToUs(), Actor = "bs", Kind = AuditActor.Person, What = "record-open", Persons = ["p1"] });
        for (var waited = 0; clock.Thrown < 2 && waited < 400; waited++)
        {
            await Task.Delay(50);
        }

        Assert.True(clock.Thrown >= 2, "The step never ran.");
        Assert.False(mover.ExecuteTask!.IsCompleted);
        clock.IsOdd = false;
        await mover.StopAsync(default);
        await using var connection = await database.Db.OpenAsync(default);
        Assert.Equal(1, await Dapper.SqlMapper.ExecuteScalarAsync<long>(connection, "SELECT COUNT(*) FROM acc_audit WHERE what = 'record-open'"));
    }

    /// <summary>A clock that fails as nothing in the mover's own code does.</summary>
    private sealed class OddClock : TimeProvider
    {
        public int Thrown { get; private set; }

        public bool IsOdd { get; set; } = true;

        public override DateTimeOffset GetUtcNow()
        {
            if (!IsOdd)
            {
                return DateTimeOffset.UnixEpoch.AddYears(56);
            }

            Thrown++;
            throw new NotSupportedException("odd");
        }
    }
}
