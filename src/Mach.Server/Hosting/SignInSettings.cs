using System.Text.Json;
using Mach.Access;
using Mach.Access.External;
using Mach.Access.Web;

namespace Mach.Server.Hosting;

/// <summary>Reads <c>sign-in.json</c> of the data folder: which roles need a second step, which outside providers people may come from, which list of breached passwords is looked up, and how much one caller may ask.</summary>
internal static class SignInSettings
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private sealed record Settings(string[]? SecondFactorRoles, ProviderOptions[]? Providers, string? PublicAddress = null, RequestRates? RequestsPerMinute = null, string? BreachedPasswords = null);

    /// <summary>The settings; the usual ones when there is no file.</summary>
    /// <exception cref="HubException">The file cannot be read, or says what cannot be.</exception>
    public static AccessOptions Read(string file)
    {
        if (!File.Exists(file))
        {
            return new AccessOptions();
        }

        try
        {
            var settings = JsonSerializer.Deserialize<Settings>(File.ReadAllText(file), Json) ?? new Settings(null, null);
            var options = new AccessOptions { SecondFactorRoles = settings.SecondFactorRoles ?? [], Providers = settings.Providers ?? [], PublicAddress = settings.PublicAddress, Rates = settings.RequestsPerMinute ?? new(), Breached = settings.BreachedPasswords is { } list ? new(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, list)) : null };
            return Problem(options) is { } problem ? throw new HubException($"{file}: {problem}") : options;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or FormatException)
        {
            throw new HubException($"{file} cannot be read: {e.Message}");
        }
    }

    private static string? Problem(AccessOptions options) =>
        options.PublicAddress is { } address && !(Uri.TryCreate(address, UriKind.Absolute, out var own) && (own.Scheme == Uri.UriSchemeHttps || own.IsLoopback) && own.AbsolutePath == "/") ? "publicAddress is no https address without a path."
        : options.Rates is { Person: < 0 } or { Program: < 0 } or { Address: < 0 } ? "requestsPerMinute has a number below 0; 0 means as many as a caller likes."
        : options.SecondFactorRoles.FirstOrDefault(r => !Roles.All.Contains(r)) is { } role ? $"secondFactorRoles names '{role}', which is no role; there are {string.Join(", ", Roles.All)}."
        : options.Providers.FirstOrDefault(p => p.Id.Length is 0 or > 40 || !p.Id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')) is { } badId ? $"the provider id '{badId.Id}' has other characters than a-z, 0-9 and hyphens."
        : options.Providers.GroupBy(p => p.Id).FirstOrDefault(g => g.Count() > 1) is { } twice ? $"two providers have the id '{twice.Key}'."
        : options.Providers.FirstOrDefault(p => !Uri.TryCreate(p.Issuer, UriKind.Absolute, out var issuer) || !(issuer.Scheme == Uri.UriSchemeHttps || issuer.IsLoopback)) is { } badIssuer ? $"the issuer of '{badIssuer.Id}' is no https address."
        : options.Providers.FirstOrDefault(p => !p.Scopes.Split(' ').Contains("openid")) is { } noScope ? $"the scopes of '{noScope.Id}' lack openid."
        : options.Providers.FirstOrDefault(p => p.MaxAgeMinutes is < 1 or > 1440) is { } badAge ? $"maxAgeMinutes of '{badAge.Id}' is between 1 and 1440."
        : null;
}
