using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Mach.Access.Programs;
using Mach.Data;
using Mach.Testing;
using Microsoft.IdentityModel.Tokens;

namespace Mach.Access.Tests.Programs;

/// <summary>The administrators' page of programs, as browsers use it.</summary>
public sealed partial class ProgramPageTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private static Dictionary<string, string> Form(params (string Name, string Value)[] changes)
    {
        Dictionary<string, string> form = new() { ["id"] = "xet-nghiem", ["name"] = "Máy xét nghiệm", ["operator"] = "Công ty Thử", ["method"] = ClientMethods.Secret, ["scopes"] = "system/*.rs", ["purpose"] = "TREAT", ["facility"] = "25001" };
        foreach (var (name, value) in changes)
        {
            form[name] = value;
        }

        return form;
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_program_is_made_changed_given_another_secret_closed_and_opened(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var browser = await host.SignedInAsync(Roles.Administrator);
        var first = await SecretAsync(await browser.PostAsync("/programs", Form()));
        Assert.Contains("25001", await browser.TextAsync("/programs"), StringComparison.Ordinal);
        Assert.DoesNotContain(first, await browser.TextAsync("/programs"), StringComparison.Ordinal);
        var token = await TokenAsync(host, first);
        Assert.Equal(HttpStatusCode.OK, await host.WhoAsync(token!));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.PostAsync("/programs", Form())).StatusCode);

        // A change ends what it had.
        Assert.Equal("/programs?done=changed", (await browser.PostAsync("/programs/xet-nghiem/change", Form(("name", "Máy khác"), ("scopes", "system/Patient.rs")))).Place());
        Assert.Equal(HttpStatusCode.Unauthorized, await host.WhoAsync(token!));
        Assert.Contains("Máy khác", await browser.TextAsync("/programs?done=changed"), StringComparison.Ordinal);

        // The former secret goes on for a week, unless somebody else may have it.
        var second = await SecretAsync(await browser.PostAsync("/programs/xet-nghiem/secret", []));
        Assert.NotEqual(first, second);
        Assert.NotNull(await TokenAsync(host, first));
        Assert.NotNull(await TokenAsync(host, second));
        var third = await SecretAsync(await browser.PostAsync("/programs/xet-nghiem/secret", new() { ["stolen"] = "true" }));
        Assert.Null(await TokenAsync(host, first));
        Assert.Null(await TokenAsync(host, second));

        token = await TokenAsync(host, third);
        Assert.Equal("/programs?done=disabled", (await browser.PostAsync("/programs/xet-nghiem/disabled", new() { ["disabled"] = "true" })).Place());
        Assert.Equal(HttpStatusCode.Unauthorized, await host.WhoAsync(token!));
        Assert.Null(await TokenAsync(host, third));
        Assert.Equal("/programs?done=enabled", (await browser.PostAsync("/programs/xet-nghiem/disabled", new() { ["disabled"] = "false" })).Place());
        Assert.NotNull(await TokenAsync(host, third));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.PostAsync("/programs/khong-co/disabled", new() { ["disabled"] = "true" })).StatusCode);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Keys_of_a_program_are_replaced_and_the_house_changes_its_own(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var browser = await host.SignedInAsync(Roles.Administrator);
        using var one = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var two = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (former, present) = (new ECDsaSecurityKey(one) { KeyId = "mot" }, new ECDsaSecurityKey(two) { KeyId = "hai" });
        Dictionary<string, string> With(SecurityKey key) => Form(("method", ClientMethods.SignedStatement), ("keys", ProgramHost.KeySet(key)));
        Assert.Equal("/programs?done=registered", (await browser.PostAsync("/programs", With(former))).Place());
        Task<(HttpStatusCode Status, System.Text.Json.JsonElement)> StateAsync(SecurityKey key) => host.StateAsync(ProgramHost.Statement(host, "xet-nghiem", key, SecurityAlgorithms.EcdsaSha256));
        Assert.Equal(HttpStatusCode.OK, (await StateAsync(former)).Status);
        Assert.Equal("/programs?done=changed", (await browser.PostAsync("/programs/xet-nghiem/change", With(present))).Place());
        Assert.Equal(HttpStatusCode.Unauthorized, (await StateAsync(former)).Status);
        Assert.Equal(HttpStatusCode.OK, (await StateAsync(present)).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.PostAsync("/programs/xet-nghiem/secret", [])).StatusCode);

        var before = await host.Program().GetStringAsync("/oauth/jwks");
        Assert.Equal("/programs?done=rotated", (await browser.PostAsync("/programs/keys/rotate", new() { ["withdraw"] = "true" })).Place());
        Assert.NotEqual(before, await host.Program().GetStringAsync("/oauth/jwks"));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task What_a_person_allowed_is_listed_and_taken_back(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        await host.RegisterAsync();
        var doctor = await host.SignedInAsync(Roles.Doctor);
        var (_, json) = await host.RedeemAsync(await doctor.CodeAsync(ProgramHost.Query()));
        Assert.Equal(HttpStatusCode.OK, await host.WhoAsync(json.Text("access_token")));
        Assert.Contains("Biểu đồ tăng trưởng", await doctor.TextAsync("/account"), StringComparison.Ordinal);
        var browser = await host.SignedInAsync(Roles.Administrator);
        Assert.Contains("/programs/bieu-do/grants/doctor/withdraw", await browser.TextAsync("/programs"), StringComparison.Ordinal);
        Assert.Equal("/programs?done=withdrawn", (await browser.PostAsync("/programs/bieu-do/grants/doctor/withdraw", [])).Place());
        Assert.Equal(HttpStatusCode.Unauthorized, await host.WhoAsync(json.Text("access_token")));
        Assert.DoesNotContain("Biểu đồ tăng trưởng", await doctor.TextAsync("/account"), StringComparison.Ordinal);

        // The person takes it back on a page of their own, which no other page can send.
        (_, json) = await host.RedeemAsync(await doctor.CodeAsync(ProgramHost.Query()));
        Assert.Equal(HttpStatusCode.BadRequest, (await doctor.PostRawAsync("/account/programs/bieu-do/withdraw", [])).StatusCode);
        Assert.Equal(HttpStatusCode.OK, await host.WhoAsync(json.Text("access_token")));
        Assert.Equal(HttpStatusCode.Found, (await doctor.PostAsync("/account/programs/bieu-do/withdraw", [])).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await host.WhoAsync(json.Text("access_token")));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task What_is_not_as_it_must_be_is_refused_in_words_and_nothing_is_made(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var browser = await host.SignedInAsync(Roles.Administrator);
        (string Name, string Value)[][] rows =
        [
            [("id", "a b")], [("name", " ")], [("operator", "")], [("method", "mat-khau")], [("scopes", "")], [("scopes", "patient/*.rs")], [("scopes", "xem-het")],
            [("purpose", "")], [("purpose", "ETREAT")], [("purpose", "tuy-y")], [("facility", "2500")], [("facility", "25001"), ("purpose", ""), ("scopes", "dossier.send")],
            [("method", ClientMethods.None)], [("method", ClientMethods.SignedStatement)], [("method", ClientMethods.SignedStatement), ("keys", "{}")], [("method", ClientMethods.SignedStatement), ("keys-address", "http://lab.example.vn/keys")],
            [("method", ClientMethods.Certificate)], [("method", ClientMethods.Certificate), ("certificate", "khong phai ten")], [("method", ClientMethods.OwnCertificate), ("certificate", "ngan")],
            .. new[] { "http://app.example.vn/cb", "https://app.example.vn/cb#x", "https://*.example.vn/cb", "https://a@app.example.vn/cb", "javascript:alert(1)", "https:\\\\app.example.vn", "//app.example.vn/cb", "app:/cb", "http://localhost/cb" }
                .Select(r => new[] { ("redirects", r), ("method", ClientMethods.None), ("scopes", "user/*.rs"), ("purpose", ""), ("facility", "") }),
            [("redirects", "https://app.example.vn/cb"), ("method", ClientMethods.None), ("scopes", "user/*.rs"), ("purpose", ""), ("facility", ""), ("bound", "true")],
            [("redirects", "https://app.example.vn/cb"), ("method", ClientMethods.None), ("scopes", "user/*.rs"), ("purpose", ""), ("facility", ""), ("launch", "http://app.example.vn/l")],
        ];
        foreach (var row in rows)
        {
            var answer = await browser.PostAsync("/programs", Form(row));
            Assert.True(HttpStatusCode.UnprocessableEntity == answer.StatusCode, $"{string.Join(' ', row)}: {answer.StatusCode}");
            Assert.Contains("role=\"alert\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.DoesNotContain(await host.Clients().ListAsync(default), c => c.Id != AccessHost.ClientId);

        // What it said is not run as a page.
        var echoed = await (await browser.PostAsync("/programs", Form(("name", "<script>x</script>"), ("scopes", "sai")))).Content.ReadAsStringAsync();
        Assert.DoesNotContain("<script>x", echoed, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Who_made_a_program_without_a_purpose_keeps_it_so_and_a_purpose_is_not_taken_away(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        var browser = await host.SignedInAsync(Roles.Administrator);
        Dictionary<string, string> Machinery(string purpose) => Form(("id", AccessHost.ClientId), ("purpose", purpose), ("facility", ""));
        Assert.Equal("/programs?done=changed", (await browser.PostAsync($"/programs/{AccessHost.ClientId}/change", Machinery(""))).Place());
        Assert.Equal("/programs?done=changed", (await browser.PostAsync($"/programs/{AccessHost.ClientId}/change", Machinery("HRESCH"))).Place());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.PostAsync($"/programs/{AccessHost.ClientId}/change", Machinery(""))).StatusCode);
        Assert.Equal("HRESCH", (await host.Clients().FindAsync(AccessHost.ClientId, default))!.Purpose);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Others_open_nothing_of_it(DbEngine engine)
    {
        await using var host = await SignInHost.StartAsync(engine);
        string[] posts = ["/programs", $"/programs/{AccessHost.ClientId}/change", $"/programs/{AccessHost.ClientId}/secret", $"/programs/{AccessHost.ClientId}/disabled", "/programs/bieu-do/grants/doctor/withdraw", "/programs/keys/rotate"];
        foreach (var role in Roles.All.Where(r => r is not (Roles.Administrator or Roles.Intake)))
        {
            var browser = await host.SignedInAsync(role);
            Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/programs")).StatusCode);
            foreach (var path in posts)
            {
                Assert.True(HttpStatusCode.Forbidden == (await browser.PostAsync(path, Form(("disabled", "true")))).StatusCode, role + " " + path);
            }
        }

        var administrator = await host.SignedInAsync(Roles.Administrator);
        foreach (var path in posts)
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await administrator.PostRawAsync(path, Form())).StatusCode);
        }

        // A proof that is older than five minutes is asked for again.
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.StartsWith("/step-up", (await administrator.PostAsync("/programs", Form())).Place(), StringComparison.Ordinal);
        Assert.NotNull(await host.SignedInProgramAsync());
        Assert.DoesNotContain(await host.Clients().ListAsync(default), c => c.Id != AccessHost.ClientId || c.Disabled);
    }

    private static async Task<string> SecretAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return Secret().Match(await answer.Content.ReadAsStringAsync()).Groups[1].Value is { Length: 43 } secret ? secret : throw new InvalidOperationException("The page shows no secret.");
    }

    private static async Task<string?> TokenAsync(AccessHost host, string secret) =>
        await host.TokenAsync(("grant_type", "client_credentials"), ("client_id", "xet-nghiem"), ("client_secret", secret)) is { Status: HttpStatusCode.OK } told ? told.Json.Text("access_token") : null;

    [GeneratedRegex("(?<![A-Za-z0-9_-])([A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])")]
    private static partial Regex Secret();
}
