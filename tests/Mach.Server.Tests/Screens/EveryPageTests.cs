using System.Net;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Mach.Data;
using Mach.Intake;
using Mach.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Mach.Server.Tests.Screens;

/// <summary>Every page that the hub has, found by asking it for its addresses: axe finds nothing, in any theme, on a desk and on a tablet. No page is left out by forgetting it.</summary>
public sealed partial class EveryPageTests(ScreenFixture fixture) : IClassFixture<ScreenFixture>
{
    private static readonly string?[] Callers = [null, "doctor", "data officer", "administrator", "registrar", "person"];

    /// <summary>Pages that only come when something went before, or that show nothing with what is here; those that have a test elsewhere say which.</summary>
    private static readonly string[] Elsewhere =
    [
        "/oauth/consent", "/oauth/person", "/oauth/authorize", // a program has to ask: ConsentPageTests
        "/sign-in/second", "/sign-in/with/{provider}", "/sign-in/from/{provider}", // a first step has to be taken
        "/people/{id}/open-with/{program}",
        "/imports/{id}", "/audit/lines/{id}", "/questions/pairs/{one}/{other}", "/people/{id}/notes/{note}", "/people/{id}/notes/{note}/draft", "/people/{id}/notes/{note}/sign", "/people/{id}/notes/{note}/wrong", "/people/{id}/problems/{problem}", "/people/{id}/allergies/{allergy}",
    ];

    /// <summary>Rules that depend on the colours; the others were asked before the colours changed.</summary>
    private static readonly AxeRunOptions Colours = new() { RunOnly = new RunOnlyOptions { Type = "rule", Values = ["color-contrast", "link-in-text-block"] } };

    private readonly Dictionary<string, IPage> _pages = [];

    [Fact]
    public async Task Axe_finds_nothing_on_any_page_in_any_theme()
    {
        if (!TestDb.Includes(DbEngine.Sqlite))
        {
            return;
        }

        var sent = PortalTests.Sample();
        var receipt = await fixture.Services.GetRequiredService<IntakeService>().TakeAsync(new MemoryStream(PortalTests.Envelope(sent)), new IntakeSource("page", "dulieu", null, "hoso.xml"), null, default);
        List<string> wrong = [], without = [], pages = [];
        foreach (var pattern in Patterns())
        {
            if (await OpenAsync(pattern, sent.FacilityCode, sent.MaLk, receipt.Id) is not { } page)
            {
                without.Add(pattern);
                continue;
            }

            pages.Add(pattern);
            await CheckAsync(page, pattern, wrong);
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        Assert.InRange(pages.Count, 50, 200);
        Assert.Empty(pages.Intersect(Elsewhere));
        Assert.True(without.Except(Elsewhere).All(NoPage().IsMatch), "No page came of " + string.Join(' ', without.Except(Elsewhere).Where(p => !NoPage().IsMatch(p))));
    }

    [Fact]
    public async Task Axe_notices_a_field_without_a_name_and_pale_words()
    {
        if (!TestDb.Includes(DbEngine.Sqlite))
        {
            return;
        }

        var page = await fixture.OpenAsync(null, 1280);
        await page.GotoAsync(fixture.Base + "/sign-in");
        List<string> wrong = [];
        await page.EvaluateAsync("() => document.querySelector('main').insertAdjacentHTML('beforeend', '<input type=text><p id=pale>nhạt</p>')");
        await page.EvaluateAsync("() => { document.getElementById('pale').style.color = '#888'; document.getElementById('pale').style.background = '#999'; }");
        await CheckAsync(page, "/sign-in", wrong);
        Assert.Contains(wrong, w => w.Contains("label", StringComparison.Ordinal));
        Assert.Equal(3, wrong.Count(w => w.Contains("color-contrast", StringComparison.Ordinal)));
        await page.Context.CloseAsync();
    }

    /// <summary>All rules as the page came, those of colours in the other themes, and the width of a tablet.</summary>
    private static async Task CheckAsync(IPage page, string pattern, List<string> wrong)
    {
        foreach (var theme in new[] { "light", "dark", "night" })
        {
            await page.EvaluateAsync("theme => { document.documentElement.dataset.theme = theme; }", theme);
            var axe = theme == "light" ? await page.RunAxe() : await page.RunAxe(Colours);
            wrong.AddRange(axe.Violations.Select(v => $"{pattern} {theme}: {v.Id} {string.Join(',', v.Nodes.Take(3).Select(n => n.Html))}"));
        }

        await page.SetViewportSizeAsync(820, 1180);
        if (!await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth + 1"))
        {
            wrong.Add($"{pattern}: wider than a tablet");
        }
    }

    private IEnumerable<string> Patterns() => fixture.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
        .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") == true)
        .Select(e => "/" + e.RoutePattern.RawText!.Trim('/')).Distinct().Order(StringComparer.Ordinal);

    /// <summary>The page as the first caller who gets one sees it; null when it is none.</summary>
    private async Task<IPage?> OpenAsync(string pattern, string facility, string dossier, string receipt)
    {
        if (NoPage().IsMatch(pattern))
        {
            return null;
        }

        var path = ValuePattern().Replace(pattern, match => (match.Groups[1].Value, pattern) switch
        {
            ("id", _) when pattern == "/people/{id}/growth" => ScreenFixture.Child,
            ("id", _) when pattern.StartsWith("/people", StringComparison.Ordinal) => ScreenFixture.Person,
            ("id", _) when pattern.StartsWith("/intake", StringComparison.Ordinal) => receipt,
            ("id", _) when pattern.StartsWith("/units", StringComparison.Ordinal) => "xa-07900",
            ("visit", _) => ScreenFixture.Person + "-v0005",
            ("type", _) => "Patient",
            ("resource", _) => ScreenFixture.Person,
            ("series", _) => "hba1c",
            ("facility", _) => facility,
            ("maLk", _) => Uri.EscapeDataString(dossier),
            ("code", _) => "25001",
            ("hierarchy", _) => "hanh-chinh",
            ("name", _) when pattern.EndsWith("/entry", StringComparison.Ordinal) => "icd10",
            ("name", _) => "drugs",
            ("account", _) => "bacsi",
            ("position", _) => "1",
            _ => "1",
        }) + pattern switch
        {
            "/people" or "/search" => "?q=nguyen",
            "/people/new" or "/people/match" => "?name=nguyen+thi+lan&birth=1990",
            "/catalogues/{name}/entry" => "?code=E11",
            "/units/table" => "?by=communes-2025&beside=former-communes",
            "/ui" => "?toast=true&rows=400",
            "/step-up" => "?returnUrl=/account",
            _ => "",
        };
        foreach (var caller in Callers)
        {
            var page = await PageOfAsync(caller);
            var answer = await page.Context.APIRequest.GetAsync(fixture.Base + path, new() { MaxRedirects = 0, Headers = [new("Accept", "text/html")] });
            if (answer.Status == (int)HttpStatusCode.OK && answer.Headers.GetValueOrDefault("content-type", "").StartsWith("text/html", StringComparison.Ordinal) && (await answer.TextAsync()).Contains("<html", StringComparison.Ordinal))
            {
                await page.SetViewportSizeAsync(1280, 1000);
                await page.GotoAsync(fixture.Base + path);
                return page;
            }
        }

        return null;
    }

    /// <summary>One page for each caller, gone with the browser.</summary>
    private async Task<IPage> PageOfAsync(string? caller)
    {
        if (!_pages.TryGetValue(caller ?? "", out var page))
        {
            _pages[caller ?? ""] = page = await fixture.OpenAsync(caller, 1280);
        }

        return page;
    }

    /// <summary>Files, fragments and doors of programs.</summary>
    [GeneratedRegex(@"^/(fhir|assets|health|api|\.well-known|preferences|date|edit)(/|$)|\.(csv|ndjson|json|pdf)$|^/oauth/(jwks|introspect|userinfo)|/(ips|phrases|communes|codes|verification|options)$")]
    private static partial Regex NoPage();

    [GeneratedRegex(@"\{\*{0,2}(\w+)(?::\w+)?\}")]
    private static partial Regex ValuePattern();
}
