using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Mach.Access.Programs;
using Mach.Access.Tokens;
using Mach.Data;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Mach.Access.Tests.Programs;

/// <summary>Programs as they register, ask people, and redeem what they got.</summary>
internal static class ProgramHost
{
    public const string Base = "http://localhost/fhir";
    public const string Redirect = "https://app.example.vn/back?x=1";
    public const string Verifier = "mot-chuoi-ngau-nhien-dai-hon-bon-muoi-ba-ky-tu";

    public static string Challenge(string verifier) => Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    public static async Task<AccessHost> StartAsync(DbEngine engine, AccessOptions? options = null) => await (await AccessHost.StartAsync(engine, options)).WithPeopleAsync();

    public static Clients Clients(this AccessHost host) => host.App.Services.GetRequiredService<Clients>();

    /// <summary>A program for people; its secret is returned where it has one.</summary>
    public static async Task<string?> RegisterAsync(this AccessHost host, string id = "bieu-do", string method = ClientMethods.None, string scopes = "openid profile fhirUser launch launch/patient offline_access online_access user/*.rs patient/*.rs", string redirect = Redirect, string? launch = null, string? keys = null, string? keysAddress = null, string? certificate = null) =>
        await host.Clients().RegisterAsync(new Client
        {
            Id = id,
            Name = "Biểu đồ tăng trưởng",
            Operator = "Công ty Thử",
            Method = method,
            Scopes = Access.Scopes.Split(scopes),
            Redirects = redirect.Length == 0 ? [] : [redirect],
            LaunchAddress = launch,
            Keys = keys,
            KeysAddress = keysAddress,
            Certificate = certificate,
            Purpose = scopes.Contains("system/", StringComparison.Ordinal) ? "HOPERAT" : null,
        }, "administrator", default);

    /// <summary>The address that a program sends people to, with changes: a null takes a parameter away.</summary>
    public static string Query(params (string Name, string? Value)[] changes)
    {
        var all = new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = "bieu-do",
            ["redirect_uri"] = Redirect,
            ["scope"] = "openid fhirUser user/*.rs",
            ["state"] = "trang-thai-1",
            ["aud"] = Base,
            ["code_challenge"] = Challenge(Verifier),
            ["code_challenge_method"] = "S256",
            ["nonce"] = "so-1",
        };
        foreach (var (name, value) in changes)
        {
            all[name] = value;
        }

        return QueryHelpers.AddQueryString("", all.Where(p => p.Value is not null).Select(p => KeyValuePair.Create(p.Key, p.Value)));
    }

    public static Task<HttpResponseMessage> AskAsync(this Browser browser, string query) => browser.GetAsync("/oauth/authorize" + query);

    /// <summary>The person ticks all that was asked for, or what is given.</summary>
    public static async Task<HttpResponseMessage> ConsentAsync(this Browser browser, string query, string? scopes = null, string decision = "allow")
    {
        var token = await (await browser.GetAsync("/sign-in")).Content.ReadAsStringAsync();
        var ticked = Access.Scopes.Split(scopes ?? QueryHelpers.ParseQuery(query)["scope"].ToString());
        List<KeyValuePair<string, string>> form = [new("__RequestVerificationToken", SignInHost.Token(token)), new("request", query), new("decision", decision), .. ticked.Select(s => KeyValuePair.Create("scope", s))];
        return await browser.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/oauth/consent") { Content = new FormUrlEncodedContent(form) });
    }

    /// <summary>What the browser carries back to the program.</summary>
    public static Dictionary<string, string> Back(this HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        var place = answer.Headers.Location!.OriginalString;
        return QueryHelpers.ParseQuery(place[place.IndexOf('?')..]).ToDictionary(p => p.Key, p => p.Value.ToString());
    }

    /// <summary>A code, from asking to consent.</summary>
    public static async Task<string> CodeAsync(this Browser browser, string query) => (await browser.ConsentAsync(query)).Back()["code"];

    public static async Task<(HttpStatusCode Status, JsonElement Json)> TokenAsync(this AccessHost host, params (string Name, string Value)[] fields)
    {
        using var form = Content.Form(fields);
        var answer = await host.Program().PostAsync("/oauth/token", form);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        return (answer.StatusCode, await answer.JsonAsync());
    }

    public static Task<(HttpStatusCode Status, JsonElement Json)> RedeemAsync(this AccessHost host, string code, string client = "bieu-do", string redirect = Redirect, string verifier = Verifier, string? secret = null) =>
        host.TokenAsync([("grant_type", "authorization_code"), ("client_id", client), ("code", code), ("redirect_uri", redirect), ("code_verifier", verifier), .. secret is null ? [] : new[] { ("client_secret", secret) }]);

    public static Task<(HttpStatusCode Status, JsonElement Json)> RefreshAsync(this AccessHost host, string token, string client = "bieu-do", string? scope = null) =>
        host.TokenAsync([("grant_type", "refresh_token"), ("client_id", client), ("refresh_token", token), .. scope is null ? [] : new[] { ("scope", scope) }]);

    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;

    public static async Task<HttpStatusCode> WhoAsync(this AccessHost host, string token) => (await host.Program(token).GetAsync("/who")).StatusCode;

    /// <summary>A statement of a program about itself, with changes.</summary>
    public static string Statement(AccessHost host, string client, SecurityKey key, string algorithm, Action<Dictionary<string, object>>? change = null)
    {
        var now = host.Clock.GetUtcNow();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = client,
            ["sub"] = client,
            ["aud"] = "http://localhost/oauth/token",
            ["exp"] = (now + TimeSpan.FromMinutes(4)).ToUnixTimeSeconds(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["jti"] = Tickets.RandomText(),
        };
        change?.Invoke(claims);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(JsonSerializer.Serialize(claims), new SigningCredentials(key, algorithm));
    }

    public static Task<(HttpStatusCode Status, JsonElement Json)> StateAsync(this AccessHost host, string statement, string scope = "system/*.rs") =>
        host.TokenAsync(("grant_type", "client_credentials"), ("scope", scope), ("client_assertion_type", SignedStatements.Type), ("client_assertion", statement));

    public static string KeySet(params SecurityKey[] keys) => JsonSerializer.Serialize(new { keys = keys.Select(Public).ToArray() });

    private static object Public(SecurityKey key) => key switch
    {
        RsaSecurityKey rsa when rsa.Rsa.ExportParameters(false) is var p => new { kty = "RSA", kid = rsa.KeyId, n = Base64UrlEncoder.Encode(p.Modulus), e = Base64UrlEncoder.Encode(p.Exponent) },
        ECDsaSecurityKey ec when ec.ECDsa.ExportParameters(false) is var p => new { kty = "EC", kid = ec.KeyId, crv = ec.KeySize == 384 ? "P-384" : "P-256", x = Base64UrlEncoder.Encode(p.Q.X), y = Base64UrlEncoder.Encode(p.Q.Y) },
        _ => throw new ArgumentException("No such key.", nameof(key)),
    };
}
