using System.Net;
using Mach.Access.Programs;
using Mach.Data;
using Mach.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Access.Tests.Programs;

/// <summary>Where people are led, and by whom. Source: RFC 9700 §2.1, §4.1, §4.5, §4.15, §4.16; RFC 8252 §7.3; RFC 7636 §7.2; RFC 9207.</summary>
public sealed class RedirectTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    public static TheoryData<string> Tricks =>
    [
        "https://app.example.vn/back", "https://app.example.vn/back?x=1&y=2", "https://app.example.vn/back?x=1#", "https://app.example.vn/back?x=1#code", "https://app.example.vn/back/?x=1", "https://app.example.vn/back/../back?x=1",
        "https://app.example.vn/Back?x=1", "https://APP.example.vn/back?x=1", "HTTPS://app.example.vn/back?x=1", "https://app.example.vn:443/back?x=1", "https://app.example.vn:8443/back?x=1", "http://app.example.vn/back?x=1",
        "https://app.example.vn.evil.example/back?x=1", "https://app.example.vn@evil.example/back?x=1", "https://evil.example/https://app.example.vn/back?x=1", "https://evil.example#@app.example.vn/back?x=1", "https://evil.example\\@app.example.vn/back?x=1",
        "https://app.example.vn%2Fback?x=1", "https://app.example.vn/%62ack?x=1", "https://app.example.vn/back?x=%31", "//app.example.vn/back?x=1", "/back?x=1", "javascript:alert(1)", "data:text/html,x", " https://app.example.vn/back?x=1", "https://app.example.vn/back?x=1 ", "",
    ];

    [Theory, MemberData(nameof(Tricks))]
    public async Task Nobody_is_led_to_an_address_that_differs_from_the_registered_one(string trick)
    {
        await using var host = await ProgramHost.StartAsync(DbEngine.Sqlite);
        await host.RegisterAsync();
        var doctor = await host.SignedInBrowserAsync("doctor");
        // With what is fine otherwise, and with an error that would be told to the program.
        foreach (var query in new[] { ProgramHost.Query(("redirect_uri", trick)), ProgramHost.Query(("redirect_uri", trick), ("response_type", "token")), ProgramHost.Query(("redirect_uri", trick), ("scope", "khong-co")) })
        {
            foreach (var answer in new[] { await doctor.AskAsync(query), await doctor.ConsentAsync(query), await doctor.ConsentAsync(query, decision: "deny") })
            {
                Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
                Assert.Null(answer.Headers.Location);
            }
        }
    }

    // RFC 8252 §7.3: the own machine with any port, and nothing else different.
    [Theory]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:51004/cb", true)]
    [InlineData("http://[::1]:8000/cb", "http://[::1]:51004/cb", true)]
    [InlineData("http://127.0.0.1:8000/cb", "http://127.0.0.1/cb", true)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:51004/cb/x", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:51004/cb?x=1", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:51004@evil.example/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1.evil.example/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:999999/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://localhost:51004/cb", false)]
    [InlineData("http://127.0.0.1/cb", "https://127.0.0.1:51004/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://[::1]/cb", false)]
    [InlineData("https://app.example.vn/cb", "https://app.example.vn:51004/cb", false)]
    public void The_port_of_the_own_machine_is_free(string registered, string asked, bool same) => Assert.Equal(same, ClientRules.IsSameRedirect(registered, asked));

    [Theory]
    [InlineData("https://app.example.vn/#x"), InlineData("http://app.example.vn/"), InlineData("http://localhost/cb"), InlineData("https://u@app.example.vn/"), InlineData("https://*.example.vn/"), InlineData("javascript:alert(1)"), InlineData("app:/cb"), InlineData("https://app.example.vn/a b"), InlineData("https:app.example.vn"), InlineData("https://")]
    public async Task Addresses_that_lead_anywhere_are_not_registered(string redirect)
    {
        await using var host = await ProgramHost.StartAsync(DbEngine.Sqlite);
        var refused = await Assert.ThrowsAsync<AccountRuleException>(() => host.RegisterAsync(redirect: redirect));
        Assert.Equal("program.redirect", refused.Problem.Rule);
        Assert.Contains("/", refused.Message, StringComparison.Ordinal);
        await host.RegisterAsync(redirect: "vn.example.app:/cb");
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task What_a_program_asks_wrongly_is_told_to_it_with_state_and_issuer(DbEngine engine)
    {
        await using var host = await ProgramHost.StartAsync(engine);
        await host.RegisterAsync();
        var doctor = await host.SignedInBrowserAsync("doctor");
        foreach (var (name, value, error) in new (string, string?, string)[]
        {
            ("response_type", "token", "unsupported_response_type"), ("response_type", null, "invalid_request"), ("response_mode", "fragment", "invalid_request"),
            ("code_challenge", null, "invalid_request"), ("code_challenge_method", null, "invalid_request"), ("code_challenge_method", "plain", "invalid_request"), ("code_challenge", "ngan", "invalid_request"),
            ("aud", "https://other.example/fhir", "invalid_request"), ("aud", null, "invalid_request"), ("scope", "system/*.rs", "invalid_scope"), ("scope", null, "invalid_scope"), ("scope", "user/*.cud", "invalid_scope"),
            ("request", "eyJ", "request_not_supported"), ("request_uri", "https://evil.example/r", "request_uri_not_supported"), ("prompt", "none", "consent_required"),
        })
        {
            var back = (await doctor.AskAsync(ProgramHost.Query((name, value)))).Back();
            Assert.Equal((error, "trang-thai-1", "http://localhost"), (back["error"], back["state"], back["iss"]));
        }

        var twice = (await doctor.AskAsync(ProgramHost.Query() + "&scope=openid")).Back();
        Assert.Equal("invalid_request", twice["error"]);
        foreach (var client in new[] { "khong-co", AccessHost.ClientId })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await doctor.AskAsync(ProgramHost.Query(("client_id", client)))).StatusCode);
        }

        await host.Clients().SetDisabledAsync("bieu-do", true, default);
        Assert.Equal(HttpStatusCode.BadRequest, (await doctor.AskAsync(ProgramHost.Query())).StatusCode);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Consent_is_given_in_ones_own_session_on_ones_own_page(DbEngine engine)
    {
        await using var host = await ProgramHost.StartAsync(engine);
        await host.RegisterAsync();
        var doctor = await host.SignedInBrowserAsync("doctor");
        var form = new Dictionary<string, string> { ["request"] = ProgramHost.Query(), ["decision"] = "allow", ["scope"] = "user/*.rs" };

        // Another site posts the form: no token, a wrong one, another session's.
        Assert.Equal(HttpStatusCode.BadRequest, (await doctor.PostRawAsync("/oauth/consent", form)).StatusCode);
        form["__RequestVerificationToken"] = await (await (await host.SignedInBrowserAsync("registrar")).GetAsync("/sign-in")).Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await doctor.PostRawAsync("/oauth/consent", form)).StatusCode);
        Assert.Empty(await host.App.Services.GetRequiredService<Grants>().ListAsync(null, null, default));

        // Nobody is signed in: led to the sign-in and back; a token of a program is no session.
        var nobody = await host.NewBrowser().AskAsync(ProgramHost.Query());
        Assert.StartsWith("/sign-in?returnUrl=%2Foauth%2Fauthorize", nobody.Place());
        var (_, json) = await host.RedeemAsync(await doctor.CodeAsync(ProgramHost.Query()));
        Assert.Equal(HttpStatusCode.Forbidden, (await host.Program(json.Text("access_token")).GetAsync("/oauth/authorize" + ProgramHost.Query(("prompt", "none")))).StatusCode);

        var answer = await doctor.AskAsync(ProgramHost.Query(("scope", "openid user/Patient.r")));
        Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
        Assert.Contains("frame-ancestors 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_fresh_proof_is_asked_for_where_the_program_wants_one(DbEngine engine)
    {
        await using var host = await ProgramHost.StartAsync(engine);
        await host.RegisterAsync();
        var doctor = await host.SignedInBrowserAsync("doctor");
        Assert.StartsWith("/oauth/consent", (await doctor.AskAsync(ProgramHost.Query(("prompt", "login")))).Place());
        host.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.StartsWith("/oauth/consent", (await doctor.AskAsync(ProgramHost.Query(("max_age", "3600")))).Place());
        foreach (var ask in new[] { ("prompt", "login"), ("max_age", "300") })
        {
            var query = ProgramHost.Query(ask);
            Assert.Equal("/step-up?returnUrl=" + Uri.EscapeDataString("/oauth/authorize" + query), (await doctor.AskAsync(query)).Place());
            Assert.Equal("access_denied", (await doctor.ConsentAsync(query)).Back()["error"]);
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_launch_is_for_one_person_one_program_and_one_time(DbEngine engine)
    {
        await using var host = await ProgramHost.StartAsync(engine);
        await host.RegisterAsync(launch: "https://app.example.vn/launch");
        await host.RegisterAsync("khac", launch: "https://khac.example.vn/launch");
        var launches = host.App.Services.GetRequiredService<Launches>();
        var client = (await host.Clients().FindAsync("bieu-do", default))!;
        async Task<string> WordAsync() => (await launches.BeginAsync(client, "doctor", new("p1", "e1"), ProgramHost.Base, default)).Split("launch=")[1];
        Assert.StartsWith("https://app.example.vn/launch?iss=http%3A%2F%2Flocalhost%2Ffhir&launch=", await launches.BeginAsync(client, "doctor", new("p1"), ProgramHost.Base, default));

        var doctor = await host.SignedInBrowserAsync("doctor");
        var word = await WordAsync();
        var query = ProgramHost.Query(("scope", "launch patient/*.rs"), ("launch", word));
        Assert.Equal("invalid_request", (await (await host.SignedInBrowserAsync("registrar")).AskAsync(query)).Back()["error"]);
        Assert.Equal("invalid_request", (await doctor.AskAsync(ProgramHost.Query(("scope", "launch patient/*.rs"), ("launch", word), ("client_id", "khac")))).Back()["error"]);
        Assert.Equal("invalid_request", (await doctor.AskAsync(ProgramHost.Query(("scope", "launch patient/*.rs")))).Back()["error"]);

        var (_, json) = await host.RedeemAsync(await doctor.CodeAsync(query));
        Assert.Equal(("p1", "e1", true), (json.Text("patient"), json.Text("encounter"), json.GetProperty("need_patient_banner").GetBoolean()));
        Assert.Equal(HttpStatusCode.OK, (await host.Program().GetAsync(new Uri(json.Text("smart_style_url")).AbsolutePath)).StatusCode);
        Assert.Equal("invalid_request", (await doctor.ConsentAsync(query)).Back()["error"]);

        // A word of another patient in the address does not replace what was launched; a late one is none.
        word = await WordAsync();
        var other = await host.RedeemAsync(await doctor.CodeAsync(ProgramHost.Query(("scope", "launch patient/*.rs"), ("launch", word), ("person", "p2"))));
        Assert.Equal("p1", other.Json.Text("patient"));
        word = await WordAsync();
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal("invalid_request", (await doctor.AskAsync(ProgramHost.Query(("scope", "launch patient/*.rs"), ("launch", word)))).Back()["error"]);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_patient_is_picked_before_a_program_for_one_patient_is_let_in(DbEngine engine)
    {
        await using var host = await ProgramHost.StartAsync(engine);
        await host.RegisterAsync();
        var doctor = await host.SignedInBrowserAsync("doctor");
        var query = ProgramHost.Query(("scope", "launch/patient patient/*.rs"));
        Assert.Equal("/oauth/person" + query, (await doctor.AskAsync(query)).Place());
        Assert.Equal("access_denied", (await doctor.ConsentAsync(query)).Back()["error"]);
        Assert.Equal("access_denied", (await doctor.ConsentAsync(query + "&person=" + new string('x', 65))).Back()["error"]);
        var (_, json) = await host.RedeemAsync(await doctor.CodeAsync(query + "&person=p1"));
        Assert.Equal("p1", json.Text("patient"));

        // Asked again each time: the choice is not remembered, and no address makes it for the person.
        Assert.StartsWith("/oauth/consent", (await doctor.AskAsync(query + "&person=p2")).Place());
        Assert.StartsWith("/oauth/person", (await doctor.AskAsync(query)).Place());
    }
}
