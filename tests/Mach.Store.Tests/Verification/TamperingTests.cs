using Dapper;
using Mach.Data;
using Mach.Testing;

namespace Mach.Store.Tests.Verification;

/// <summary>Every kind of tampering shows.</summary>
public class TamperingTests : StoreTests
{
    private static readonly (string Name, string Sql, string Found)[] Kinds =
    [
        ("body", "UPDATE ver SET body=@bytes WHERE seq=2", "version 2"),
        ("body dropped", "UPDATE ver SET body=NULL WHERE seq=2", "version 2: the body does not have its hash"),
        ("version hash", "UPDATE ver SET sha=@bytes WHERE seq=2", "version 2: the body does not have its hash"),
        ("version removed", "DELETE FROM ver WHERE seq=2", "has a gap"),
        ("version added", "INSERT INTO ver(seq,pk,rid,vno,op,tx,codec,body,sha) SELECT 9,pk,rid,vno+1,op,9,codec,body,sha FROM ver WHERE seq=2", "belongs to no commit"),
        ("op", "UPDATE ver SET op=2 WHERE seq=2", "commit 2: its versions do not give its Merkle root"),
        ("commit hash", "UPDATE commit_log SET hash=@bytes WHERE tx=2", "commit 2: its hash is not that of its row"),
        ("commit root", "UPDATE commit_log SET root=@bytes WHERE tx=2", "commit 2"),
        ("commit actor", "UPDATE commit_log SET actor='ai đó' WHERE tx=2", "commit 2: its hash is not that of its row"),
        ("commit time", "UPDATE commit_log SET at=at+1 WHERE tx=2", "commit 2: its hash is not that of its row"),
        ("last commit removed", "DELETE FROM commit_log WHERE tx=4", "counters"),
        ("commit removed", "DELETE FROM commit_log WHERE tx=2", "the log has a gap"),
        ("head version", "UPDATE res SET seq=2, vno=1 WHERE fid='o1'", "Observation/o1: the head says version 1"),
        ("head name", "UPDATE res SET fid='o9' WHERE fid='o1'", "Merkle root"),
        ("head patient", "UPDATE res SET pk=rid WHERE fid='o1'", "Observation/o1: patient"),
        ("head undeleted", "UPDATE res SET del=0 WHERE fid='p2'", "Patient/p2"),
        ("manifest", "UPDATE res SET keys=@bytes WHERE fid='o1'", "Observation/o1: the key manifest"),
        ("token row removed", "DELETE FROM tok WHERE h=(SELECT MIN(h) FROM tok)", "index: missing tok"),
        ("token row added", "INSERT INTO tok(h,pk,dt,rid) SELECT 42,pk,dt,rid FROM tok WHERE h=(SELECT MAX(h) FROM tok)", "index: extra tok"),
        ("token row of another patient", "UPDATE tok SET pk=pk+1 WHERE h=(SELECT MIN(h) FROM tok)", "index: extra tok"),
        ("reference row removed", "DELETE FROM ref WHERE rid=(SELECT MAX(rid) FROM ref)", "index: missing ref"),
        ("string row changed", "UPDATE str SET s='le' WHERE s='huong'", "index: missing str"),
        ("date row changed", "UPDATE dat SET hi=hi+1", "index: extra dat"),
        ("quantity row added", "INSERT INTO qty(h,v,rid,pk) SELECT 7,1.5,rid,pk FROM res WHERE fid='o1'", "index: extra qty"),
        ("unique key without holder", "INSERT INTO uniq(h,rid) VALUES(5,999)", "uniq: a key is held by resource 999"),
        ("replaced version removed", "DELETE FROM past WHERE seq=2", "version 2: is missing in the list of replaced versions"),
        ("replaced version of another type", "UPDATE past SET type=type+1 WHERE seq=2", "version 2: does not belong in the list of replaced versions"),
        ("replaced version added", "INSERT INTO past(type,seq) SELECT type,seq FROM res WHERE fid='o1'", "version 5: does not belong"),
        ("persons taken for one", "INSERT INTO person(pk,grp) SELECT rid,rid FROM res WHERE fid='p1'", "person: resource"),
        ("counter", "UPDATE counter SET n=n+1 WHERE id=2", "counters"),
    ];

    public static TheoryData<DbEngine, string> Cases
    {
        get
        {
            var data = new TheoryData<DbEngine, string>();
            foreach (var engine in Enum.GetValues<DbEngine>().Where(TestDb.Includes))
            {
                foreach (var (name, _, _) in Kinds)
                {
                    data.Add(engine, name);
                }
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task Tampering_is_found(DbEngine engine, string kind)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit(Sample.Patient("p1")), None);
        await store.CommitAsync(Sample.Commit(Sample.Observation("o1", "p1", encounter: "e1"), Sample.Patient("p2", "Lê An")), None);
        await store.CommitAsync(Sample.Commit(Sample.Delete("Patient", "p2")), None);
        await store.CommitAsync(Sample.Commit(Sample.Observation("o1", "p1", "6.1", encounter: "e1")), None);
        await AssertCleanAsync(store, 4, 5);

        var (_, sql, found) = Kinds.First(k => k.Name == kind);
        var changed = await ExecuteAsync(test.Db, sql, sql.Contains("@bytes", StringComparison.Ordinal) ? new { bytes = await FlippedAsync(test.Db, sql) } : null);
        Assert.True(changed > 0, "nothing was tampered with");
        var report = await store.VerifyAsync(null, None);
        Assert.Contains(report.Problems, p => p.Contains(found, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_store_that_is_written_to_meanwhile_is_clean(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        for (var i = 0; i < 40; i++)
        {
            await store.CommitAsync(Sample.Commit(Sample.Patient("p" + i), Sample.Observation("o" + i, "p" + i)), None);
        }

        using var enough = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            var commits = 0;
            for (; !enough.IsCancellationRequested; commits++)
            {
                await store.CommitAsync(Sample.Commit(Sample.Patient("p" + commits % 40, "Lê Thị " + commits), Sample.Observation("n" + commits, "p" + commits % 40)), None);
            }

            return commits;
        });
        var reports = new List<VerifyReport>();
        // However slow the disk is beside the processor: until the log has moved on under several of them.
        while (reports.Count < 6 || (reports[^1].Commits < reports[0].Commits + 6 && reports.Count < 2_000))
        {
            reports.Add(await store.VerifyAsync(null, None));
        }

        await enough.CancelAsync();
        Assert.True(await writing > 6, "nothing was written meanwhile");
        Assert.All(reports, r => Assert.Empty(r.Problems));
        Assert.True(reports[^1].Commits > reports[0].Commits);
        Assert.Empty((await store.VerifyAsync(null, None)).Problems);
    }

    // The bytes that the statement is going to replace, with one bit in the middle the other way round.
    private static async Task<byte[]> FlippedAsync(Db db, string update)
    {
        var words = update.Split(' ');
        var column = words[3].Split('=')[0];
        await using var connection = await db.OpenAsync(None);
        var bytes = await connection.QuerySingleAsync<byte[]>($"SELECT {column} FROM {words[1]} {update[update.IndexOf("WHERE", StringComparison.Ordinal)..]}");
        bytes[bytes.Length / 2] ^= 0x10;
        return bytes;
    }
}
