using System.Net;
using Dapper;
using Mach.Access;
using Mach.Data;
using Mach.Testing;
using Npgsql;

namespace Mach.Intake.Tests.Http;

/// <summary>A full disk and a lost database: a clear answer, nothing acknowledged is lost, and it works again by itself.</summary>
public sealed class UnavailableTests
{
    [Fact]
    public async Task A_full_database_answers_503_and_takes_again_when_there_is_room()
    {
        if (!TestDb.Includes(DbEngine.Sqlite))
        {
            return;
        }

        await using var host = await PortalHost.StartAsync(DbEngine.Sqlite);
        using var system = await host.SystemAsync();
        var officer = await host.BrowserAsync(Roles.DataOfficer);
        var acknowledged = new List<string>();
        await SendAsync(system, acknowledged, 1, 3);
        host.Database.Db.LimitPages(await PagesAsync(host) + 24);
        var refused = 0;
        for (var i = 10; i < 200 && refused < 5; i++)
        {
            // One with a single dossier, and one with many: both ways of keeping the receipt.
            using var answer = i % 2 == 0
                ? await system.CheckInAsync(Samples.Visit("F" + i, number: "N" + i))
                : await system.CheckInAsync([.. Enumerable.Range(0, 20).Select(n => Samples.Visit($"F{i}-{n}", number: $"N{i}-{n}"))]);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                acknowledged.AddRange((await answer.JsonAsync()).GetProperty("hoSo").EnumerateArray().Select(d => d.GetProperty("maLk").GetString()!));
                continue;
            }

            await IsRefusedAsync(answer);
            refused++;
        }

        Assert.Equal(5, refused);
        foreach (var maLk in acknowledged)
        {
            using var kept = await system.GetAsync("/intake/dossiers/25001/" + maLk);
            Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
        }

        host.Database.Db.LimitPages(0);
        await SendAsync(system, acknowledged, 500, 503);
        using var list = await officer.GetAsync("/intake?state=receiving");
        Assert.DoesNotContain("/intake/receipts/", await list.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await host.IsCleanAsync();
    }

    [Fact]
    public async Task A_lost_connection_answers_503_and_takes_again_when_the_server_is_back()
    {
        if (!TestDb.Includes(DbEngine.Postgres))
        {
            return;
        }

        var server = new NpgsqlConnectionStringBuilder(Environment.GetEnvironmentVariable("MACH_TEST_POSTGRES"));
        // A cable is pulled out of the network: a server whose socket in the file system is named listens there too.
        using var cable = new Cable(server.Host!.StartsWith('/') ? "127.0.0.1" : server.Host, server.Port);
        Db? carried = null;
        await using var host = await PortalHost.StartAsync(DbEngine.Postgres, open: database => carried = Db.OpenPostgres(new NpgsqlConnectionStringBuilder(database.Location) { Host = "127.0.0.1", Port = cable.Port }.ConnectionString));
        await using var closing = carried;
        using var system = await host.SystemAsync();
        var acknowledged = new List<string>();
        await SendAsync(system, acknowledged, 1, 3);
        cable.Pull();
        for (var i = 0; i < 4; i++)
        {
            using var answer = i % 2 == 0 ? await system.CheckInAsync(Samples.Visit("GONE")) : await system.CheckInAsync(Samples.Visit("GONE1"), Samples.Visit("GONE2"));
            await IsRefusedAsync(answer);
        }

        cable.PutIn();
        await SendAsync(system, acknowledged, 20, 23);
        foreach (var maLk in acknowledged)
        {
            using var kept = await system.GetAsync("/intake/dossiers/25001/" + maLk);
            Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
        }

        await host.IsCleanAsync();
    }

    [Fact]
    public async Task Connections_that_end_while_dossiers_come_lose_nothing_that_was_answered()
    {
        if (!TestDb.Includes(DbEngine.Postgres))
        {
            return;
        }

        await using var host = await PortalHost.StartAsync(DbEngine.Postgres);
        using var system = await host.SystemAsync();
        var acknowledged = new List<string>();
        await SendAsync(system, acknowledged, 1, 2);
        var name = new NpgsqlConnectionStringBuilder(host.Database.Location).Database!;
        var sending = Enumerable.Range(0, 4).Select(async client =>
        {
            for (var i = 0; i < 12; i++)
            {
                var visits = Enumerable.Range(0, 8).Select(n => Samples.Visit($"P{client}-{i}-{n}", national: $"02519900{client}{i:00}{n}", card: null, number: $"N{client}-{i}-{n}")).ToArray();
                using var answer = await system.CheckInAsync(visits);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    lock (acknowledged)
                    {
                        acknowledged.AddRange(visits.Select(v => v.MaLk));
                    }
                }
                else
                {
                    Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
                }
            }
        }).ToList();
        for (var i = 0; i < 5; i++)
        {
            await Task.Delay(60);
            await AdministerAsync(host, $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
        }

        await Task.WhenAll(sending);
        await SendAsync(system, acknowledged, 20, 21);
        foreach (var maLk in acknowledged)
        {
            using var kept = await system.GetAsync("/intake/dossiers/25001/" + maLk);
            Assert.True(kept.StatusCode == HttpStatusCode.OK, maLk);
        }

        await host.IsCleanAsync();
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_spool_folder_that_takes_nothing_is_the_hub_s_trouble_and_not_the_sender_s(DbEngine engine)
    {
        var place = Path.Combine(Path.GetTempPath(), "mach-no-spool-" + Guid.CreateVersion7().ToString("N"));
        await File.WriteAllTextAsync(place, "a file stands where the folder should be");
        try
        {
            await using var host = await PortalHost.StartAsync(engine, spool: place);
            using var system = await host.SystemAsync();
            var large = Samples.Visit("LARGE", diagnosis: new string('a', 600_000));
            using (var answer = await system.CheckInAsync(large))
            {
                await IsRefusedAsync(answer);
            }

            Assert.Equal(0, await host.FeedAsync());
            File.Delete(place);
            using var again = await system.CheckInAsync(large);
            Assert.Equal(HttpStatusCode.OK, again.StatusCode);
            await host.IsCleanAsync();
        }
        finally
        {
            if (Directory.Exists(place))
            {
                Directory.Delete(place, recursive: true);
            }
            else
            {
                File.Delete(place);
            }
        }
    }

    private static async Task SendAsync(HttpClient system, List<string> acknowledged, int from, int to)
    {
        for (var i = from; i <= to; i++)
        {
            using var answer = await system.CheckInAsync(Samples.Visit("S" + i));
            Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
            acknowledged.Add("S" + i);
        }
    }

    private static async Task IsRefusedAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.ServiceUnavailable, $"{answer.StatusCode} {text}");
        Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.NotEmpty(text);
    }

    private static async Task<long> PagesAsync(PortalHost host)
    {
        await using var connection = await host.Database.Db.OpenAsync(default);
        return await connection.ExecuteScalarAsync<long>("PRAGMA page_count");
    }

    /// <summary>Speaks to the server through another database of it.</summary>
    private static async Task AdministerAsync(PortalHost host, string sql)
    {
        var text = new NpgsqlConnectionStringBuilder(host.Database.Location) { Database = "postgres", Pooling = false }.ConnectionString;
        await using var connection = new NpgsqlConnection(text);
        await connection.OpenAsync();
        await connection.ExecuteAsync(sql);
    }
}
