using System.Diagnostics;
using Dapper;
using Mach.Data;

namespace Mach.Bench;

/// <summary>What the same machine does without a server in front: rows of 1 KB written and read by plain SQL, one statement each, by 16 clients. The FHIR figures of the same run stand beside it.</summary>
internal static class FloorBench
{
    private const int Rows = 20_000, Reads = 40_000, Writes = 4_000, Clients = 16;

    public static async Task RunAsync()
    {
        foreach (var engine in new[] { DbEngine.Sqlite, DbEngine.Postgres })
        {
            await using var db = engine == DbEngine.Sqlite
                ? Db.OpenSqlite(Path.Combine(Databases.Folder("floor"), "floor.db"))
                : Db.OpenPostgres((await Databases.NewAsync(engine))!);
            var body = new byte[1024];
            Random.Shared.NextBytes(body);
            await db.WriteAsync(async (connection, transaction) =>
            {
                await connection.ExecuteAsync(db.Sql("CREATE TABLE flr_row(id {bigint} PRIMARY KEY, body {bytes} NOT NULL) {strict}"), transaction: transaction);
                for (var i = 0; i < Rows; i++)
                {
                    await connection.ExecuteAsync("INSERT INTO flr_row(id, body) VALUES(@i, @body)", new { i, body }, transaction);
                }

                return 0;
            }, CancellationToken.None);

            await MeasureAsync(engine, "floor: one row read by key", Reads, async i =>
            {
                await using var connection = await db.OpenAsync(CancellationToken.None);
                return await connection.ExecuteScalarAsync<byte[]>("SELECT body FROM flr_row WHERE id=@id", new { id = i * 7919L % Rows });
            });
            await MeasureAsync(engine, "floor: one row written, durable, alone in its transaction", Writes, i => db.WriteAsync(
                (connection, transaction) => connection.ExecuteAsync("INSERT INTO flr_row(id, body) VALUES(@id, @body)", new { id = Rows + i, body }, transaction), CancellationToken.None));
        }
    }

    private static async Task MeasureAsync<T>(DbEngine engine, string what, int times, Func<int, Task<T>> run)
    {
        var next = -1;
        var (own, server) = (Cpu.Own(), engine == DbEngine.Postgres ? Cpu.Postgres() : 0);
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < times; i = Interlocked.Increment(ref next))
            {
                await run(i);
            }
        })));
        var cpu = Cpu.Own() - own + (engine == DbEngine.Postgres ? Cpu.Postgres() - server : 0);
        Figures.Row(what, engine.ToString(), $"{cpu * 1000 / times:0.000} ms CPU (client and database), {times / watch.Elapsed.TotalSeconds:0}/s");
    }
}
