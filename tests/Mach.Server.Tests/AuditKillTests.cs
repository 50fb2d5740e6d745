using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Dapper;
using Mach.Data;
using Mach.Testing;

namespace Mach.Server.Tests;

/// <summary>kill -9 while programs read: every read that was answered has its line, once, and the trail verifies.</summary>
public sealed class AuditKillTests
{
    private const int Rounds = 3;
    private const int Readers = 4;

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Every_answered_read_has_its_line_after_a_kill(DbEngine engine)
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        await using var hub = await HubProcess.StartAsync(engine);
        var answered = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        for (var round = 0; round < Rounds; round++)
        {
            var token = await hub.ClientTokenAsync();
            // Each reader has people of its own, so that lines can be told apart by whom they name.
            var people = Enumerable.Range(0, Readers).Select(r => $"doc-{round}-{r}").ToArray();
            foreach (var person in people)
            {
                using var put = new HttpRequestMessage(HttpMethod.Put, "/fhir/Patient/" + person) { Content = new StringContent($$"""{"resourceType":"Patient","id":"{{person}}"}""", Encoding.UTF8, "application/fhir+json") };
                put.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                (await hub.Http.SendAsync(put)).EnsureSuccessStatusCode();
            }

            var readers = people.Select(p => Task.Run(() => ReadUntilDeadAsync(hub, token, p, answered))).ToArray();
            await Task.Delay(random.Next(500, 2500));
            await hub.KillAsync();
            await Task.WhenAll(readers);
            await hub.StartAgainAsync();
        }

        await hub.KillAsync();
        var (code, text) = await hub.CommandAsync("verify");
        Assert.True(code == 0, $"seed {seed}: {text}");
        Assert.True(answered.Values.Sum() > 100, $"Only {answered.Values.Sum()} reads were answered; seed {seed}. {hub.Output}");
        await using var db = hub.OpenDatabase();
        await using var connection = await db.OpenAsync(default);
        foreach (var (person, count) in answered)
        {
            var lines = await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM acc_audit a JOIN acc_audit_person p ON p.chain = a.chain AND p.seq = a.seq WHERE p.person = @person AND a.what = 'fhir-read'", new { person });
            // One more may have its line and no answer: the one that the kill cut off.
            Assert.True(lines == count || lines == count + 1, $"{person}: {count} reads answered, {lines} lines; seed {seed}");
        }
    }

    private static async Task ReadUntilDeadAsync(HubProcess hub, string token, string person, ConcurrentDictionary<string, int> answered)
    {
        while (true)
        {
            try
            {
                using var answer = await hub.GetAsync("/fhir/Patient/" + person, token);
                if (answer.StatusCode != HttpStatusCode.OK || (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString() != person)
                {
                    return;
                }

                answered.AddOrUpdate(person, 1, static (_, n) => n + 1);
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
