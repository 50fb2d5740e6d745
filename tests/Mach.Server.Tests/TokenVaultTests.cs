using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Mach.Data;
using Mach.Server.Vaults;
using Mach.Store.Sealing;

namespace Mach.Server.Tests;

/// <summary>Keys in a token, against SoftHSM 2. Source: PKCS #11 Cryptographic Token Interface Base Specification 2.40.</summary>
public sealed partial class TokenVaultTests : IClassFixture<TokenVaultTests.SoftToken>
{
    private const string Label = "mach-test", Pin = "271828";
    private readonly SoftToken _token;

    public TokenVaultTests(SoftToken token) => _token = token;

    private TokenKeyVault Vault(string label = Label, string pin = Pin, string? module = null) => new(module ?? _token.Module, label, () => pin);

    /// <summary>One vault for the class: a module is loaded once in a process.</summary>
    [Fact]
    public void A_token_wraps_and_unwraps_and_its_keys_stay_inside()
    {
        using var vault = Vault();
        var dataKey = Encoding.ASCII.GetBytes("0123456789abcdef0123456789abcdef");
        var (first, wrapped) = vault.Wrap(dataKey, "data key 1"u8);
        Assert.StartsWith(TokenKeyVault.Prefix, first, StringComparison.Ordinal);
        Assert.True(vault.Has(first));
        Assert.False(wrapped.AsSpan().IndexOf(dataKey) >= 0);
        Assert.Equal(dataKey, vault.Unwrap(first, wrapped, "data key 1"u8));

        // A new key wraps from now on, and the first still opens what it wrapped.
        var second = vault.MakeKey();
        Assert.NotEqual(first, second);
        Assert.Equal(second, vault.Wrap(dataKey, "data key 1"u8).Key);
        Assert.Equal(dataKey, vault.Unwrap(first, wrapped, "data key 1"u8));
        Assert.NotEqual(vault.Wrap(dataKey, "data key 1"u8).Wrapped, vault.Wrap(dataKey, "data key 1"u8).Wrapped);

        // Another number, another key, another byte, too little: none opens, and each says which key it was about.
        Assert.Contains(first, Assert.Throws<KeyVaultException>(() => vault.Unwrap(first, wrapped, "data key 2"u8)).Message, StringComparison.Ordinal);
        Assert.Throws<KeyVaultException>(() => vault.Unwrap(second, wrapped, "data key 1"u8));
        var changed = wrapped.ToArray();
        changed[20] ^= 1;
        Assert.Throws<KeyVaultException>(() => vault.Unwrap(first, changed, "data key 1"u8));
        Assert.Throws<KeyVaultException>(() => vault.Unwrap(first, wrapped.AsSpan(0, 5), "data key 1"u8));
        foreach (var unknown in new[] { "token:0000000000000000", "token:", "file:0011223344556677", "", "token:zz" })
        {
            Assert.False(vault.Has(unknown));
            Assert.Throws<KeyVaultException>(() => vault.Unwrap(unknown, wrapped, "data key 1"u8));
        }

        // The same token from another vault; then what cannot be used.
        Assert.Contains("'none'", Assert.Throws<KeyVaultException>(() => Vault(label: "none").Has(first)).Message, StringComparison.Ordinal);
        Assert.Contains("/nowhere.so", Assert.Throws<KeyVaultException>(() => Vault(module: "/nowhere.so").Has(first)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hub_moves_its_data_keys_into_the_token_and_does_not_open_without_it()
    {
        await using var hub = await HubProcess.StartAsync(DbEngine.Sqlite);
        await hub.KillAsync();
        var settings = Path.Combine(hub.Data, "vault.json");
        var pin = Path.Combine(hub.Data, "token.pin");
        await File.WriteAllTextAsync(pin, Pin + "\n");
        var token = $$"""{ "module": "{{_token.Module}}", "token": "{{Label}}", "pinFile": "token.pin" }""";
        await File.WriteAllTextAsync(settings, $$"""{ "pkcs11": {{token}}, "keyFile": "keys/store.key" }""");
        await AssertAsync(hub, "keys rotate-vault", 0, "wrapped by token:");
        File.Delete(Path.Combine(hub.Data, "keys", "store.key"));
        await File.WriteAllTextAsync(settings, $$"""{ "pkcs11": {{token}} }""");
        await AssertAsync(hub, "verify", 0, "clean");
        await hub.StartAgainAsync();
        await hub.KillAsync();

        await File.WriteAllTextAsync(pin, "000000");
        await AssertAsync(hub, "verify", 1, "CKR_PIN_INCORRECT");
        File.Delete(pin);
        await AssertAsync(hub, "verify", 1, "token.pin");
        await File.WriteAllTextAsync(settings, """{ "pkcs11": { "module": "/nowhere.so" } }""");
        await AssertAsync(hub, "verify", 1, "token, the label");
    }

    private static async Task AssertAsync(HubProcess hub, string command, int code, string says)
    {
        var (ended, text) = await hub.CommandAsync(command);
        Assert.True(ended == code && text.Contains(says, StringComparison.Ordinal), $"{command}: {ended} {text}");
    }

    /// <summary>A token in a folder of its own.</summary>
    public sealed partial class SoftToken : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("mach-token-").FullName;

        public SoftToken()
        {
            Directory.CreateDirectory(Path.Combine(_folder, "tokens"));
            var configuration = Path.Combine(_folder, "softhsm2.conf");
            File.WriteAllText(configuration, $"directories.tokendir = {Path.Combine(_folder, "tokens")}\nobjectstore.backend = file\nlog.level = ERROR\n");
            // For processes that are started from here, and for the module in this one, which asks the C library.
            Environment.SetEnvironmentVariable("SOFTHSM2_CONF", configuration);
            Assert.Equal(0, SetVariable("SOFTHSM2_CONF", configuration, 1));
            using var made = Process.Start(new ProcessStartInfo("softhsm2-util", ["--init-token", "--free", "--label", Label, "--so-pin", "314159", "--pin", Pin]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            made.WaitForExit();
            Assert.True(made.ExitCode == 0, made.StandardError.ReadToEnd());
        }

        public string Module { get; } = "/usr/lib/softhsm/libsofthsm2.so";

        public void Dispose()
        {
            Environment.SetEnvironmentVariable("SOFTHSM2_CONF", null);
            Directory.Delete(_folder, recursive: true);
        }

        [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
        private static partial int SetVariable(string name, string value, int overwrite);
    }
}
