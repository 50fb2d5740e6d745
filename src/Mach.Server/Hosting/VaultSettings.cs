using System.Text.Json;
using Mach.Store.Sealing;

namespace Mach.Server.Hosting;

/// <summary>Reads <c>vault.json</c> of the data folder: where the keys lie that wrap the record's data keys. Without the file they lie in <c>keys/store.key</c>.</summary>
internal static class VaultSettings
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    /// <param name="KeyFile">Path of the key file, from the data folder when it is not absolute.</param>
    private sealed record Settings(string? KeyFile);

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
            return string.IsNullOrWhiteSpace(settings?.KeyFile)
                ? throw new HubException($"{options.VaultFile}: keyFile is missing, the path of the key file.")
                : new FileKeyVault(Path.GetFullPath(settings.KeyFile, options.Data));
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new HubException($"{options.VaultFile} cannot be read: {e.Message}");
        }
    }
}
