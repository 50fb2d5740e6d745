using System.Collections.Concurrent;
using System.Text.Json;
using Mach.Server.Vaults;
using Mach.Store.Sealing;

namespace Mach.Server.Hosting;

/// <summary>Reads <c>vault.json</c> of the data folder: where the keys lie that wrap the record's data keys: a file, or a token by PKCS#11. Without the settings they lie in <c>keys/store.key</c>.</summary>
internal static class VaultSettings
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    /// <param name="KeyFile">Path of the key file, from the data folder when it is not absolute. Beside <paramref name="Pkcs11"/>: the file that the token takes the place of.</param>
    private sealed record Settings(string? KeyFile, TokenSettings? Pkcs11);

    /// <param name="Module">Path of the module's library.</param>
    /// <param name="Token">Label of the token.</param>
    /// <param name="PinFile">File with the user's PIN, readable by the hub's user alone; without it the PIN is in the environment variable MACH_TOKEN_PIN.</param>
    private sealed record TokenSettings(string? Module, string? Token, string? PinFile);

    /// <exception cref="HubException">The file cannot be read, or says what cannot be.</exception>
    public static IKeyVault Open(HubOptions options)
    {
        if (!File.Exists(options.VaultFile))
        {
            return new FileKeyVault(options.KeyFile);
        }

        try
        {
            var settings = JsonSerializer.Deserialize<Settings>(File.ReadAllText(options.VaultFile), Json);
            var file = string.IsNullOrWhiteSpace(settings?.KeyFile) ? null : new FileKeyVault(Path.GetFullPath(settings.KeyFile, options.Data));
            var token = settings?.Pkcs11 is { } pkcs11 ? Token(options, pkcs11) : null;
            return (token, file) switch
            {
                (null, null) => throw new HubException($"{options.VaultFile}: keyFile is missing, the path of the key file, or pkcs11, the token."),
                (null, { } alone) => alone,
                ({ } alone, null) => alone,
                ({ } now, { } former) => new MovingVault(now, former),
            };
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new HubException($"{options.VaultFile} cannot be read: {e.Message}");
        }
    }

    /// <summary>One for a process: modules answer badly to being loaded twice.</summary>
    private static readonly ConcurrentDictionary<(string Module, string Token, string? PinFile), TokenKeyVault> Tokens = new();

    private static TokenKeyVault Token(HubOptions options, TokenSettings settings) =>
        string.IsNullOrWhiteSpace(settings.Module) || string.IsNullOrWhiteSpace(settings.Token)
            ? throw new HubException($"{options.VaultFile}: pkcs11 needs module, the path of the library, and token, the label of the token.")
            : Tokens.GetOrAdd((settings.Module, settings.Token, settings.PinFile is { Length: > 0 } file ? Path.GetFullPath(file, options.Data) : null), static key => new TokenKeyVault(key.Module, key.Token, () => Pin(key.PinFile)));

    private static string Pin(string? file)
    {
        try
        {
            var pin = file is null ? Environment.GetEnvironmentVariable("MACH_TOKEN_PIN") : File.ReadAllText(file).Trim();
            return pin is { Length: > 0 } ? pin : throw new KeyVaultException($"Không có mã PIN / there is no PIN of the token: {(file is null ? "set MACH_TOKEN_PIN, or name a pinFile in vault.json." : file + " is empty.")}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KeyVaultException($"Không đọc được mã PIN / the PIN cannot be read: {file} ({e.Message}).", e);
        }
    }
}
