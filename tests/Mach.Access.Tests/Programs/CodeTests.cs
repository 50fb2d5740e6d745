using System.Net;
using System.Text;
using Mach.Access.Keys;
using Mach.Access.Programs;
using Mach.Data;
using Mach.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Mach.Access.Tests.Programs;

/// <summary>People let programs in: code, PKCE, refresh, id token. Source: OAuth 2.1 §4.1, §4.3; RFC 7636; RFC 9207; RFC 9700; OpenID Connect Core 1.0.</summary>
public sealed class CodeTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task A_person_lets_a_program_in_and_is_not_asked_twice_for_the_same(DbEngine engine)
    {
        await using var host = await ProgramHost.StartAsync(engine);
        await host.RegisterAsync();
        var doctor = await host.SignedInBrowserAsync("doctor");
        var query = ProgramHost.Query(("scope", "openid profile user/Patient.rs user/Observation.rs"));
        Assert.Equal("/oauth/consent" + query, (await doctor.AskAsync(query)).Place());

        var answer = await doctor.ConsentAsync(query);
        Assert.StartsWith(ProgramHost.Redirect + "&code=", answer.Place());
        var back = answer.Back();
        Assert.Equal(("trang-thai-1", "http://localhost"), (back["state"], back["iss"]));
        var (status, json) = await host.RedeemAsync(back["code"]);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(("Bearer", "openid profile user/Patient.rs user/Observation.rs"), (json.Text("token_type"), json.Text("scope")));
        Assert.False(json.TryGetProperty("refresh_token", out _));

        // The person's roles open nothing through it but what the scopes say.
        var program = host.Program(json.Text("access_token"));
        Assert.StartsWith("doctor|", await (await program.GetAsync("/who")).Content.ReadAsStringAsync());
        foreach (var policy in AccessHost.AllPolicies)
        {
            Assert.True((policy is Policies.FhirRead or Policies.SignedIn ? HttpStatusCode.OK : HttpStatusCode.Forbidden) == (await program.GetAsync("/probe/" + policy)).StatusCode, policy);
        }

        Assert.Contains("code", (await doctor.AskAsync(query)).Back().Keys);
        Assert.StartsWith("/oauth/consent", (await doctor.AskAsync(query + "&prompt=consent")).Place());
        Assert.StartsWith("/oauth/consent", (await doctor.AskAsync(ProgramHost.Query(("scope", "openid user/*.rs")))).Place());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task The_person_gives_less_refuses_or_takes_back(DbEngine engine)
    {
        await using var host = await ProgramHost.StartAsync(engine);
        await host.RegisterAsync();
        var doctor = await host.SignedInBrowserAsync("doctor");
        var query = ProgramHost.Query(("scope", "openid user/Patient.rs user/Observation.rs offline_access"));
        Assert.Equal("access_denied", (await doctor.ConsentAsync(query, decision: "deny")).Back()["error"]);
        Assert.Equal("access_denied", (await doctor.ConsentAsync(query, scopes: "user/*.rs system/*.cruds")).Back()["error"]);

        var less = (await doctor.ConsentAsync(query, scopes: "user/Patient.rs offline_access user/Encounter.rs")).Back();
        var (_, json) = await host.RedeemAsync(less["code"]);
        Assert.Equal("user/Patient.rs offline_access", json.Text("scope"));
        Assert.False(json.TryGetProperty("id_token", out _));

        var grants = host.App.Services.GetRequiredService<Grants>();
        var grant = Assert.Single(await grants.ListAsync("doctor", null, default));
        Assert.Equal(("bieu-do", "Biểu đồ tăng trưởng", "Công ty Thử", 1L), (grant.Client, grant.Name, grant.Operator, grant.Families));
        Assert.False(await grants.WithdrawAsync("registrar", "bieu-do", default));
        Assert.True(await grants.WithdrawAsync("doctor", "bieu-do", default));
        Assert.Equal(HttpStatusCode.Unauthorized, await host.WhoAsync(json.Text("access_token")));
        Assert.Equal("invalid_grant", (await host.RefreshAsync(json.Text("refresh_token"))).Json.Text("error"));
        Assert.StartsWith("/oauth/consent", (await doctor.AskAsync(query)).Place());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_code_works_once_and_its_second_use_ends_what_came_of_the_first(DbEngine engine)
    {
        await using var host = await ProgramHost.StartAsync(engine);
        await host.RegisterAsync();
        var doctor = await host.SignedInBrowserAsync("doctor");
        var code = await doctor.CodeAsync(ProgramHost.Query(("scope", "user/*.rs offline_access")));
        var (_, json) = await host.RedeemAsync(code);
        Assert.Equal(HttpStatusCode.OK, await host.WhoAsync(json.Text("access_token")));

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), await ErrorAsync(host.RedeemAsync(code, verifier: "")));
        Assert.Equal(HttpStatusCode.Unauthorized, await host.WhoAsync(json.Text("access_token")));
        Assert.Equal("invalid_grant", (await host.RefreshAsync(json.Text("refresh_token"))).Json.Text("error"));

        code = await doctor.CodeAsync(ProgramHost.Query());
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => host.RedeemAsync(code)));
        Assert.True(answers.Count(a => a.Status == HttpStatusCode.OK) <= 1);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_stolen_code_is_worth_nothing(DbEngine engine)
    {
        await using var host = await ProgramHost.StartAsync(engine);
        await host.RegisterAsync();
        await host.RegisterAsync("ke-gian");
        var secret = await host.RegisterAsync("co-khoa", ClientMethods.Secret);
        var doctor = await host.SignedInBrowserAsync("doctor");
        var code = await doctor.CodeAsync(ProgramHost.Query());

        // RFC 7636 §4.6 and RFC 9700 §2.1.1: no verifier, another's, the challenge itself; another program; another address.
        foreach (var verifier in new[] { "", new string('a', 43), ProgramHost.Challenge(ProgramHost.Verifier), ProgramHost.Verifier + "x" })
        {
            Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), await ErrorAsync(host.RedeemAsync(code, verifier: verifier)));
        }

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), await ErrorAsync(host.RedeemAsync(code, client: "ke-gian")));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), await ErrorAsync(host.RedeemAsync(code, redirect: "https://app.example.vn/back")));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), await ErrorAsync(host.RedeemAsync("khong-co")));
        Assert.Equal(HttpStatusCode.OK, (await host.RedeemAsync(code)).Status);

        // A program with a secret proves itself there, too.
        code = await doctor.CodeAsync(ProgramHost.Query(("client_id", "co-khoa")));
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), await ErrorAsync(host.RedeemAsync(code, client: "co-khoa")));
        Assert.Equal(HttpStatusCode.OK, (await host.RedeemAsync(code, client: "co-khoa", secret: secret)).Status);

        code = await doctor.CodeAsync(ProgramHost.Query());
        host.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), await ErrorAsync(host.RedeemAsync(code)));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Refresh_tokens_change_at_each_use_and_an_old_one_ends_the_family(DbEngine engine)
    {
        await using var host = await ProgramHost.StartAsync(engine);
        await host.RegisterAsync();
        await host.RegisterAsync("ke-gian");
        var doctor = await host.SignedInBrowserAsync("doctor");
        var (_, first) = await host.RedeemAsync(await doctor.CodeAsync(ProgramHost.Query(("scope", "openid user/Patient.rs user/Observation.rs offline_access"))));

        // RFC 6749 §6: never more than there was; another program's is none.
        foreach (var more in new[] { "user/*.rs", "system/*.rs", "user/Patient.cruds", "user/Patient.rs launch" })
        {
            Assert.Equal((HttpStatusCode.BadRequest, "invalid_scope"), await ErrorAsync(host.RefreshAsync(first.Text("refresh_token"), scope: more)));
        }

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), await ErrorAsync(host.RefreshAsync(first.Text("refresh_token"), client: "ke-gian")));
        var (_, second) = await host.RefreshAsync(first.Text("refresh_token"), scope: "user/Patient.r?_id=1");
        Assert.Equal("user/Patient.r?_id=1", second.Text("scope"));
        var (_, third) = await host.RefreshAsync(second.Text("refresh_token"));
        Assert.Equal(first.Text("scope"), third.Text("scope"));
        Assert.Equal(HttpStatusCode.OK, await host.WhoAsync(third.Text("access_token")));

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), await ErrorAsync(host.RefreshAsync(first.Text("refresh_token"))));
        Assert.Equal(HttpStatusCode.Unauthorized, await host.WhoAsync(third.Text("access_token")));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), await ErrorAsync(host.RefreshAsync(third.Text("refresh_token"))));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Access_ends_with_the_session_the_account_the_program_and_the_day(DbEngine engine)
    {
        await using var host = await ProgramHost.StartAsync(engine);
        await host.RegisterAsync();
        var doctor = await host.SignedInBrowserAsync("doctor");
        var (_, online) = await host.RedeemAsync(await doctor.CodeAsync(ProgramHost.Query(("scope", "user/*.rs online_access"))));
        (_, online) = await host.RefreshAsync(online.Text("refresh_token"));
        await doctor.PostAsync("/sign-out", []);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), await ErrorAsync(host.RefreshAsync(online.Text("refresh_token"))));

        async Task<string> OfflineAsync() => (await host.RedeemAsync(await (await host.SignedInBrowserAsync("doctor")).CodeAsync(ProgramHost.Query(("scope", "user/*.rs offline_access"))))).Json.Text("refresh_token");
        var lasting = await OfflineAsync();
        await host.Accounts.SetDisabledAsync("doctor", true, default);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), await ErrorAsync(host.RefreshAsync(lasting)));
        await host.Accounts.SetDisabledAsync("doctor", false, default);
        lasting = await OfflineAsync();
        host.Clock.Advance(TimeSpan.FromDays(2));
        var (_, later) = await host.RefreshAsync(lasting);
        await host.Clients().SetDisabledAsync("bieu-do", true, default);
        Assert.Equal(HttpStatusCode.Unauthorized, await host.WhoAsync(later.Text("access_token")));
        await host.Clients().SetDisabledAsync("bieu-do", false, default);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), await ErrorAsync(host.RefreshAsync(later.Text("refresh_token"))));
        lasting = await OfflineAsync();
        host.Clock.Advance(TimeSpan.FromDays(91));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), await ErrorAsync(host.RefreshAsync(lasting)));
    }

    // OpenID Connect Core 1.0 §2, §3.1.3.7: what a program checks.
    [Theory, MemberData(nameof(Engines))]
    public async Task The_id_token_holds_by_the_published_keys_also_after_a_rotation(DbEngine engine)
    {
        await using var host = await ProgramHost.StartAsync(engine);
        await host.RegisterAsync();
        var doctor = await host.SignedInBrowserAsync("doctor");
        var (_, json) = await host.RedeemAsync(await doctor.CodeAsync(ProgramHost.Query(("scope", "openid profile fhirUser offline_access"))));
        var token = json.Text("id_token");
        var keys = host.App.Services.GetRequiredService<SigningKeys>();

        Assert.True(await HoldsAsync(host, token));
        var statement = new JsonWebToken(token);
        Assert.Equal(("ES256", "doctor", "so-1", "Người thử doctor"), (statement.Alg, statement.Subject, statement.GetPayloadValue<string>("nonce"), statement.GetPayloadValue<string>("name")));
        Assert.True(statement.TryGetPayloadValue<long>("auth_time", out _));
        keys.Rotate();
        Assert.True(await HoldsAsync(host, token));
        var (_, again) = await host.RefreshAsync(json.Text("refresh_token"));
        Assert.NotEqual(statement.Kid, new JsonWebToken(again.Text("id_token")).Kid);
        Assert.False(new JsonWebToken(again.Text("id_token")).TryGetPayloadValue<string>("nonce", out _));
        keys.Rotate(withdraw: true);
        Assert.False(await HoldsAsync(host, again.Text("id_token")));

        // An id token opens nothing.
        Assert.Equal(HttpStatusCode.Unauthorized, await host.WhoAsync(token));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_program_asks_about_and_gives_back_its_own_tokens_alone(DbEngine engine)
    {
        await using var host = await ProgramHost.StartAsync(engine);
        var secret = await host.RegisterAsync(method: ClientMethods.Secret);
        var other = await host.RegisterAsync("khac", ClientMethods.Secret);
        await host.RegisterAsync("cong-khai");
        var doctor = await host.SignedInBrowserAsync("doctor");
        var (_, json) = await host.RedeemAsync(await doctor.CodeAsync(ProgramHost.Query(("scope", "user/*.rs offline_access"))), secret: secret);
        var (access, refresh) = (json.Text("access_token"), json.Text("refresh_token"));

        foreach (var token in new[] { access, refresh })
        {
            var own = await PostAsync(host, "introspect", token, "bieu-do", secret);
            Assert.True(own.GetProperty("active").GetBoolean());
            Assert.Equal(("doctor", "bieu-do", "user/*.rs offline_access"), (own.Text("sub"), own.Text("client_id"), own.Text("scope")));
            Assert.Equal("""{"active":false}""", (await PostAsync(host, "introspect", token, "khac", other)).GetRawText());
            await PostAsync(host, "revoke", token, "khac", other);
            Assert.True((await PostAsync(host, "introspect", token, "bieu-do", secret)).GetProperty("active").GetBoolean());
        }

        Assert.Equal("invalid_client", (await PostAsync(host, "introspect", access, "bieu-do", "sai-khoa")).Text("error"));
        Assert.Equal("invalid_client", (await PostAsync(host, "introspect", access, "cong-khai", null)).Text("error"));
        Assert.Equal("""{"active":false}""", (await PostAsync(host, "introspect", "khong-co", "bieu-do", secret)).GetRawText());
        Assert.Equal("invalid_client", (await PostAsync(host, "revoke", access, "bieu-do", "sai-khoa")).Text("error"));
        await PostAsync(host, "revoke", refresh, "bieu-do", secret);
        Assert.Equal("""{"active":false}""", (await PostAsync(host, "introspect", access, "bieu-do", secret)).GetRawText());
        Assert.Equal(HttpStatusCode.Unauthorized, await host.WhoAsync(access));
    }

    private static async Task<System.Text.Json.JsonElement> PostAsync(AccessHost host, string what, string token, string client, string? secret)
    {
        using var form = Content.Form([("token", token), ("client_id", client), .. secret is null ? [] : new[] { ("client_secret", secret) }]);
        var answer = await host.Program().PostAsync("/oauth/" + what, form);
        var text = await answer.Content.ReadAsStringAsync();
        using var json = System.Text.Json.JsonDocument.Parse(text.Length == 0 ? "{}" : text);
        return json.RootElement.Clone();
    }

    private static async Task<bool> HoldsAsync(AccessHost host, string token)
    {
        var set = new JsonWebKeySet(await host.Program().GetStringAsync("/oauth/jwks"));
        return (await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = "http://localhost",
            ValidAudience = "bieu-do",
            IssuerSigningKeys = set.GetSigningKeys(),
            TryAllIssuerSigningKeys = false,
            ValidAlgorithms = ["ES256"],
            LifetimeValidator = (_, until, _, _) => until > host.Clock.GetUtcNow().UtcDateTime,
        })).IsValid;
    }

    private static async Task<(HttpStatusCode, string)> ErrorAsync(Task<(HttpStatusCode Status, System.Text.Json.JsonElement Json)> answer)
    {
        var (status, json) = await answer;
        return (status, json.TryGetProperty("error", out var error) ? error.GetString()! : Encoding.UTF8.GetString(json.GetRawText().Select(c => (byte)c).ToArray()));
    }
}
