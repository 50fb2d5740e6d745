using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Dapper;
using Mach.Access;
using Mach.Access.Audit;
using Mach.Access.Tokens;
using Mach.Data;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mach.Bench;

/// <summary>
/// What trust costs at the door: a FHIR read and a patient search over HTTP by a doctor of one facility, beside a program that no policy narrows, on the same people;
/// and the line of the audit trail that each of them leaves, from the request to the table. Rounds alternate; the median of the rounds' ratios counts.
/// </summary>
internal static class DoorBench
{
    private const int Rounds = 7, Requests = 2000, AtOnce = 8, Lines = 20_000;

    /// <summary>As a doctor's read makes it.</summary>
    private static readonly AuditEntry Line = new()
    {
        Actor = "bacsi.tuyen",
        Kind = AuditActor.Person,
        Roles = ["doctor"],
        Facility = "25001",
        Session = "01J9ZK3N8Q",
        Address = "10.1.2.3",
        Action = AuditAction.Read,
        What = "fhir-read",
        Door = "GET /fhir/{type}/{id}",
        Purpose = "TREAT",
        Shown = 1,
    };

    public static async Task RunAsync()
    {
        foreach (var engine in new[] { DbEngine.Sqlite, DbEngine.Postgres })
        {
            var line = await LineAsync(engine);
            var data = Databases.Folder("door-" + engine);
            // A person is slower than this.
            await File.WriteAllTextAsync(Path.Combine(data, "sign-in.json"), """{ "requestsPerMinute": { "person": 0, "program": 0, "address": 0 } }""");
            var connection = await Databases.NewAsync(engine);
            await using var hub = await HubUnderTest.StartAsync(data, engine, connection, "small");
            using var program = Caller(hub, await hub.ProgramTokenAsync());
            // A token of a program that acts for the doctor: what differs from the other program is the policy alone.
            await using var db = connection is null ? Db.OpenSqlite(Path.Combine(data, "mach.db")) : Db.OpenPostgres(connection);
            using var doctor = Caller(hub, await DoctorTokenAsync(db, hub.Demo.GetProperty("client").GetProperty("id").GetString()!));
            var found = JsonDocument.Parse(await doctor.GetStringAsync("/fhir/Patient?_count=100")).RootElement.GetProperty("entry");
            var ids = found.EnumerateArray().Select(e => e.GetProperty("resource").GetProperty("id").GetString()!).ToList();
            await MeasureAsync("FHIR read over HTTP", engine, 1.25, hub, doctor, program, ids, line, static id => "/fhir/Patient/" + id);
            await MeasureAsync("FHIR patient search over HTTP", engine, 1.35, hub, doctor, program, ids, line, static id => $"/fhir/Observation?patient={id}&_sort=-date&_count=20");
        }
    }

    private static async Task<string> DoctorTokenAsync(Db db, string client)
    {
        var token = await new Tickets(db, TimeProvider.System).IssueAsync(Tickets.User, "bacsi.tuyen", "user/*.rs", TimeSpan.FromHours(2), default);
        await using var session = await db.BeginWriteAsync(default);
        await session.Connection.ExecuteAsync("UPDATE acc_token SET client=@client WHERE kind='user'", new { client }, session.Transaction);
        await session.CommitAsync(default);
        return token;
    }

    private static HttpClient Caller(HubUnderTest hub, string token)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = hub.Http.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private static async Task MeasureAsync(string what, DbEngine engine, double most, HubUnderTest hub, HttpClient doctor, HttpClient program, List<string> ids, double line, Func<string, string> path)
    {
        List<double> ratios = [], cost = [];
        for (var round = 0; round <= Rounds; round++)
        {
            var without = await CpuAsync(hub, program, ids, path);
            var with = await CpuAsync(hub, doctor, ids, path);
            if (round > 0)
            {
                ratios.Add(with / without);
                cost.Add(with);
            }
        }

        var middle = Figures.Percentile(cost, 0.5);
        Figures.Row($"{what}: doctor of a facility / program without a policy, CPU of hub and database", engine.ToString(), $"{Figures.Percentile(ratios, 0.5):0.00} ({middle:0} µs)", $"≤ {most:0.00}");
        Figures.Row($"{what}: its audit line, kept and moved to the table, of the rest", engine.ToString(), $"{line / (middle - line) * 100:0} % ({line:0} µs)", "≤ 15 %");
    }

    private static async Task<double> CpuAsync(HubUnderTest hub, HttpClient client, List<string> ids, Func<string, string> path)
    {
        var before = Cpu.Of(hub.ProcessId) + Cpu.Postgres();
        // Several at once, so that threads work and do not spin while they wait for the next request.
        await Parallel.ForEachAsync(Enumerable.Range(0, Requests), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, ct) =>
        {
            using var answer = await client.GetAsync(path(ids[i % ids.Count]), ct);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                throw new InvalidOperationException($"{path(ids[i % ids.Count])} answered {(int)answer.StatusCode}.");
            }
        });
        return (Cpu.Of(hub.ProcessId) + Cpu.Postgres() - before) / Requests * 1e6;
    }

    /// <summary>Microseconds of CPU from a line's making to its place in the table, in this process and the database, moved as often as a hub does.</summary>
    private static async Task<double> LineAsync(DbEngine engine)
    {
        var folder = Databases.Folder("audit-" + engine);
        var connection = await Databases.NewAsync(engine);
        await using var db = connection is null ? Db.OpenSqlite(Path.Combine(folder, "mach.db")) : Db.OpenPostgres(connection);
        await db.MigrateAsync("access", typeof(AccessModule).Assembly, default);
        using var trail = new AuditTrail(Path.Combine(folder, "audit"), TimeProvider.System);
        using var checkpoints = new AuditCheckpoints(trail, db);
        using var mover = new AuditMover(trail, db, checkpoints, new AuditWindows(trail, TimeProvider.System), TimeProvider.System, NullLogger<AuditMover>.Instance);
        var cost = 0.0;
        for (var half = 0; half < 2; half++)
        {
            var before = Cpu.Own() + Cpu.Postgres();
            for (var i = 0; i < Lines; i++)
            {
                trail.Append(Line with { Resource = "Patient/p" + i, Persons = ["p" + i] });
                // A busy hub answers some hundred requests in the second between two moves.
                if (i % 500 == 499)
                {
                    await mover.DrainAsync(default);
                }
            }

            cost = (Cpu.Own() + Cpu.Postgres() - before) / Lines * 1e6;
        }

        return cost;
    }
}
