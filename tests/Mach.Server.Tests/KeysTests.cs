using System.Net;
using System.Text;
using Dapper;
using Mach.Data;
using Mach.Demo;
using Mach.Testing;
using Mach.Vietnam.Bhyt;

namespace Mach.Server.Tests;

/// <summary>The keys of the record, as an administrator handles them: beside a hub that serves.</summary>
public sealed class KeysTests
{
    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Keys_are_rotated_while_the_hub_serves_and_a_missing_key_file_is_named(DbEngine engine)
    {
        await using var hub = await HubProcess.StartAsync(engine);
        var token = await hub.IntakeTokenAsync();
        var dossiers = new Province(1000).Dossiers().Where(d => !d.IsCheckIn).Take(12).ToList();
        foreach (var dossier in dossiers)
        {
            using var file = new MemoryStream();
            EnvelopeWriter.Write(file, dossier.FacilityCode, DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().Date), [dossier]);
            using var answer = await hub.SendAsync(token, file.ToArray());
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        var name = dossiers[0].Summary["HO_TEN"]!;
        await AssertSealedAsync(hub, 1, name);
        var (code, text) = await hub.CommandAsync("keys rotate-data");
        Assert.True(code == 0, text);
        await AssertSealedAsync(hub, 2, name);
        (code, text) = await hub.CommandAsync("keys rotate-vault");
        Assert.True(code == 0, text);
        (code, text) = await hub.CommandAsync("keys list-data");
        Assert.Contains("data key 2", text, StringComparison.Ordinal);

        // The hub that was running all the time reads what lies under the new key.
        using (var kept = await hub.GetAsync($"/intake/dossiers/{dossiers[0].FacilityCode}/{Uri.EscapeDataString(dossiers[0].MaLk)}", token, "application/xml"))
        {
            Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
            Assert.Contains("FILEHOSO", await kept.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        await hub.KillAsync();
        (code, text) = await hub.CommandAsync("verify");
        Assert.True(code == 0, text);

        var key = Path.Combine(hub.Data, "keys", "store.key");
        File.Move(key, key + ".away");
        (code, text) = await hub.CommandAsync("verify");
        Assert.Equal(1, code);
        Assert.Contains(key, text, StringComparison.Ordinal);
        Assert.Contains("file:", text, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(hub.Data, "vault.json"), """{ "keyFile": "keys/store.key.away" }""");
        (code, text) = await hub.CommandAsync("verify");
        Assert.True(code == 0, text);

        await File.WriteAllTextAsync(Path.Combine(hub.Data, "vault.json"), """{ "keyfil": "keys/store.key.away" }""");
        (code, text) = await hub.CommandAsync("verify");
        Assert.Equal(1, code);
        Assert.Contains("vault.json", text, StringComparison.Ordinal);
    }

    /// <summary>Every body and every received byte lies under the key, and nobody's name can be read in them.</summary>
    private static async Task AssertSealedAsync(HubProcess hub, int key, string name)
    {
        await using var db = hub.OpenDatabase();
        await using var connection = await db.OpenAsync(CancellationToken.None);
        var values = (await connection.QueryAsync<byte[]>("SELECT body FROM ver WHERE body IS NOT NULL")).Select(b => (At: 0, Bytes: b)).ToList();
        values.AddRange((await connection.QueryAsync<byte[]>("SELECT bytes FROM int_version UNION ALL SELECT bytes FROM int_part UNION ALL SELECT findings FROM int_version WHERE findings IS NOT NULL")).Select(b => (At: 1, Bytes: b)));
        Assert.True(values.Count > 50);
        Assert.All(values, v => Assert.Equal(key, Data.Sealing.KeyRing.NumberOf(v.Bytes.AsSpan(v.At))));
        Assert.All(values, v => Assert.Equal(-1, v.Bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(name))));
    }
}
