using System.Security.Cryptography;
using System.Text;
using Mach.Access.Keys;
using Mach.Data;
using Mach.Testing;
using Microsoft.IdentityModel.Tokens;

namespace Mach.Access.Tests.Programs;

/// <summary>Keys that sign. Source: RFC 7517, RFC 7518 §3.4, RFC 7638; OWASP ASVS 5.0 V11.1, V11.2.</summary>
public sealed class SigningKeyTests : IDisposable
{
    private static readonly byte[] Said = Encoding.UTF8.GetBytes("Mạch");
    private readonly string _folder = Directory.CreateTempSubdirectory("mach-signing-").FullName;
    private readonly TestClock _clock = new();

    [Fact]
    public void What_was_signed_is_known_and_nothing_else()
    {
        using var keys = new SigningKeys(_folder, _clock);
        var (id, signature) = keys.Sign(Said);
        Assert.Equal(64, signature.Length);
        Assert.True(keys.Verify(id, Said, signature));
        Assert.False(keys.Verify(id, Encoding.UTF8.GetBytes("Mach"), signature));
        Assert.False(keys.Verify(id, Said, signature.AsSpan(0, 63)));
        Assert.False(keys.Verify("khong-co", Said, signature));
        Assert.False(keys.Verify(keys.List().Single(k => k.State == KeyState.Next).Id, Said, signature));
        signature[10] ^= 1;
        Assert.False(keys.Verify(id, Said, signature));
    }

    [Fact]
    public void Keys_outlive_a_restart_and_only_their_owner_reads_them()
    {
        string id;
        byte[] signature;
        using (var keys = new SigningKeys(_folder, _clock))
        {
            (id, signature) = keys.Sign(Said);
        }

        using var again = new SigningKeys(_folder, _clock);
        Assert.True(again.Verify(id, Said, signature));
        Assert.Equal(id, again.Sign(Said).KeyId);
        if (!OperatingSystem.IsWindows())
        {
            foreach (var file in Directory.GetFiles(_folder, "signing*.*").Where(f => !f.EndsWith(".lock", StringComparison.Ordinal)))
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            }
        }
    }

    [Fact]
    public void A_key_is_published_before_it_signs_and_a_day_after()
    {
        using var keys = new SigningKeys(_folder, _clock);
        var (first, signature) = keys.Sign(Said);
        var next = keys.List().Single(k => k.State == KeyState.Next).Id;
        Assert.Equal(2, keys.Published().Count);

        _clock.Advance(SigningKeys.Life - TimeSpan.FromMinutes(1));
        Assert.Equal(first, keys.Sign(Said).KeyId);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(next, keys.Sign(Said).KeyId);
        Assert.Equal([KeyState.Next, KeyState.Active, KeyState.Retired], keys.Published().Select(k => k.State));
        Assert.True(keys.Verify(first, Said, signature));
        Assert.False(File.Exists(Path.Combine(_folder, $"signing-{first}.pem")));

        _clock.Advance(SigningKeys.Echo);
        Assert.DoesNotContain(keys.Published(), k => k.Id == first);
        Assert.True(keys.Verify(first, Said, signature));
    }

    [Fact]
    public void A_change_by_another_process_is_seen_and_a_withdrawn_key_counts_no_more()
    {
        using var hub = new SigningKeys(_folder, _clock);
        using var command = new SigningKeys(_folder, _clock);
        var (first, signature) = hub.Sign(Said);
        Assert.True(command.Verify(first, Said, signature));
        var second = command.Rotate().Id;
        Assert.Equal(second, hub.Sign(Said).KeyId);
        Assert.True(hub.Verify(first, Said, signature));

        var stolen = hub.Sign(Said);
        command.Rotate(withdraw: true);
        Assert.False(hub.Verify(second, Said, stolen.Signature));
        Assert.DoesNotContain(hub.Published(), k => k.Id == second);
        Assert.NotEqual(second, hub.Sign(Said).KeyId);
    }

    [Fact]
    public async Task Several_at_once_change_one_after_the_other()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            using var keys = new SigningKeys(_folder, _clock);
            keys.Rotate();
        })));
        using var all = new SigningKeys(_folder, _clock);
        Assert.Equal(10, all.List().Count);
        Assert.Single(all.List(), k => k.State == KeyState.Active);
        Assert.Single(all.List(), k => k.State == KeyState.Next);
        Assert.True(all.Verify(all.Sign(Said).KeyId, Said, all.Sign(Said).Signature));
    }

    [Fact]
    public async Task The_published_list_is_a_key_set_without_private_halves()
    {
        await using var host = await AccessHost.StartAsync(DbEngine.Sqlite);
        var answer = await host.Program().GetAsync("/oauth/jwks");
        Assert.Equal("public, max-age=300", answer.Headers.CacheControl!.ToString());
        var text = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotContain("\"d\"", text, StringComparison.Ordinal);
        var set = new JsonWebKeySet(text);
        Assert.Equal(2, set.Keys.Count);
        Assert.All(set.Keys, k => Assert.Equal(k.Kid, Base64UrlEncoder.Encode(k.ComputeJwkThumbprint())));

        var keys = (SigningKeys)host.App.Services.GetService(typeof(SigningKeys))!;
        var (id, signature) = keys.Sign(Said);
        using var key = ((ECDsaSecurityKey)set.GetSigningKeys().Single(k => k.KeyId == id)).ECDsa;
        Assert.True(key.VerifyData(Said, signature, HashAlgorithmName.SHA256));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
