using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Deque.AxeCore.Playwright;
using Mach.Data;
using Microsoft.Playwright;

namespace Mach.Server.Tests;

/// <summary>A hub with one person and no more, and a browser in a process of its own that can be killed and finds its folder again.</summary>
public sealed class NoteFixture : IAsyncLifetime
{
    private IPlaywright? _playwright;

    internal HubProcess Hub { get; private set; } = null!;
    internal IPlaywright Playwright => _playwright!;

    public async Task InitializeAsync()
    {
        Hub = await HubProcess.StartAsync(DbEngine.Sqlite);
        var token = await Hub.ClientTokenAsync();
        foreach (var (path, body) in new[]
        {
            ("Patient/note-person", """{"resourceType":"Patient","id":"note-person","name":[{"text":"Nguyễn Thị Đào"}],"gender":"female","birthDate":"1965-07-12"}"""),
            ("Observation/note-bp", """{"resourceType":"Observation","id":"note-bp","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"85354-9"}]},"subject":{"reference":"Patient/note-person"},"effectiveDateTime":"2026-11-20T08:10:00+07:00","component":[{"code":{"text":"tâm thu"},"valueQuantity":{"value":150,"unit":"mmHg"}},{"code":{"text":"tâm trương"},"valueQuantity":{"value":90,"unit":"mmHg"}}]}"""),
            ("Observation/note-k", $$"""{"resourceType":"Observation","id":"note-k","status":"final","code":{"text":"Kali"},"subject":{"reference":"Patient/note-person"},"effectiveDateTime":"{{DateTime.UtcNow:yyyy-MM-dd}}","valueQuantity":{"value":6.9,"unit":"mmol/L"},"interpretation":[{"coding":[{"code":"HH"}]}]}"""),
        })
        {
            using var put = new HttpRequestMessage(HttpMethod.Put, "/fhir/" + path) { Content = new StringContent(body, Encoding.UTF8, "application/fhir+json") };
            put.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            (await Hub.Http.SendAsync(put)).EnsureSuccessStatusCode();
        }

        _playwright = await Microsoft.Playwright.Playwright.CreateAsync();
    }

    public async Task DisposeAsync()
    {
        _playwright?.Dispose();
        await Hub.DisposeAsync();
    }
}

/// <summary>Chromium with a folder of its own; killed, it loses what it had not written there.</summary>
internal sealed class KillableBrowser : IAsyncDisposable
{
    private readonly Process _process;

    private KillableBrowser(Process process, IBrowser browser) => (_process, Browser) = (process, browser);

    public IBrowser Browser { get; }

    public static async Task<KillableBrowser> StartAsync(IPlaywright playwright, string folder)
    {
        var port = Path.Combine(folder, "DevToolsActivePort");
        File.Delete(port);
        var process = Process.Start(new ProcessStartInfo("/usr/bin/chromium", ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--remote-debugging-port=0", "--user-data-dir=" + folder, "about:blank"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        for (var watch = Stopwatch.StartNew(); !File.Exists(port) || (await File.ReadAllLinesAsync(port)).Length < 2;)
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60) && !process.HasExited, "Chromium did not start");
            await Task.Delay(50);
        }

        return new(process, await playwright.Chromium.ConnectOverCDPAsync("http://127.0.0.1:" + (await File.ReadAllLinesAsync(port))[0]));
    }

    /// <summary>kill -9 of the browser and all that it started.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }
}

/// <summary>Notes in a real browser: by keys alone, in two tabs, through a killed hub and a killed browser.</summary>
public sealed class NoteBrowserTests(NoteFixture fixture) : IClassFixture<NoteFixture>
{
    private const string Record = "/people/note-person";

    /// <summary>What is older than this must be there after everything was killed.</summary>
    private static readonly TimeSpan Safe = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_note_is_written_and_signed_by_keys_alone()
    {
        await using var own = await OpenAsync();
        var page = await SignInAsync(own.Browser, ColorScheme.Dark);
        await page.GotoAsync(fixture.Hub.Base + Record);
        await AssertAxeAsync(page);
        // A new result, seen by keys too.
        await page.Locator("#unread button").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**care=results-seen**");
        Assert.Equal(0, await page.Locator("#unread").CountAsync());
        await page.Locator($"a[href='{Record}/notes/new']").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/notes/new");
        await AssertAxeAsync(page);
        // The first template has the focus.
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync(url => url.Contains("/notes/", StringComparison.Ordinal) && !url.EndsWith("/new", StringComparison.Ordinal));
        var note = page.Url;
        await PhrasesAsync(page);
        Assert.Equal("s-reason", await FocusedAsync(page));
        await page.Keyboard.TypeAsync("Tái khám tăng huyết áp");
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("s-history", await FocusedAsync(page));
        await page.Keyboard.TypeAsync(".tha");
        await page.Locator("#phrase-list [role=option]").First.WaitForAsync();
        await AssertAxeAsync(page);
        await page.Keyboard.PressAsync("Space");
        var history = page.Locator("#s-history");
        Assert.StartsWith("Tăng huyết áp đang điều trị, huyết áp gần nhất 150/90 mmHg (20/11/2026).", await history.InputValueAsync(), StringComparison.Ordinal);
        // Taken back as typing is, and done again by the arrow.
        await page.Keyboard.PressAsync("Control+z");
        Assert.Equal(".tha", (await history.InputValueAsync()).TrimEnd());
        await history.FillAsync("");
        await page.Keyboard.TypeAsync(".th");
        await page.Locator("#phrase-list [role=option]").First.WaitForAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        Assert.Contains("huyết áp gần nhất 150/90", await history.InputValueAsync(), StringComparison.Ordinal);
        // The blank that came along is marked; what is typed takes its place, and F2 leads to the next.
        await page.Keyboard.TypeAsync("tốt");
        Assert.Contains("Tuân thủ thuốc: tốt.", await history.InputValueAsync(), StringComparison.Ordinal);
        await SaidAsync(page, "saved");
        await page.Keyboard.PressAsync("Control+Enter");
        await page.WaitForURLAsync(note + "/sign");
        await AssertAxeAsync(page);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync(note + "?said=signed");
        await AssertAxeAsync(page);
        Assert.Contains("Tuân thủ thuốc: tốt.", await page.Locator("article").InnerTextAsync(), StringComparison.Ordinal);
        await page.GotoAsync(fixture.Hub.Base + Record);
        Assert.Contains("Đã ký", await page.Locator("#care").InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_tabs_come_together_without_moving_the_caret_or_breaking_a_composition()
    {
        await using var own = await OpenAsync();
        var one = await SignInAsync(own.Browser);
        var note = await BeginAsync(one);
        var other = await one.Context.NewPageAsync();
        await other.GotoAsync(note);
        await one.Locator("#s-reason").FocusAsync();
        await one.Keyboard.TypeAsync("Đau đầu từ sáng.");
        await SaidAsync(one, "saved");
        await other.BringToFrontAsync();
        await ValueAsync(other, "#s-reason", "Đau đầu từ sáng.");
        // The caret of the first tab stands within its sentence while the second writes behind it.
        await one.Locator("#s-reason").EvaluateAsync("e => e.setSelectionRange(3, 7)");
        await other.Locator("#s-reason").FocusAsync();
        await other.Locator("#s-reason").EvaluateAsync("e => e.setSelectionRange(e.value.length, e.value.length)");
        await other.Keyboard.TypeAsync(" Sốt nhẹ.");
        await SaidAsync(other, "saved");
        await ValueAsync(one, "#s-reason", "Đau đầu từ sáng. Sốt nhẹ.");
        Assert.Equal("3 7", await one.Locator("#s-reason").EvaluateAsync<string>("e => e.selectionStart + ' ' + e.selectionEnd"));

        // An input method at work: nothing is put into the field before it has ended.
        await one.Locator("#s-plan").EvaluateAsync("e => { e.focus(); e.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true })); e.value = 'ngh'; e.dispatchEvent(new InputEvent('input', { bubbles: true, isComposing: true })); }");
        await other.Locator("#s-history").FocusAsync();
        await other.Keyboard.TypeAsync("Chưa dùng thuốc.");
        await SaidAsync(other, "saved");
        await Task.Delay(1500);
        Assert.Equal("", await one.Locator("#s-history").InputValueAsync());
        await one.Locator("#s-plan").EvaluateAsync("e => { e.value = 'nghỉ ngơi'; e.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true })); }");
        await ValueAsync(one, "#s-history", "Chưa dùng thuốc.");
        await other.BringToFrontAsync();
        await ValueAsync(other, "#s-plan", "nghỉ ngơi");
        await one.ReloadAsync();
        Assert.Equal("Đau đầu từ sáng. Sốt nhẹ.", await one.Locator("#s-reason").InputValueAsync());
    }

    [Fact]
    public async Task Nothing_older_than_two_seconds_is_lost_through_a_killed_hub_and_a_killed_browser()
    {
        var folder = Directory.CreateTempSubdirectory("mach-browser-").FullName;
        try
        {
            string note;
            var words = new List<string>();
            await using (var own = await KillableBrowser.StartAsync(fixture.Playwright, folder))
            {
                var page = await SignInAsync(own.Browser);
                note = await BeginAsync(page);
                await page.Locator("#s-reason").FocusAsync();
                await TypeAsync(page, words, 8);
                await SaidAsync(page, "saved");
                // kill -9 in the middle of a word; one writes on.
                await page.Keyboard.TypeAsync("giữa");
                await fixture.Hub.KillAsync();
                await page.Keyboard.TypeAsync("chừng ");
                words.Add("giữachừng");
                await TypeAsync(page, words, 12);
                await page.Locator("[data-note-state][data-state=unsent]", new() { HasText = "Chưa gửi được – vẫn giữ trên máy này" }).WaitForAsync();
                await TypeAsync(page, words, 4);
                await Task.Delay(Safe);
                // Younger than that may go, and is not asked for.
                await page.Keyboard.TypeAsync("vừamới");
                await own.KillAsync();
            }

            await fixture.Hub.StartAgainAsync(fixture.Hub.Base);
            await using (var again = await KillableBrowser.StartAsync(fixture.Playwright, folder))
            {
                var page = await SignInAsync(again.Browser);
                await page.GotoAsync(note);
                await page.WaitForFunctionAsync("word => document.querySelector('#s-reason').value.includes(word)", words[^1]);
                var text = await page.Locator("#s-reason").InputValueAsync();
                Assert.StartsWith(string.Join(' ', words), text, StringComparison.Ordinal);
                // Once each: what the hub had already is not there twice.
                Assert.All(words, word => Assert.Equal(text.IndexOf(word, StringComparison.Ordinal), text.LastIndexOf(word, StringComparison.Ordinal)));
                // The hub has it, and the browser keeps nothing.
                await page.WaitForFunctionAsync("async () => { const open = indexedDB.open('mach-notes'); await new Promise(done => open.onsuccess = done); const count = open.result.transaction('notes').objectStore('notes').count(); await new Promise(done => count.onsuccess = done); open.result.close(); return count.result === 0; }");
                await page.ReloadAsync();
                Assert.StartsWith(string.Join(' ', words), await page.Locator("#s-reason").InputValueAsync(), StringComparison.Ordinal);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_page_that_stayed_open_sends_on_when_the_hub_is_back()
    {
        await using var own = await OpenAsync();
        var page = await SignInAsync(own.Browser);
        await BeginAsync(page);
        await page.Locator("#s-plan").FocusAsync();
        await page.Keyboard.TypeAsync("Trước. ");
        await SaidAsync(page, "saved");
        await fixture.Hub.KillAsync();
        await page.Keyboard.TypeAsync("Trong lúc mất mạng.");
        await SaidAsync(page, "unsent");
        await fixture.Hub.StartAgainAsync(fixture.Hub.Base);
        await SaidAsync(page, "saved");
        await page.ReloadAsync();
        Assert.Equal("Trước. Trong lúc mất mạng.", await page.Locator("#s-plan").InputValueAsync());
    }

    private async Task<KillableBrowser> OpenAsync() => await KillableBrowser.StartAsync(fixture.Playwright, Directory.CreateTempSubdirectory("mach-browser-").FullName);

    private static async Task TypeAsync(IPage page, List<string> words, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var word = $"từ{words.Count:00}";
            words.Add(word);
            await page.Keyboard.TypeAsync(word + " ", new() { Delay = 15 });
        }
    }

    private async Task<string> BeginAsync(IPage page)
    {
        await page.GotoAsync(fixture.Hub.Base + Record + "/notes/new");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync(url => url.Contains("/notes/", StringComparison.Ordinal) && !url.EndsWith("/new", StringComparison.Ordinal));
        await PhrasesAsync(page);
        return page.Url;
    }

    /// <summary>The script of the editor has begun.</summary>
    private static Task<IJSHandle> PhrasesAsync(IPage page) => page.WaitForFunctionAsync("document.querySelector('input[name=tab]').value.length > 0");

    private static Task SaidAsync(IPage page, string state) => page.Locator($"[data-note-state][data-state={state}]").WaitForAsync(new() { Timeout = 60_000 });

    private static Task<IJSHandle> ValueAsync(IPage page, string field, string value) => page.WaitForFunctionAsync("([field, value]) => document.querySelector(field).value === value", new[] { field, value }, new() { Timeout = 60_000 });

    private static Task<string> FocusedAsync(IPage page) => page.EvaluateAsync<string>("document.activeElement.id");

    private static async Task AssertAxeAsync(IPage page)
    {
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth + 1"), page.Url + " is wider than the screen");
        var axe = await page.RunAxe();
        Assert.True(axe.Violations.Length == 0, page.Url + ": " + string.Join("; ", axe.Violations.Select(v => v.Id + " " + string.Join(",", v.Nodes.Take(3).Select(n => n.Html)))));
    }

    private async Task<IPage> SignInAsync(IBrowser browser, ColorScheme scheme = ColorScheme.Light)
    {
        var (user, password) = fixture.Hub.User("doctor");
        // The context of the folder: what it keeps outlives the process.
        var page = await browser.Contexts[0].NewPageAsync();
        await page.EmulateMediaAsync(new() { ColorScheme = scheme });
        await page.SetViewportSizeAsync(820, 1100);
        await page.GotoAsync(fixture.Hub.Base + "/");
        if (page.Url.Contains("/sign-in", StringComparison.Ordinal))
        {
            await page.Locator("input[name=user]").FillAsync(user);
            await page.Locator("input[name=password]").FillAsync(password);
            await page.Keyboard.PressAsync("Enter");
            await page.WaitForURLAsync(u => !u.Contains("/sign-in", StringComparison.Ordinal));
        }

        return page;
    }
}
