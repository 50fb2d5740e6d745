using Deque.AxeCore.Playwright;
using Mach.Data;
using Microsoft.Playwright;

namespace Mach.Server.Tests;

/// <summary>One hub with a small province of its own and one browser, shared by the journeys.</summary>
public abstract class ProvinceFixture(DbEngine engine) : IAsyncLifetime
{
    private IPlaywright? _playwright;

    internal HubProcess Hub { get; private set; } = null!;
    internal IBrowser Browser { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (!Testing.TestDb.Includes(engine))
        {
            return;
        }

        Hub = await HubProcess.StartAsync(engine);
        var token = await Hub.IntakeTokenAsync();
        foreach (var (_, bytes) in KillTests.Envelopes(dossiers: 800, each: 40))
        {
            using var answer = await Hub.SendAsync(token, bytes);
        }

        _playwright = await Playwright.CreateAsync();
        Browser = await LaunchAsync(_playwright);
    }

    /// <summary>Chromium as every test of pages starts it.</summary>
    internal static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
    {
        ExecutablePath = "/usr/bin/chromium",
        Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });

    public async Task DisposeAsync()
    {
        if (_playwright is not null)
        {
            await Browser.DisposeAsync();
            _playwright.Dispose();
            await Hub.DisposeAsync();
        }
    }
}

/// <summary>The province on SQLite.</summary>
public sealed class BrowserFixture() : ProvinceFixture(DbEngine.Sqlite);

/// <summary>What a person does with the pages, in a real browser.</summary>
public sealed class BrowserTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task A_doctor_finds_a_person_without_tones_and_opens_the_life_and_its_sources()
    {
        var page = await SignInAsync("doctor");
        var (name, cccd) = KnownPerson();
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync(Kernel.VietnameseText.Fold(name));
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync(address => address.Contains("?q=", StringComparison.Ordinal));
        await page.Locator("main").GetByRole(AriaRole.Link, new() { Name = name }).First.ClickAsync();
        await page.WaitForURLAsync("**/people/**");
        Assert.Contains(name, await page.Locator("main").InnerTextAsync(), StringComparison.OrdinalIgnoreCase);

        await page.GotoAsync($"{fixture.Hub.Base}/people?q={cccd}");
        await page.Locator("main a[href^='/people/']").First.ClickAsync();
        var origin = page.Locator("a[href^='/intake/dossiers/']").First;
        await origin.ScrollIntoViewIfNeededAsync();
        var href = await origin.GetAttributeAsync("href");
        await page.GotoAsync(fixture.Hub.Base + href);
        Assert.Contains("XML1", await page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_doctor_answers_five_questions_about_a_life_by_keys_alone_in_few_actions()
    {
        var page = await SignInAsync("doctor");
        var (name, cccd) = KnownPerson();
        await page.GotoAsync(fixture.Hub.Base + "/");
        var actions = 0;
        async Task PressAsync(string key)
        {
            actions++;
            await page.Keyboard.PressAsync(key);
        }

        async Task FollowAsync(string href)
        {
            // Tab reaches every link in the order of the page; what counts is the one key that opens it.
            await page.Locator($"main a[href$='{href}']").First.FocusAsync();
            await PressAsync("Enter");
            await page.WaitForLoadStateAsync();
        }

        // Who is it? The key of the search, the number, the first that was found.
        await PressAsync("/");
        actions++;
        await page.Keyboard.TypeAsync(cccd);
        await page.Locator("#find-list a[href^='/people/']").First.WaitForAsync();
        await PressAsync("ArrowDown");
        await PressAsync("Enter");
        await page.Locator(".banner").WaitForAsync();
        Assert.Contains(name, await page.Locator(".banner").InnerTextAsync(), StringComparison.OrdinalIgnoreCase);
        // What medicines, what problems, which results: on the first screen, no action more.
        foreach (var part in new[] { "#problems", "#medicines", "#results" })
        {
            Assert.True(await page.Locator(part).IsVisibleAsync());
        }

        // When was it, over the whole life? One.
        await FollowAsync("/timeline");
        await page.WaitForURLAsync("**/timeline");
        Assert.True(await page.Locator("svg.lanes a").CountAsync() > 0);
        var whole = await page.Locator("#lanes strong").InnerTextAsync();
        await PressAsync("+");
        await page.WaitForURLAsync("**/timeline?**");
        Assert.NotEqual(whole, await page.Locator("#lanes strong").InnerTextAsync());
        // How did a value run, and where did it come from? Two.
        await FollowAsync("/results");
        await page.Locator(".flowsheet th a").First.FocusAsync();
        await PressAsync("Enter");
        await page.WaitForURLAsync("**/results/**");
        Assert.True(await page.Locator("#series-chart").IsVisibleAsync());
        await page.Locator("a.versions").First.FocusAsync();
        await PressAsync("Enter");
        await page.WaitForURLAsync("**/sources/Observation/**");
        Assert.Contains("resourceType", await page.Locator("pre").TextContentAsync(), StringComparison.Ordinal);
        Assert.True(actions <= 9, $"{actions} actions");
    }

    [Fact]
    public async Task A_curve_is_saved_as_a_picture()
    {
        var page = await SignInAsync("doctor");
        await page.GotoAsync(fixture.Hub.Base + await RecordPathAsync(page) + "/results");
        await page.Locator(".flowsheet th a").First.ClickAsync();
        var file = await page.RunAndWaitForDownloadAsync(() => page.Locator("button[data-export-chart]").First.ClickAsync());
        await using var stream = File.OpenRead((await file.PathAsync())!);
        var head = new byte[8];
        Assert.Equal(8, await stream.ReadAsync(head));
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], head[..4]);
        Assert.True(stream.Length > 5000);
    }

    [Theory]
    [InlineData("/", "doctor")]
    [InlineData("/people?q=nguyen", "doctor")]
    [InlineData("record", "doctor")]
    [InlineData("record", "registrar")]
    [InlineData("record/results", "doctor")]
    [InlineData("record/results/*", "doctor")]
    [InlineData("record/timeline", "doctor")]
    [InlineData("record/growth", "doctor")]
    [InlineData("record/sources/Patient/*", "doctor")]
    [InlineData("record/notes/new", "doctor")]
    [InlineData("record/problems/new", "doctor")]
    [InlineData("record/allergies/new", "doctor")]
    [InlineData("/phrases", "doctor")]
    [InlineData("/indicators", "director")]
    [InlineData("/indicators/visits?by=tier", "director")]
    [InlineData("/indicators/length-of-stay/records", "data officer")]
    [InlineData("/indicators/morning", "director")]
    [InlineData("/indicators/share-inpatient", "director")]
    [InlineData("/indicators/length-of-stay/difference?period=2026-01", "director")]
    [InlineData("/indicators/visits-residence/map", "director")]
    [InlineData("/indicators/subscriptions", "director")]
    [InlineData("/indicators/boards", "director")]
    [InlineData("/indicators/boards/steering", "director")]
    [InlineData("/indicators/boards/care?present=on", "data officer")]
    [InlineData("/indicators/facilities", "data officer")]
    [InlineData("/indicators/facilities/25001?beside=25008", "director")]
    [InlineData("/indicators/quality", "data officer")]
    [InlineData("/indicators/closing", "director")]
    [InlineData("/indicators/closing/2026-01", "director")]
    [InlineData("/indicators/length-of-stay/definition", "data officer")]
    [InlineData("/intake", "data officer")]
    [InlineData("/facilities", "data officer")]
    [InlineData("/units?date=2025-06-30", "registrar")]
    [InlineData("/units?q=thong+nhat", "doctor")]
    [InlineData("/units/xa-04828", "data officer")]
    [InlineData("/units/table?by=communes-2025&beside=former-communes", "data officer")]
    [InlineData("/successions/new", "administrator")]
    [InlineData("/catalogues/drugs?q=para", "doctor")]
    [InlineData("/practitioners", "data officer")]
    [InlineData("/imports", "data officer")]
    [InlineData("/registry/changes", "data officer")]
    [InlineData("/policy/labels", "data officer")]
    [InlineData("/policy/looks", "data officer")]
    [InlineData("/questions", "data officer")]
    [InlineData("/questions/pairs", "data officer")]
    [InlineData("/people/new?name=nguyen+thi+lan&birth=1990", "registrar")]
    [InlineData("/accounts", "administrator")]
    [InlineData("/account", "doctor")]
    [InlineData("/ward", "administrator")]
    [InlineData("/switch", "doctor")]
    [InlineData("/recover", "doctor")]
    [InlineData("/step-up?returnUrl=/account", "doctor")]
    [InlineData("/search?q=hoa", "data officer")]
    public async Task Pages_are_accessible_in_light_and_dark_in_both_languages_and_on_a_tablet(string path, string role)
    {
        foreach (var (scheme, language, width) in new[] { (ColorScheme.Light, "vi", 1280), (ColorScheme.Dark, "en", 820) })
        {
            var page = await SignInAsync(role, scheme, width);
            var target = path.StartsWith("record", StringComparison.Ordinal) ? await RecordPathAsync(page) + path["record".Length..] : path;
            if (target.EndsWith("/results/*", StringComparison.Ordinal))
            {
                await page.GotoAsync(fixture.Hub.Base + target[..^2]);
                target = (await page.Locator(".flowsheet a[href*='/results/']").First.GetAttributeAsync("href"))!;
            }

            if (target.EndsWith("/sources/Patient/*", StringComparison.Ordinal))
            {
                target = target[..^1] + target.Split('/')[2];
            }

            await page.GotoAsync($"{fixture.Hub.Base}{target}{(target.Contains('?', StringComparison.Ordinal) ? "&" : "?")}lang={language}");
            Assert.Equal(language, await page.Locator("html").GetAttributeAsync("lang"));
            Assert.DoesNotMatch(@"\[[A-Z][A-Za-z.]+\]", await page.Locator("body").InnerTextAsync());
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth + 1"), $"{target} is wider than the screen at {width}");
            var axe = await page.RunAxe();
            Assert.True(axe.Violations.Length == 0, $"{target} {scheme} {language}: " + string.Join("; ", axe.Violations.Select(v => v.Id + " " + string.Join(",", v.Nodes.Take(3).Select(n => n.Html)))));
            await page.Context.CloseAsync();
        }
    }

    [Theory]
    [InlineData("light", "vi", "comfortable", 1280)]
    [InlineData("dark", "en", "compact", 1280)]
    [InlineData("night", "vi", "tablet", 820)]
    [InlineData("night", "en", "comfortable", 1280)]
    public async Task Every_component_is_accessible_in_every_theme(string theme, string language, string density, int width)
    {
        var page = await SignInAsync("doctor", width: width);
        await page.GotoAsync($"{fixture.Hub.Base}/ui?theme={theme}&density={density}&lang={language}&toast=true");
        Assert.Equal(theme, await page.Locator("html").GetAttributeAsync("data-theme"));
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth + 1"));
        await page.Locator("#toasts [data-toast=kept] button", new() { HasText = language == "vi" ? "Hoàn tác" : "Undo" }).WaitForAsync();
        await AssertAxeAsync(page);
        await page.Locator("[data-dialog=sample]").ClickAsync();
        await page.Locator("dialog#sample:modal").WaitForAsync();
        await AssertAxeAsync(page);
        await page.Keyboard.PressAsync("Escape");
        Assert.False(await page.Locator("dialog#sample").IsVisibleAsync());
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Everything_is_found_by_keys_alone()
    {
        var page = await SignInAsync("doctor");
        await page.GotoAsync(fixture.Hub.Base + "/units");
        await page.Keyboard.PressAsync("Control+k");
        var input = page.Locator("dialog#find:modal input[name=q]");
        await page.Locator("#find-list [role=option][href='/units']").WaitForAsync();
        await page.Keyboard.TypeAsync("dtd");
        await page.Locator("#find-list [role=group][aria-label='ICD-10']").WaitForAsync();
        await AssertAxeAsync(page);

        // An input method at work: neither Enter nor Escape is for the page.
        Assert.Null(await input.GetAttributeAsync("aria-activedescendant"));
        await input.EvaluateAsync("e => { for (const key of ['ArrowDown', 'Enter', 'Escape']) e.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, isComposing: true })); }");
        Assert.Null(await input.GetAttributeAsync("aria-activedescendant"));
        Assert.True(await input.IsVisibleAsync());

        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowUp");
        Assert.Equal("find-0", await input.GetAttributeAsync("aria-activedescendant"));
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/catalogues/icd10/entry?code=*");

        await page.Keyboard.PressAsync("/");
        await input.WaitForAsync();
        await page.Keyboard.PressAsync("Escape");
        Assert.False(await page.Locator("dialog#find").IsVisibleAsync());
        Assert.EndsWith("/search?q=hoa", await LandAsync(page, "hoa"), StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_typed_birth_date_is_said_back_while_one_types()
    {
        var page = await SignInAsync("registrar");
        await page.GotoAsync(fixture.Hub.Base + "/people/new");
        await page.Locator("input[name=birth]").ClickAsync();
        await page.Keyboard.TypeAsync("120765");
        await page.Locator("#date-birth-said", new() { HasText = "= 12/07/1965 · " }).WaitForAsync();
        await page.Locator("input[name=birth]").FillAsync("31/2/65");
        await page.Locator("#date-birth-said .bad").WaitForAsync();
        await AssertAxeAsync(page);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_commune_is_picked_by_keys_without_tones_by_initials_and_by_a_name_of_before_the_merger()
    {
        var page = await SignInAsync("registrar");
        await page.GotoAsync(fixture.Hub.Base + "/people/new");
        var (input, code, options) = (page.Locator("#communename"), page.Locator("input[type=hidden][name=commune]"), page.Locator("#communes [role=option]"));
        await input.ClickAsync();
        await page.Keyboard.TypeAsync("vt");
        await options.Filter(new() { HasText = "Phường Việt Trì" }).First.WaitForAsync();
        Assert.Equal("true", await input.GetAttributeAsync("aria-expanded"));
        Assert.Equal("communes-0", await input.GetAttributeAsync("aria-activedescendant"));
        await AssertAxeAsync(page);
        for (var i = 0; i < 8 && (await page.Locator("#communes [aria-selected=true] .main").InnerTextAsync()) != "Phường Việt Trì"; i++)
        {
            await page.Keyboard.PressAsync("ArrowDown");
        }

        await page.Keyboard.PressAsync("Enter");
        Assert.Equal(("Phường Việt Trì", "07900"), (await input.InputValueAsync(), await code.InputValueAsync()));
        Assert.Equal("false", await input.GetAttributeAsync("aria-expanded"));

        // Typed over, the code of before counts no more; without tones, and Tab takes what is marked and goes on.
        await input.FillAsync("");
        await page.Keyboard.TypeAsync("thanh mieu");
        await page.Locator("#communes [role=option]:first-child", new() { HasText = "Phường Thanh Miếu" }).WaitForAsync();
        Assert.Equal("", await code.InputValueAsync());
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal(("Phường Thanh Miếu", "07909"), (await input.InputValueAsync(), await code.InputValueAsync()));
        Assert.Equal("address", await page.EvaluateAsync<string>("document.activeElement.name"));

        // A commune that is no more is shown with what it became; Escape takes nothing.
        await input.FillAsync("");
        await page.Keyboard.TypeAsync("thanh minh");
        await options.Filter(new() { HasText = "Xã Thanh Minh, Thị xã Phú Thọ" }).First.WaitForAsync();
        await page.Keyboard.PressAsync("Escape");
        Assert.Equal(0, await options.CountAsync());
        Assert.Equal(("thanh minh", ""), (await input.InputValueAsync(), await code.InputValueAsync()));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_code_is_picked_by_keys_and_a_table_is_sorted_filtered_and_saved()
    {
        var page = await SignInAsync("doctor");
        await page.GotoAsync(fixture.Hub.Base + "/ui");
        await page.Locator("#icd-text").ClickAsync();
        await page.Keyboard.TypeAsync("dai thao duong trong khi co thai");
        await page.Locator("#icd-list [role=option]:first-child", new() { HasText = "O24" }).WaitForAsync();
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal("O24", await page.Locator("input[type=hidden][name=icd]").InputValueAsync());
        Assert.StartsWith("O24 ", await page.Locator("#icd-text").InputValueAsync(), StringComparison.Ordinal);

        var grid = page.Locator("[data-grid=ket-qua]");
        var names = grid.Locator("tbody tr:visible td:first-child");
        await grid.GetByRole(AriaRole.Button, new() { Name = "Kết quả" }).ClickAsync();
        Assert.Equal(["Glucose", "Kali", "Creatinin", "HbA1c"], await names.AllInnerTextsAsync());
        await grid.GetByRole(AriaRole.Button, new() { Name = "Kết quả" }).ClickAsync();
        Assert.Equal("descending", await grid.Locator("th").Nth(1).GetAttributeAsync("aria-sort"));
        await grid.Locator("input[type=search]").FillAsync("nguy hiem");
        Assert.Equal(["Kali"], await names.AllInnerTextsAsync());
        await grid.Locator("summary").ClickAsync();
        await grid.GetByLabel("Khoảng tham chiếu").UncheckAsync();
        await AssertAxeAsync(page);
        await page.Keyboard.PressAsync("Escape");
        var file = await page.RunAndWaitForDownloadAsync(() => grid.Locator("[data-grid-file]").ClickAsync());
        Assert.Equal("ket-qua.csv", file.SuggestedFilename);
        Assert.Equal("\uFEFFXét nghiệm,Kết quả,Đánh giá\r\nKali,\"6,9 mmol/L\",Nguy hiểm", await File.ReadAllTextAsync((await file.PathAsync())!, new System.Text.UTF8Encoding(false, true)) is var text && text.StartsWith('\uFEFF') ? text : "\uFEFF" + text);
        await page.Context.CloseAsync();
    }

    private static async Task<string> LandAsync(IPage page, string typed)
    {
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync(typed);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/search?**");
        return page.Url;
    }

    private static async Task AssertAxeAsync(IPage page)
    {
        var axe = await page.RunAxe();
        Assert.True(axe.Violations.Length == 0, page.Url + ": " + string.Join("; ", axe.Violations.Select(v => v.Id + " " + string.Join(",", v.Nodes.Take(3).Select(n => n.Html)))));
    }

    [Fact]
    public async Task A_data_officer_drops_a_file_and_sees_what_became_of_it()
    {
        var page = await SignInAsync("data officer");
        await page.GotoAsync(fixture.Hub.Base + "/intake");
        await page.Locator("input[type=file]").First.SetInputFilesAsync(new FilePayload { Name = "thang6.xml", MimeType = "application/xml", Buffer = PortalTests.Envelope(PortalTests.Sample()) });
        var submit = page.Locator("form:has(input[type=file]) button[type=submit]").First;
        if (await submit.IsVisibleAsync())
        {
            await submit.ClickAsync();
        }

        await page.WaitForURLAsync("**/intake/receipts/**");
        await page.Locator("a[href^='/intake/dossiers/']").First.WaitForAsync();
        await page.Context.CloseAsync();
    }

    private async Task<IPage> SignInAsync(string role, ColorScheme scheme = ColorScheme.Light, int width = 1280)
    {
        var (user, password) = fixture.Hub.User(role);
        var context = await fixture.Browser.NewContextAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 1000 } });
        var page = await context.NewPageAsync();
        await page.GotoAsync(fixture.Hub.Base + "/");
        await page.Locator("input[name=user]").FillAsync(user);
        await page.Locator("input[name=password]").FillAsync(password);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync(u => !u.Contains("/sign-in", StringComparison.Ordinal));
        return page;
    }

    private async Task<string> RecordPathAsync(IPage page)
    {
        await page.GotoAsync($"{fixture.Hub.Base}/people?q={KnownPerson().Cccd}");
        return (await page.Locator("main a[href^='/people/']").First.GetAttributeAsync("href"))!.Split('?')[0];
    }

    /// <summary>One of the invented people of the fixture's province who has results.</summary>
    internal static (string Name, string Cccd) KnownPerson()
    {
        var summary = KillTests.Envelopes(dossiers: 800, each: 40).SelectMany(e => e.Dossiers).First(d => d["XML4"] is not null && d.Summary.Get("SO_CCCD") is { Length: 12 }).Summary;
        return (summary.Get("HO_TEN")!, summary.Get("SO_CCCD")!);
    }
}
