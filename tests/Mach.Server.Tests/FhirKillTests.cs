using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Mach.Data;
using Mach.Testing;

namespace Mach.Server.Tests;

/// <summary>kill -9 while programs write by FHIR: what was answered is there, a transaction is there whole or not at all, and the record verifies.</summary>
public sealed class FhirKillTests
{
    private const int Rounds = 3;
    private const int EnoughAnswers = 30;
    private const int MostRounds = 12;
    private const int Writers = 4;

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Every_answered_write_survives_a_kill_and_transactions_are_whole(DbEngine engine)
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        await using var hub = await HubProcess.StartAsync(engine);
        var sent = new ConcurrentBag<int>();
        var answered = new ConcurrentBag<string>();
        var number = 0;
        for (var round = 0; round < Rounds || (answered.Count < EnoughAnswers && round < MostRounds); round++)
        {
            var token = await hub.ClientTokenAsync();
            var writers = Enumerable.Range(0, Writers).Select(_ => Task.Run(() => WriteUntilDeadAsync(hub, token, () => Interlocked.Increment(ref number), sent, answered))).ToArray();
            await Task.Delay(random.Next(300, 1500));
            await hub.KillAsync();
            await Task.WhenAll(writers);
            await hub.StartAgainAsync();
        }

        Assert.True(answered.Count >= EnoughAnswers, $"Only {answered.Count} resources were answered; seed {seed}. {hub.Output}");
        var bearer = await hub.ClientTokenAsync();
        foreach (var place in answered)
        {
            using var read = await hub.GetAsync("/fhir/" + place, bearer);
            Assert.True(read.StatusCode == HttpStatusCode.OK, $"{place} was answered and is gone; seed {seed}");
        }

        foreach (var n in sent)
        {
            var (patients, notes) = (await CountAsync(hub, bearer, $"Patient?identifier=urn:kill|{n}"), await CountAsync(hub, bearer, $"Basic?identifier=urn:kill|{n}"));
            Assert.True(patients == notes && patients <= 1, $"transaction {n} is there in part: {patients}, {notes}; seed {seed}");
        }

        await hub.KillAsync();
        var (code, text) = await hub.CommandAsync("verify");
        Assert.True(code == 0, $"seed {seed}: {text}");
    }

    private static async Task<int> CountAsync(HubProcess hub, string bearer, string search)
    {
        using var found = await hub.GetAsync($"/fhir/{search}&_summary=count", bearer);
        return (await found.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("total").GetInt32();
    }

    private static async Task WriteUntilDeadAsync(HubProcess hub, string token, Func<int> next, ConcurrentBag<int> sent, ConcurrentBag<string> answered)
    {
        while (true)
        {
            var n = next();
            try
            {
                if (n % 2 == 0)
                {
                    using var created = await PostAsync(hub, token, "/fhir/Basic", """{"resourceType":"Basic","code":{"text":"một mình"}}""");
                    answered.Add(Place(created.Headers.Location!.ToString()));
                    continue;
                }

                sent.Add(n);
                using var answer = await PostAsync(hub, token, "/fhir", $$$"""
                    {"resourceType":"Bundle","type":"transaction","entry":[
                    {"fullUrl":"urn:uuid:00000000-0000-4000-8000-000000000001","resource":{"resourceType":"Patient","identifier":[{"system":"urn:kill","value":"{{{n}}}"}]},"request":{"method":"POST","url":"Patient"}},
                    {"resource":{"resourceType":"Basic","identifier":[{"system":"urn:kill","value":"{{{n}}}"}],"code":{"text":"hai"},"subject":{"reference":"urn:uuid:00000000-0000-4000-8000-000000000001"}},"request":{"method":"POST","url":"Basic"}}]}
                    """);
                foreach (var entry in (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("entry").EnumerateArray())
                {
                    answered.Add(Place(entry.GetProperty("response").GetProperty("location").GetString()!));
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private static async Task<HttpResponseMessage> PostAsync(HubProcess hub, string token, string path, string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/fhir+json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return (await hub.Http.SendAsync(request)).EnsureSuccessStatusCode();
    }

    /// <summary>"Type/id" of a location.</summary>
    private static string Place(string location) => string.Join('/', location.Split('/')[^4..^2]);
}
