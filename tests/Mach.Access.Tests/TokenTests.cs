using System.Net;
using System.Text;
using Mach.Access.SignIn;
using Mach.Data;
using Mach.Testing;

namespace Mach.Access.Tests;

public sealed class TokenTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task A_hospital_system_gets_a_token_in_every_way_such_systems_ask(DbEngine engine)
    {
        await using var host = await (await AccessHost.StartAsync(engine)).WithPeopleAsync();
        using var multipart = new MultipartFormDataContent { { new StringContent("intake"), "username" }, { new StringContent(AccessHost.Password), "password" } };
        HttpContent[] ways =
        [
            multipart,
            Content.Form(("username", "intake"), ("password", Passwords.Md5(AccessHost.Password))),
            Content.Form(("username", "intake"), ("password", Passwords.Md5(AccessHost.Password).ToLowerInvariant())),
            Content.Json($$"""{"username":"intake","password":"{{AccessHost.Password}}"}"""),
        ];
        foreach (var way in ways)
        {
            var answer = await host.Program().PostAsync("/api/token", way);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var json = await answer.JsonAsync();
            Assert.Equal("200", json.GetProperty("maKetQua").GetString());
            Assert.Equal("Bearer", json.GetProperty("token_type").GetString());
            Assert.Equal(7200, json.GetProperty("expires_in").GetInt32());
            Assert.Equal("intake", json.GetProperty("username").GetString());
            var token = json.GetProperty("access_token").GetString();
            Assert.Equal(token, json.GetProperty("APIKey").GetProperty("access_token").GetString());
            Assert.Equal("2026-01-15T03:00:00Z", json.GetProperty("APIKey").GetProperty("expires_in").GetString());
            Assert.Equal(HttpStatusCode.OK, (await host.Program(token).GetAsync("/probe/" + Policies.SendDossier)).StatusCode);
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Wrong_credentials_and_accounts_that_do_not_send_get_401_in_the_portals_shape(DbEngine engine)
    {
        await using var host = await (await AccessHost.StartAsync(engine)).WithPeopleAsync();
        foreach (var (user, password) in new[] { ("intake", "sai-mat-khau"), ("doctor", AccessHost.Password), ("doctor", Passwords.Md5(AccessHost.Password)), ("ai-do", "x") })
        {
            var answer = await host.Program().PostAsync("/api/token", Content.Form(("username", user), ("password", password)));
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Equal("401", (await answer.JsonAsync()).GetProperty("maKetQua").GetString());
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await host.Program().PostAsync("/api/token", Content.Form(("username", "intake")))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await host.Program().PostAsync("/api/token", Content.Json("{"))).StatusCode);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_portal_token_of_an_administrator_sends_and_does_nothing_else(DbEngine engine)
    {
        await using var host = await (await AccessHost.StartAsync(engine)).WithPeopleAsync();
        var answer = await host.Program().PostAsync("/api/token", Content.Form(("username", "administrator"), ("password", AccessHost.Password)));
        var program = host.Program((await answer.JsonAsync()).GetProperty("access_token").GetString());
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/probe/" + Policies.SendDossier)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await program.GetAsync("/access/accounts")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await program.GetAsync("/fhir/Patient")).StatusCode);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_role_given_later_opens_the_md5_form_after_the_first_plain_sign_in(DbEngine engine)
    {
        await using var host = await (await AccessHost.StartAsync(engine)).WithPeopleAsync();
        await host.Accounts.SetRolesAsync("doctor", [Roles.Doctor, Roles.Intake], default);
        var md5 = Passwords.Md5(AccessHost.Password);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Program().PostAsync("/api/token", Content.Form(("username", "doctor"), ("password", md5)))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Program().PostAsync("/api/token", Content.Form(("username", "doctor"), ("password", AccessHost.Password)))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Program().PostAsync("/api/token", Content.Form(("username", "doctor"), ("password", md5)))).StatusCode);
        // The MD5 itself is no password for the pages.
        Assert.Contains("error=wrong", (await new Browser(host.Program()).SignInAsync("doctor", md5)).Headers.Location?.OriginalString);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_bound_account_carries_its_facility(DbEngine engine)
    {
        await using var host = await AccessHost.StartAsync(engine);
        await host.Accounts.CreateAsync(new NewAccount("bv25001", "Bệnh viện", AccessHost.Password, [Roles.Intake], "25001"), default);
        var answer = await host.Program().PostAsync("/api/token", Content.Form(("username", "bv25001"), ("password", AccessHost.Password)));
        var program = host.Program((await answer.JsonAsync()).GetProperty("access_token").GetString());
        Assert.Equal("bv25001|Bệnh viện|25001", await program.GetStringAsync("/who"));
    }

    // RFC 6749 §2.3.1, §4.4, §5.2
    [Theory, MemberData(nameof(Engines))]
    public async Task A_program_gets_a_token_by_basic_header_or_form(DbEngine engine)
    {
        await using var host = await (await AccessHost.StartAsync(engine)).WithPeopleAsync();
        var basic = host.Program();
        basic.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{AccessHost.ClientId}:{AccessHost.ClientSecret}")));
        var first = await basic.PostAsync("/oauth/token", Content.Form(("grant_type", "client_credentials"), ("scope", "system/Patient.rs")));
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("no-store", first.Headers.CacheControl?.ToString());
        var json = await first.JsonAsync();
        Assert.Equal("system/Patient.rs", json.GetProperty("scope").GetString());
        Assert.Equal(3600, json.GetProperty("expires_in").GetInt32());
        Assert.Equal(HttpStatusCode.OK, (await (await host.SignedInProgramAsync()).GetAsync("/fhir/Patient")).StatusCode);
    }

    [Theory]
    [InlineData("client_credentials", AccessHost.ClientId, "wrong", null, 401, "invalid_client")]
    [InlineData("client_credentials", "nobody", AccessHost.ClientSecret, null, 401, "invalid_client")]
    [InlineData("client_credentials", AccessHost.ClientId, "", null, 401, "invalid_client")]
    [InlineData("client_credentials", AccessHost.ClientId, AccessHost.ClientSecret, "system/*.cruds", 400, "invalid_scope")]
    [InlineData("password", AccessHost.ClientId, AccessHost.ClientSecret, null, 400, "unsupported_grant_type")]
    [InlineData(null, AccessHost.ClientId, AccessHost.ClientSecret, null, 400, "invalid_request")]
    public async Task A_token_request_that_cannot_be_met_says_why(string? grant, string id, string secret, string? scope, int status, string error)
    {
        await using var host = await (await AccessHost.StartAsync(DbEngine.Sqlite)).WithPeopleAsync();
        (string, string?)[] fields = [("grant_type", grant), ("client_id", id), ("client_secret", secret), ("scope", scope)];
        var answer = await host.Program().PostAsync("/oauth/token", Content.Form([.. fields.Where(f => f.Item2 is not null).Select(f => (f.Item1, f.Item2!))]));
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(error, (await answer.JsonAsync()).GetProperty("error").GetString());
        Assert.Equal(status == 401, answer.Headers.WwwAuthenticate.Any(h => h.Scheme == "Basic"));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_token_expires_is_revoked_and_outlives_a_restart(DbEngine engine)
    {
        await using var host = await (await AccessHost.StartAsync(engine)).WithPeopleAsync();
        var program = await host.SignedInProgramAsync();
        await using (var second = await host.RestartAsync())
        {
            var same = second.Program(program.DefaultRequestHeaders.Authorization!.Parameter);
            Assert.Equal(HttpStatusCode.OK, (await same.GetAsync("/fhir/Patient")).StatusCode);
        }

        host.Clock.Advance(TimeSpan.FromMinutes(61));
        var expired = await program.GetAsync("/fhir/Patient");
        Assert.Equal(HttpStatusCode.Unauthorized, expired.StatusCode);
        Assert.Contains("invalid_token", expired.Headers.WwwAuthenticate.ToString());

        var fresh = await host.SignedInProgramAsync();
        Assert.Equal(HttpStatusCode.OK, (await fresh.GetAsync("/fhir/Patient")).StatusCode);
        await host.Accounts.DisableClientAsync(AccessHost.ClientId, default);
        Assert.Equal(HttpStatusCode.Unauthorized, (await fresh.GetAsync("/fhir/Patient")).StatusCode);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task The_database_holds_no_token_password_or_secret(DbEngine engine)
    {
        await using var host = await (await AccessHost.StartAsync(engine)).WithPeopleAsync();
        var token = (await host.SignedInProgramAsync()).DefaultRequestHeaders.Authorization!.Parameter!;
        await using var connection = await host.Database.Db.OpenAsync(default);
        var rows = await Dapper.SqlMapper.QueryAsync(connection, "SELECT * FROM acc_token");
        var texts = rows.SelectMany(r => (IDictionary<string, object>)r).Select(c => c.Value is byte[] b ? Encoding.Latin1.GetString(b) : $"{c.Value}").ToList();
        texts.AddRange((await Dapper.SqlMapper.QueryAsync<string>(connection, "SELECT password || coalesce(password_md5, '') FROM acc_account")));
        texts.AddRange((await Dapper.SqlMapper.QueryAsync<string>(connection, "SELECT secret FROM acc_client")));
        Assert.DoesNotContain(texts, t => t.Contains(token) || t.Contains(AccessHost.Password) || t.Contains(AccessHost.ClientSecret) || t.Contains(Passwords.Md5(AccessHost.Password)));
    }
}
