using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Mach.Data;
using Mach.Demo;
using Mach.Testing;
using Mach.Vietnam.Bhyt;

namespace Mach.Server.Tests;

/// <summary>kill -9 at random moments: what was answered is there afterwards, once.</summary>
public sealed class KillTests
{
    private const int Rounds = 5;
    /// <summary>On a slow machine more rounds are played, until so many dossiers were answered that their survival says something.</summary>
    private const int EnoughAnswers = 30;
    private const int MostRounds = 20;
    private const int Senders = 4;

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Every_answered_receipt_survives_a_kill_once_and_the_record_verifies(DbEngine engine)
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        await using var hub = await HubProcess.StartAsync(engine);
        var envelopes = new ConcurrentQueue<(List<Dossier> Dossiers, byte[] Bytes)>(Envelopes(dossiers: 1500));
        var answered = new ConcurrentBag<(string Facility, string MaLk)>();
        for (var round = 0; round < Rounds || (answered.Count < EnoughAnswers && round < MostRounds); round++)
        {
            var token = await hub.IntakeTokenAsync();
            var senders = Enumerable.Range(0, Senders).Select(_ => Task.Run(() => SendUntilDeadAsync(hub, token, envelopes, answered))).ToArray();
            await Task.Delay(random.Next(150, 2500));
            await hub.KillAsync();
            await Task.WhenAll(senders);
            await hub.StartAgainAsync();
        }

        Assert.True(answered.Count >= EnoughAnswers, $"Only {answered.Count} dossiers were answered; seed {seed}. {hub.Output}");
        var bearer = await hub.ClientTokenAsync();
        var intake = await hub.IntakeTokenAsync();
        foreach (var (facility, maLk) in answered.Distinct())
        {
            using var dossier = await hub.GetAsync($"/intake/dossiers/{facility}/{Uri.EscapeDataString(maLk)}", intake, "application/xml");
            Assert.True(dossier.StatusCode == HttpStatusCode.OK, $"{facility}/{maLk} was answered and is gone; seed {seed}");
            using var found = await hub.GetAsync($"/fhir/Encounter?identifier={Uri.EscapeDataString($"{Vietnam.Systems.EpisodeNumber(facility)}|{maLk}")}&_summary=count", bearer);
            Assert.Equal(1, (await found.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("total").GetInt32());
        }

        await hub.KillAsync();
        var (code, text) = await hub.CommandAsync("verify");
        Assert.True(code == 0, $"seed {seed}: {text}");
    }

    private static async Task SendUntilDeadAsync(HubProcess hub, string token, ConcurrentQueue<(List<Dossier> Dossiers, byte[] Bytes)> queue, ConcurrentBag<(string Facility, string MaLk)> answered)
    {
        while (queue.TryDequeue(out var envelope))
        {
            try
            {
                using var answer = await hub.SendAsync(token, envelope.Bytes);
                if (answer.StatusCode != HttpStatusCode.OK)
                {
                    continue;
                }

                _ = await answer.Content.ReadFromJsonAsync<JsonElement>();
                foreach (var dossier in envelope.Dossiers)
                {
                    answered.Add((dossier.FacilityCode, dossier.MaLk));
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException or ObjectDisposedException)
            {
                queue.Enqueue(envelope);
                return;
            }
        }
    }

    internal static IEnumerable<(List<Dossier> Dossiers, byte[] Bytes)> Envelopes(int dossiers, int each = 3)
    {
        var today = new DateOnly(2026, 6, 30);
        foreach (var facility in new Province(1_000, today: today).Dossiers().Where(d => !d.IsCheckIn).Take(dossiers).GroupBy(d => d.FacilityCode))
        {
            foreach (var group in facility.Chunk(each))
            {
                using var bytes = new MemoryStream();
                EnvelopeWriter.Write(bytes, facility.Key, today, group);
                yield return ([.. group], bytes.ToArray());
            }
        }
    }
}
