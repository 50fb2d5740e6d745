using System.Net;
using Mach.Data;
using Mach.Testing;

namespace Mach.Chart.Tests;

public sealed class FrameTests
{
    [Fact]
    public async Task Language_theme_and_density_are_kept_and_lead_back_to_the_page()
    {
        await using var host = await ChartHost.StartAsync(DbEngine.Sqlite);
        var browser = await host.BrowserAsync("doctor");
        var set = await browser.GetAsync("/preferences/lang?value=en&returnUrl=" + Uri.EscapeDataString("/people?q=an"));
        Assert.Equal("/people?q=an", set.Location);
        await browser.GetAsync("/preferences/theme?value=dark&returnUrl=/");
        var page = await browser.GetAsync("/people");
        Assert.Contains("<html lang=\"en\" data-theme=\"dark\"", page.Html, StringComparison.Ordinal);
        await browser.GetAsync("/preferences/theme?value=&returnUrl=/");
        Assert.DoesNotContain("data-theme=\"dark\"", (await browser.GetAsync("/people")).Html[..200], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_may_ask_for_a_look_of_its_own_and_a_choice_is_kept()
    {
        await using var host = await ChartHost.StartAsync(DbEngine.Sqlite);
        var browser = await host.BrowserAsync("doctor");
        Assert.Contains("<html lang=\"en\" data-theme=\"night\" data-density=\"tablet\"", (await browser.GetAsync("/people?theme=night&density=tablet&lang=en")).Html, StringComparison.Ordinal);
        await browser.GetAsync("/preferences/density?value=compact&returnUrl=/");
        var page = await browser.GetAsync("/people?theme=neon");
        Assert.Contains("<html lang=\"vi\" data-density=\"compact\"", page.Html, StringComparison.Ordinal);
        Assert.All(new[] { "light", "dark", "night", "comfortable", "tablet" }, choice => Assert.Contains($"?value={choice}&amp;returnUrl=", page.Html, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://elsewhere.example/")]
    [InlineData("//elsewhere.example/")]
    [InlineData("/\\elsewhere.example/")]
    [InlineData(null)]
    public async Task A_preference_never_leads_to_another_site(string? returnUrl)
    {
        await using var host = await ChartHost.StartAsync(DbEngine.Sqlite);
        var answer = await (await host.BrowserAsync(null)).GetAsync("/preferences/lang?value=en" + (returnUrl is null ? "" : "&returnUrl=" + Uri.EscapeDataString(returnUrl)));
        Assert.Equal("/", answer.Location);
        Assert.Equal(HttpStatusCode.NotFound, (await (await host.BrowserAsync("doctor")).GetAsync("/preferences/lang?value=fr")).Status);
    }

    [Fact]
    public async Task Each_role_sees_the_places_it_may_go()
    {
        await using var host = await ChartHost.StartAsync(DbEngine.Sqlite);
        foreach (var (role, sees, not) in new[] { ("registrar", "/people", "/accounts"), ("doctor", "/people", "/facilities"), ("administrator", "/accounts", "/questions"), ("data-officer", "/questions", "/accounts") })
        {
            var page = await (await host.BrowserAsync(role)).GetAsync("/");
            Assert.Contains($"<a href=\"{sees}\"", page.Html, StringComparison.Ordinal);
            Assert.DoesNotContain($"href=\"{not}\"", page.Html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_administrator_adds_closes_and_opens_accounts()
    {
        await using var host = await ChartHost.StartAsync(DbEngine.Sqlite);
        var browser = await host.BrowserAsync("administrator");
        async Task<Answer> Post(string path, params (string, string)[] form)
        {
            var token = (await browser.GetAsync("/accounts")).Between("name=\"__RequestVerificationToken\" value=\"", "\"");
            return await browser.PostAsync(path, [.. form, ("__RequestVerificationToken", token)]);
        }

        Assert.Equal("/accounts?done=added", (await Post("/accounts", ("name", "bs.ha"), ("display", "Trần Minh Hà"), ("password", ChartHost.Password), ("roles", "doctor"))).Location);
        var taken = await Post("/accounts", ("name", "bs.ha"), ("display", "Trần Minh Hà"), ("password", ChartHost.Password), ("roles", "doctor"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, taken.Status);
        Assert.Contains("role=\"alert\"", taken.Html, StringComparison.Ordinal);
        Assert.Equal("/accounts?done=disabled", (await Post("/accounts/bs.ha/disabled", ("disabled", "true"))).Location);
        Assert.Equal("/accounts?done=roles", (await Post("/accounts/bs.ha/roles", ("roles", "registrar"))).Location);
        Assert.Equal(HttpStatusCode.NotFound, (await Post("/accounts/bs.ha/password", ("password", "mot-mat-khau-khac-8"))).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Post("/accounts/administrator/disabled", ("disabled", "true"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync("/accounts/bs.ha/disabled", ("disabled", "false"))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await host.BrowserAsync("doctor")).GetAsync("/accounts")).Status);
    }

    [Fact]
    public async Task A_failure_is_a_page_for_people_and_a_problem_for_programs()
    {
        await using var host = await ChartHost.StartAsync(DbEngine.Sqlite);
        var browser = await host.BrowserAsync("doctor");
        var page = await browser.GetAsync("/throws");
        Assert.Equal(HttpStatusCode.InternalServerError, page.Status);
        Assert.Contains("Mã lỗi", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("boom", page.Html, StringComparison.Ordinal);
        var problem = await browser.GetAsync("/throws", "application/json");
        Assert.Equal("application/problem+json", problem.Message.Content.Headers.ContentType?.MediaType);
    }
}
