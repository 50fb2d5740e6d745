using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Mach.Access.Authority;
using Mach.Access.Keys;
using Microsoft.AspNetCore.Http;

namespace Mach.Access.Programs;

/// <summary>Says to one program who the person is, signed.</summary>
/// <remarks>Source: OpenID Connect Core 1.0 §2, §3.1.3.6; SMART App Launch 2.1, "Scopes for requesting identity data".</remarks>
internal sealed class IdTokens(SigningKeys keys, Accounts accounts, Workplaces workplaces, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public async Task<string> MakeAsync(HttpContext context, ProvenClient client, Issued issued, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var scopes = Scopes.Split(issued.Scopes);
        var claims = new Dictionary<string, object>
        {
            ["iss"] = Issuer.Of(context),
            ["sub"] = issued.Account,
            ["aud"] = client.Id,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Lifetime).ToUnixTimeSeconds(),
        };
        if (issued.Authenticated is { } at)
        {
            claims["auth_time"] = at.ToUnixTimeSeconds();
        }

        if (issued.Nonce is { } nonce)
        {
            claims["nonce"] = nonce;
        }

        if (await accounts.FindAsync(issued.Account, ct) is { } account && scopes.Contains(Scopes.Profile))
        {
            claims["name"] = account.DisplayName;
        }

        if ((scopes.Contains(Scopes.FhirUser) || scopes.Contains(Scopes.Profile)) && await FhirUserAsync(issued.Account, ct) is { } user)
        {
            claims["fhirUser"] = $"{Issuer.FhirBase(context)}/{user}";
        }

        return Sign(claims);
    }

    /// <summary>Which resource of the record the person is; null when none is known.</summary>
    public async Task<string?> FhirUserAsync(string account, CancellationToken ct) =>
        await workplaces.OfAsync(account, null, ct) switch
        {
            { Practitioner: { } practitioner } => "Practitioner/" + practitioner,
            { Person: { } person } => "Patient/" + person,
            _ => null,
        };

    // The header names the key, so it is written when the key is known; a key may change between the two, and then it is written again.
    private string Sign(Dictionary<string, object> claims)
    {
        var payload = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims));
        var id = keys.List().First(k => k.State == KeyState.Active).Id;
        while (true)
        {
            var text = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"alg":"ES256","typ":"JWT","kid":"{{id}}"}""")) + "." + payload;
            var (signer, signature) = keys.Sign(Encoding.ASCII.GetBytes(text));
            if (signer == id)
            {
                return text + "." + Base64Url.EncodeToString(signature);
            }

            id = signer;
        }
    }
}
