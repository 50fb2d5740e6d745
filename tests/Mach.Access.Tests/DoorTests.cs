using System.Net;
using Mach.Data;
using Mach.Testing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Access.Tests;

public sealed class DoorTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        [Policies.FindPerson] = [Roles.Registrar, Roles.Doctor, Roles.Nurse, Roles.DataOfficer],
        [Policies.ReadRecord] = [Roles.Doctor, Roles.Nurse, Roles.DataOfficer, Roles.Person],
        [Policies.SendDossier] = [Roles.DataOfficer, Roles.Administrator, Roles.Intake],
        [Policies.ReadDossier] = [Roles.DataOfficer, Roles.Administrator, Roles.Intake, Roles.Doctor],
        [Policies.DecideData] = [Roles.DataOfficer],
        [Policies.ManageAccounts] = [Roles.Administrator],
        [Policies.FhirRead] = [Roles.Doctor, Roles.DataOfficer],
        [Policies.FhirWrite] = [],
        [Policies.SignedIn] = [.. Roles.All],
    };

    [Theory, MemberData(nameof(Engines))]
    public async Task Each_role_opens_its_own_doors_and_no_other(DbEngine engine)
    {
        await using var host = await (await AccessHost.StartAsync(engine)).WithPeopleAsync();
        foreach (var role in Roles.All)
        {
            var browser = await host.SignedInBrowserAsync(role);
            foreach (var policy in AccessHost.AllPolicies)
            {
                var expected = Allowed[policy].Contains(role) ? HttpStatusCode.OK : HttpStatusCode.Forbidden;
                Assert.True(expected == (await browser.GetAsync("/probe/" + policy)).StatusCode, $"{role} at {policy}");
            }
        }

        var program = await host.SignedInProgramAsync();
        foreach (var policy in AccessHost.AllPolicies)
        {
            var expected = policy is Policies.FhirRead or Policies.ReadDossier or Policies.SignedIn ? HttpStatusCode.OK : HttpStatusCode.Forbidden;
            Assert.True(expected == (await program.GetAsync("/probe/" + policy)).StatusCode, $"program at {policy}");
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Nothing_but_the_named_routes_answers_without_sign_in(DbEngine engine)
    {
        await using var host = await AccessHost.StartAsync(engine);
        string[] open = ["/probe-gone", "/probe-gone-fhir", "/sign-in", "/sign-in/second", "/sign-in/with/{provider}", "/sign-in/from/{provider}", "/sign-in/passkey", "/sign-in/passkey/options", "/switch", "/api/token", "/oauth/token", "/oauth/jwks", "/oauth/revoke", "/oauth/introspect", "/oauth/style.json", "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration", "/fhir/metadata", "/fhir/.well-known/smart-configuration"];
        var endpoints = host.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToArray();
        Assert.True(endpoints.Length > 20);
        foreach (var endpoint in endpoints)
        {
            var pattern = endpoint.RoutePattern.RawText!;
            Assert.True(open.Contains(pattern) == (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null), pattern);
            if (open.Contains(pattern))
            {
                continue;
            }

            var path = System.Text.RegularExpressions.Regex.Replace(pattern, @"\{\**type\}", "Patient");
            path = System.Text.RegularExpressions.Regex.Replace(path, @"\{[^}]*\}", "1");
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST", "DELETE"])
            {
                using var request = new HttpRequestMessage(new(method), path);
                var answer = await host.Program().SendAsync(request);
                Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{method} {path} answered {answer.StatusCode}");
                Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
            }
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Program().GetAsync("/khong/co/trang/nay")).StatusCode);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_page_leads_to_the_sign_in_and_back_and_a_fragment_tells_htmx_so(DbEngine engine)
    {
        await using var host = await AccessHost.StartAsync(engine);
        var page = await new Browser(host.Program()).GetAsync("/who?q=lan&y=1965");
        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
        Assert.Equal("/sign-in?returnUrl=%2Fwho%3Fq%3Dlan%26y%3D1965", page.Headers.Location?.OriginalString);

        var htmx = host.Program();
        htmx.DefaultRequestHeaders.Add("HX-Request", "true");
        htmx.DefaultRequestHeaders.Add("HX-Current-URL", "http://localhost/people/1?page=2");
        var fragment = await htmx.GetAsync("/who");
        Assert.Equal(HttpStatusCode.Unauthorized, fragment.StatusCode);
        Assert.Equal("/sign-in?returnUrl=%2Fpeople%2F1%3Fpage%3D2", fragment.Headers.GetValues("HX-Redirect").Single());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Refusals_can_be_read_by_whoever_gets_them_and_are_kept(DbEngine engine)
    {
        await using var host = await (await AccessHost.StartAsync(engine)).WithPeopleAsync();
        var api = await host.Program().GetAsync("/access/accounts");
        Assert.Equal("application/problem+json", api.Content.Headers.ContentType?.MediaType);
        var fhir = await host.Program().GetAsync("/fhir/Patient/1");
        Assert.Equal("application/fhir+json", fhir.Content.Headers.ContentType?.MediaType);
        var outcome = await fhir.JsonAsync();
        Assert.Equal("OperationOutcome", outcome.GetProperty("resourceType").GetString());
        Assert.Equal("login", outcome.GetProperty("issue")[0].GetProperty("code").GetString());

        var registrar = await host.SignedInBrowserAsync("registrar");
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        var forbidden = await registrar.GetAsync("/probe/" + Policies.ReadRecord);
        Assert.Equal("text/html", forbidden.Content.Headers.ContentType?.MediaType);
        Assert.Contains("không có quyền", await forbidden.Content.ReadAsStringAsync());
        var kept = (await host.Log.ListAsync(null, 1, default)).Single().Event;
        Assert.Equal(("registrar", AccessOutcome.Denied, "GET /probe/record.read"), (kept.Actor, kept.Outcome, kept.Detail));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Every_answer_carries_the_security_headers(DbEngine engine)
    {
        await using var host = await (await AccessHost.StartAsync(engine)).WithPeopleAsync();
        var browser = await host.SignedInBrowserAsync("doctor");
        foreach (var answer in new[] { await browser.GetAsync("/who"), await browser.GetAsync("/sign-in"), await host.Program().GetAsync("/fhir/metadata"), await host.Program().GetAsync("/nothing") })
        {
            Assert.Contains("frame-ancestors 'none'", answer.Headers.GetValues("Content-Security-Policy").Single());
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("same-origin", answer.Headers.GetValues("Referrer-Policy").Single());
            Assert.True(answer.Headers.CacheControl?.NoStore);
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task An_administrator_makes_lists_and_closes_accounts(DbEngine engine)
    {
        await using var host = await (await AccessHost.StartAsync(engine)).WithPeopleAsync();
        var browser = await host.SignedInBrowserAsync("administrator");
        var program = host.Program();
        program.DefaultRequestHeaders.Add("Cookie", browser.SetCookies["mach.session"].Split(';')[0]);
        const string Body = """{"name":"BS.Mai","displayName":"BS Mai","password":"con-meo-tren-mai","roles":["doctor"]}""";
        var made = await program.PostAsync("/access/accounts", Content.Json(Body));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.DoesNotContain("assword", await made.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.Conflict, (await program.PostAsync("/access/accounts", Content.Json(Body))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await program.PostAsync("/access/accounts", Content.Json(Body.Replace("con-meo-tren-mai", "12345678").Replace("BS.Mai", "bs.hoa")))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await program.PostAsync("/access/accounts", Content.Json("{}"))).StatusCode);
        Assert.Contains("bs.mai", await program.GetStringAsync("/access/accounts"));
        Assert.Equal(HttpStatusCode.NoContent, (await program.PostAsync("/access/accounts/bs.mai/disable", Content.Json("{}"))).StatusCode);
        Assert.True((await host.Accounts.FindAsync("bs.mai", default))!.Disabled);
        Assert.Equal(HttpStatusCode.NotFound, (await program.PostAsync("/access/accounts/ai-do/disable", Content.Json("{}"))).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await program.PostAsync("/access/accounts/administrator/disable", Content.Json("{}"))).StatusCode);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task The_access_log_tells_who_opened_a_record(DbEngine engine)
    {
        await using var host = await AccessHost.StartAsync(engine);
        Assert.False(await host.Accounts.AnyAsync(default));
        await host.Log.RecordAsync(new AccessEvent("bs.mai", "record-open", AccessOutcome.Ok, "p1", "10.0.0.1"), default);
        await host.Log.RecordAsync(new AccessEvent("bs.mai", "record-open", AccessOutcome.Ok, "p2", "10.0.0.1"), default);
        var kept = Assert.Single(await host.Log.ListAsync("p1", 10, default));
        Assert.Equal(new AccessEvent("bs.mai", "record-open", AccessOutcome.Ok, "p1", "10.0.0.1"), kept.Event);
        Assert.Equal(host.Clock.GetUtcNow(), kept.At);
    }

    [Fact]
    public async Task A_lost_database_is_said_so_in_the_form_of_the_route()
    {
        await using var host = await AccessHost.StartAsync(DbEngine.Sqlite);
        foreach (var (path, type) in new[] { ("/probe-gone", "application/problem+json"), ("/probe-gone-fhir", "application/fhir+json") })
        {
            var answer = await host.Program().GetAsync(path);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
            Assert.NotNull(answer.Headers.RetryAfter);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        }
    }
}
