using System.Data.Common;
using System.Net;
using System.Text;
using Dapper;
using Mach.Access.Audit;
using Mach.Data;
using Mach.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Access.Tests.Audit;

public sealed class TrailTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mach-trail-").FullName;

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<AccessHost> StartAsync(DbEngine engine) => AccessHost.StartAsync(engine, new AccessOptions { AuditFolder = _folder });

    private static AuditReader Reader(AccessHost host) => host.App.Services.GetRequiredService<AuditReader>();

    [Theory, MemberData(nameof(Engines))]
    public async Task Each_fhir_door_leaves_a_line_with_whom_it_showed(DbEngine engine)
    {
        await using var host = await (await StartAsync(engine)).WithClientAsync("system/*.cruds");
        var program = await host.SignedInProgramAsync();
        await PutAsync(program, "Patient/a", """{"resourceType":"Patient","id":"a","identifier":[{"system":"urn:cccd","value":"079085001234"}]}""");
        await PutAsync(program, "Observation/o", """{"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/a"}}""");
        (string Path, string Door, string What, string[] Persons)[] doors =
        [
            ("Patient/a", "GET /fhir/{type}/{id}", "fhir-read", ["a"]),
            ("Observation/o", "GET /fhir/{type}/{id}", "fhir-read", ["a"]),
            ("Observation/o/_history/1", "GET /fhir/{type}/{id}/_history/{version}", "fhir-vread", ["a"]),
            ("Observation?status=final", "GET /fhir/{type}", "fhir-search", ["a"]),
            ("Patient?identifier=urn:cccd|079085001234", "GET /fhir/{type}", "fhir-search", ["a"]),
            ("Patient?identifier=urn:cccd|000000000000", "GET /fhir/{type}", "fhir-search", []),
            ("Patient/a/Observation", "GET /fhir/{compartment}/{id}/{type}", "fhir-search-compartment", ["a"]),
            ("Observation/o/_history", "GET /fhir/{type}/{id}/_history", "fhir-history-instance", ["a"]),
            ("_history", "GET /fhir/_history", "fhir-history-system", ["a"]),
            ("Observation/none", "GET /fhir/{type}/{id}", "fhir-read", []),
        ];
        foreach (var (path, door, what, persons) in doors)
        {
            await program.GetAsync("/fhir/" + path);
            var line = (await Reader(host).ListAsync(new AuditFilter(), 1, null, default)).Lines.Single().Entry;
            Assert.Equal((path, door, what, AccessHost.ClientId, AuditActor.Program), (path, line.Door, line.What, line.Actor, line.Kind));
            Assert.Equal(persons, line.Persons ?? []);
            Assert.Equal(path == "Observation/none" ? AccessOutcome.Failed : AccessOutcome.Ok, line.Outcome);
        }

        var everything = await program.GetAsync("/fhir/Patient/a/$everything");
        Assert.Equal(HttpStatusCode.OK, everything.StatusCode);
        var all = (await Reader(host).ListAsync(new AuditFilter(Person: "a"), 1, null, default)).Lines.Single().Entry;
        Assert.Equal((2, AuditAction.Execute), (all.Shown, all.Action));
        await host.App.StopAsync();
        Assert.Empty((await AuditVerification.VerifyAsync(host.Database.Db, _folder, default)).Problems);
        // The number that was searched for stands nowhere, neither in the files nor in the table.
        Assert.DoesNotContain(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "lock"), f => Encoding.UTF8.GetString(File.ReadAllBytes(f)).Contains("079085001234", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_bundle_names_whom_its_entries_showed_and_changed(DbEngine engine)
    {
        await using var host = await (await StartAsync(engine)).WithClientAsync("system/*.cruds");
        var program = await host.SignedInProgramAsync();
        await PutAsync(program, "Patient/a", """{"resourceType":"Patient","id":"a"}""");
        var batch = await program.PostAsync("/fhir", Content.Json("""
            {"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"Patient/a"}},
            {"resource":{"resourceType":"Patient","id":"b"},"request":{"method":"PUT","url":"Patient/b"}}]}
            """));
        Assert.Equal(HttpStatusCode.OK, batch.StatusCode);
        var line = (await Reader(host).ListAsync(new AuditFilter(), 1, null, default)).Lines.Single().Entry;
        Assert.Equal(("fhir-bundle", "a,b"), (line.What, string.Join(',', line.Persons!.Order())));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Refusals_leave_lines(DbEngine engine)
    {
        await using var host = await (await StartAsync(engine)).WithPeopleAsync();
        await host.Program(address: "10.9.9.9").GetAsync("/fhir/Patient/a");
        var nobody = (await Reader(host).ListAsync(new AuditFilter(Outcome: AccessOutcome.Denied), 10, null, default)).Lines.Single();
        Assert.Equal(("?", "10.9.9.9", "401"), (nobody.Entry.Actor, nobody.Entry.Address, nobody.Entry.Detail));
        var registrar = await host.SignedInBrowserAsync(Roles.Registrar);
        await registrar.GetAsync("/probe/" + Policies.ReadRecord);
        var denied = (await Reader(host).ListAsync(new AuditFilter(Actor: Roles.Registrar, Outcome: AccessOutcome.Denied), 10, null, default)).Lines.Single();
        Assert.Equal(("denied", "GET /probe/record.read"), (denied.Entry.What, denied.Entry.Detail));
        Assert.Equal([Roles.Registrar], denied.Entry.Roles);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Nothing_is_answered_when_the_line_cannot_be_kept(DbEngine engine)
    {
        await using var host = await (await StartAsync(engine)).WithClientAsync("system/*.cruds");
        var program = await host.SignedInProgramAsync();
        await PutAsync(program, "Patient/a", """{"resourceType":"Patient","id":"a"}""");
        await host.App.Services.GetRequiredService<AuditMover>().DrainAsync(default);
        host.App.Services.GetRequiredService<AuditTrail>().Dispose();
        var answer = await program.GetAsync("/fhir/Patient/a");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.DoesNotContain("\"Patient\"", await answer.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/fhir/metadata")).StatusCode);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_mover_that_ended_before_it_forgot_puts_nothing_twice(DbEngine engine)
    {
        await using var database = await TestDb.CreateAsync(engine);
        await database.Db.MigrateAsync("access", typeof(AccessModule).Assembly, default);
        for (var round = 0; round < 3; round++)
        {
            // Each round is a process that moved what there was and ended without a word; its files are as they were.
            using var trail = new AuditTrail(_folder, database.Clock);
            using var checkpoints = new AuditCheckpoints(trail, database.Db);
            using var mover = new AuditMover(trail, database.Db, checkpoints, new AuditWindows(trail, database.Clock), database.Clock, Microsoft.Extensions.Logging.Abstractions.NullLogger<AuditMover>.Instance);
            trail.Append(new AuditEntry { Actor = "a" + round, What = "thử", Persons = ["p"] });
            await mover.DrainAsync(default);
            var report = await AuditVerification.VerifyAsync(database.Db, _folder, default);
            Assert.Equal(round + 1, report.Lines);
            Assert.Empty(report.Problems);
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task The_log_from_before_becomes_a_chain(DbEngine engine)
    {
        await using var database = await TestDb.CreateAsync(engine);
        await database.Db.MigrateAsync("access", typeof(AccessModule).Assembly, default);
        await ExecuteAsync(database.Db, "INSERT INTO acc_event(id, at, actor, action, outcome, person) VALUES ('1', 5, 'bs.mai', 'record-open', 'ok', 'p1'), ('2', 6, '?', 'sign-in', 'failed', NULL)");
        Assert.Equal(2, await OldLog.TakeOverAsync(database.Db, default));
        Assert.Equal(0, await OldLog.TakeOverAsync(database.Db, default));
        var report = await AuditVerification.VerifyAsync(database.Db, _folder, default);
        Assert.Equal(2, report.Lines);
        Assert.Empty(report.Problems);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task The_engine_refuses_to_change_or_delete_lines(DbEngine engine)
    {
        await using var database = await FilledAsync(engine, 3);
        foreach (var table in new[] { "acc_audit", "acc_audit_person", "acc_audit_checkpoint" })
        {
            await Assert.ThrowsAnyAsync<DbException>(() => ExecuteAsync(database.Db, $"DELETE FROM {table}"));
            await Assert.ThrowsAnyAsync<DbException>(() => ExecuteAsync(database.Db, $"UPDATE {table} SET seq = seq + 100"));
            if (engine == DbEngine.Postgres)
            {
                await Assert.ThrowsAnyAsync<DbException>(() => ExecuteAsync(database.Db, $"TRUNCATE {table}"));
            }
        }
    }

    /// <summary>SQLite does not ask the triggers of DELETE when REPLACE takes a row away.</summary>
    [Theory, MemberData(nameof(Engines))]
    public async Task The_engine_refuses_to_put_a_row_in_the_place_of_another(DbEngine engine)
    {
        await using var database = await FilledAsync(engine, 2);
        (string Table, string Columns, string Other)[] tables =
        [
            ("acc_audit", "chain, seq, at, actor, action, what, outcome, body, hash", "chain, seq, at, 'ai khác', action, what, outcome, body, hash"),
            ("acc_audit_person", "person, at, chain, seq", "person, at, chain, seq"),
            ("acc_audit_checkpoint", "chain, seq, at, hash, key_id, signature", "chain, seq, at + 1, hash, key_id, signature"),
        ];
        foreach (var (table, columns, other) in tables)
        {
            string[] attacks = engine == DbEngine.Postgres
                ? [$"INSERT INTO {table}({columns}) SELECT {other} FROM {table} ON CONFLICT ({(table == "acc_audit_person" ? "person, at, chain, seq" : "chain, seq")}) DO UPDATE SET at = excluded.at"]
                : [
                    $"INSERT OR REPLACE INTO {table}({columns}) SELECT {other} FROM {table}",
                    $"REPLACE INTO {table}({columns}) SELECT {other} FROM {table}",
                    $"INSERT OR REPLACE INTO {table}(rowid, {columns}) SELECT rowid, {other.Replace("chain", "'neu'", StringComparison.Ordinal)} FROM {table}",
                    $"UPDATE OR REPLACE {table} SET seq = 1",
                    $"INSERT INTO {table}({columns}) SELECT {other} FROM {table} WHERE true ON CONFLICT DO UPDATE SET at = excluded.at",
                ];
            foreach (var attack in attacks)
            {
                await Assert.ThrowsAnyAsync<DbException>(() => ExecuteAsync(database.Db, attack));
            }
        }

        Assert.Equal((2, 0), await AuditVerification.VerifyAsync(database.Db, _folder, default) is var report ? ((int)report.Lines, report.Problems.Count) : default);
    }

    /// <summary>Somebody with the rights of the database's owner, who takes the triggers away first.</summary>
    [Theory, MemberData(nameof(Engines))]
    public async Task Tampering_beside_the_program_is_found(DbEngine engine)
    {
        (string Sql, string Found)[] attacks =
        [
            ("UPDATE acc_audit SET actor = 'ai khác' WHERE seq = 2", "-2: the columns"),
            ("UPDATE acc_audit SET hash = body WHERE seq = 3", "-3: the line or its hash"),
            ("DELETE FROM acc_audit WHERE seq = 2", "lines 2 to 2 are missing"),
            ("DELETE FROM acc_audit WHERE seq >= 4", "which is gone"),
            ("DELETE FROM acc_audit_person WHERE seq = 1", "-1: the columns"),
            ("UPDATE acc_audit_checkpoint SET hash = signature", "not signed by the key"),
            ("DELETE FROM acc_audit_checkpoint", "lines were taken away"),
        ];
        foreach (var (sql, found) in attacks)
        {
            Directory.Delete(_folder, recursive: true);
            Directory.CreateDirectory(_folder);
            await using var database = await FilledAsync(engine, 5);
            Assert.Empty((await AuditVerification.VerifyAsync(database.Db, _folder, default)).Problems);
            await DropTriggersAsync(database.Db);
            await ExecuteAsync(database.Db, sql);
            var problems = (await AuditVerification.VerifyAsync(database.Db, _folder, default)).Problems;
            Assert.True(problems.Any(p => p.Contains(found, StringComparison.Ordinal)), $"{sql}: {string.Join("; ", problems)}");
        }
    }

    /// <summary>The end of the chain cut off with its checkpoints, in the table: the file beside it still knows.</summary>
    [Theory, MemberData(nameof(Engines))]
    public async Task A_tail_cut_off_with_its_checkpoints_is_found_by_the_file(DbEngine engine)
    {
        await using var database = await FilledAsync(engine, 5);
        await DropTriggersAsync(database.Db);
        foreach (var table in new[] { "acc_audit", "acc_audit_person", "acc_audit_checkpoint" })
        {
            await ExecuteAsync(database.Db, $"DELETE FROM {table} WHERE seq >= 3");
        }

        var problems = (await AuditVerification.VerifyAsync(database.Db, _folder, default)).Problems;
        Assert.Contains(problems, p => p.Contains("lines were taken away", StringComparison.Ordinal));
        File.AppendAllText(AuditCheckpoints.FileOf(_folder), """{"Chain":"x","Seq":9,"AtUs":1,"Hash":"00","KeyId":"00","Signature":"AAAA"}""" + "\n");
        Assert.Contains((await AuditVerification.VerifyAsync(database.Db, _folder, default)).Problems, p => p.Contains("is not signed by the key", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Filters_find_what_brute_force_finds_page_by_page(DbEngine engine)
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        await using var host = await StartAsync(engine);
        var trail = host.App.Services.GetRequiredService<AuditTrail>();
        var all = new List<AuditEntry>();
        for (var i = 0; i < 200; i++)
        {
            var entry = new AuditEntry
            {
                AtUs = 1_700_000_000_000_000 + (random.Next(0, 400) * 3_600_000_000L),
                Actor = "a" + random.Next(3),
                Action = (AuditAction)random.Next(5),
                What = "w" + random.Next(3),
                Facility = random.Next(2) == 0 ? null : "f" + random.Next(2),
                Address = "10.0.0." + random.Next(2),
                Outcome = (AccessOutcome)random.Next(3),
                Persons = random.Next(3) == 0 ? null : [.. Enumerable.Range(0, random.Next(1, 4)).Select(p => "p" + p)],
            };
            trail.Append(entry);
            all.Add(entry);
        }

        for (var round = 0; round < 25; round++)
        {
            T? Maybe<T>(T value) where T : class => random.Next(3) == 0 ? value : null;
            var filter = new AuditFilter(Maybe("p" + random.Next(3)), Maybe("a" + random.Next(3)), Maybe("f" + random.Next(2)), random.Next(4) == 0 ? (AuditAction)random.Next(5) : null,
                Maybe("w" + random.Next(3)), random.Next(4) == 0 ? (AccessOutcome)random.Next(3) : null, Maybe("10.0.0.1"), random.Next(3) == 0 ? 1_700_500_000_000_000 : null, random.Next(3) == 0 ? 1_701_000_000_000_000 : null);
            var wanted = all.Where(e => (filter.Person is null || e.Persons?.Contains(filter.Person) == true) && (filter.Actor is null || e.Actor == filter.Actor)
                && (filter.Facility is null || e.Facility == filter.Facility) && (filter.Action is null || e.Action == filter.Action) && (filter.What is null || e.What == filter.What)
                && (filter.Outcome is null || e.Outcome == filter.Outcome) && (filter.Address is null || e.Address == filter.Address)
                && (filter.FromUs is null || e.AtUs >= filter.FromUs) && (filter.ToUs is null || e.AtUs < filter.ToUs)).ToList();
            var found = new List<AuditLine>();
            string? after = null;
            do
            {
                var page = await Reader(host).ListAsync(filter, 7, after, default);
                found.AddRange(page.Lines);
                after = page.Next;
            }
            while (after is not null);
            Assert.True(found.Select(l => l.Id).Distinct().Count() == wanted.Count && found.Count == wanted.Count, $"{filter}, seed {seed}");
            Assert.Equal(wanted.Select(e => e.AtUs).OrderDescending(), found.Select(l => l.Entry.AtUs));
            Assert.Equal(wanted.Count, (await Reader(host).DaysAsync(filter, default)).Sum(d => d.Count));
        }
    }

    private async Task<TestDb> FilledAsync(DbEngine engine, int lines)
    {
        var database = await TestDb.CreateAsync(engine);
        await database.Db.MigrateAsync("access", typeof(AccessModule).Assembly, default);
        using var trail = new AuditTrail(_folder, database.Clock);
        using var checkpoints = new AuditCheckpoints(trail, database.Db);
        using var mover = new AuditMover(trail, database.Db, checkpoints, new AuditWindows(trail, database.Clock), database.Clock, Microsoft.Extensions.Logging.Abstractions.NullLogger<AuditMover>.Instance);
        for (var i = 0; i < lines; i++)
        {
            trail.Append(new AuditEntry { Actor = "bs.mai", What = "fhir-read", Persons = ["p" + i] });
            await mover.DrainAsync(default);
            await checkpoints.SignAsync(trail.Spool!.Chain, now: true, database.Clock.GetUtcNow(), default);
        }

        return database;
    }

    private static async Task DropTriggersAsync(Db db)
    {
        foreach (var table in new[] { "acc_audit", "acc_audit_person", "acc_audit_checkpoint" })
        {
            foreach (var trigger in db.Engine == DbEngine.Sqlite ? new[] { "update", "delete" } : ["change", "truncate"])
            {
                await ExecuteAsync(db, db.Engine == DbEngine.Sqlite ? $"DROP TRIGGER {table}_no_{trigger}" : $"DROP TRIGGER {table}_no_{trigger} ON {table}");
            }
        }
    }

    private static Task<int> ExecuteAsync(Db db, string sql) => db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(sql, transaction: transaction), default);

    private static async Task PutAsync(HttpClient program, string place, string json) =>
        Assert.Equal(HttpStatusCode.Created, (await program.PutAsync("/fhir/" + place, Content.Json(json))).StatusCode);
}
