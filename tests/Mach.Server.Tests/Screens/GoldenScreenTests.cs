using Mach.Data;
using Mach.Testing;
using Microsoft.Playwright;

namespace Mach.Server.Tests.Screens;

/// <summary>
/// The main pages as somebody has looked at them, in light, in dark and on a tablet. <c>UPDATE_GOLDEN=1 dotnet test tests/Mach.Server.Tests --filter GoldenScreen</c>
/// accepts what came out: look at each picture that git names before it is committed.
/// </summary>
public sealed class GoldenScreenTests(ScreenFixture fixture) : IClassFixture<ScreenFixture>
{
    /// <summary>Pictures are kept at half their size: a changed word, colour or place still shows, a changed smoothing of letters does not.</summary>
    private const float Scale = 0.5f;

    /// <summary>No more of a long page than this, in pixels of the page.</summary>
    private const int MostHeight = 1800;

    /// <summary>The page that has every component, to its end.</summary>
    private const string Components = "components";

    /// <summary>How far a colour of a point may be off, of 255, and which share of the points may be further: what two builds of Chromium may make of the same letters.</summary>
    private const int AllowedStep = 48;
    private const double AllowedShare = 0.002;

    private static readonly (string Look, string Theme, int Width)[] Looks = [("light", "light", 1280), ("dark", "dark", 1280), ("tablet", "light", 820)];

    private static string Golden => Repository.File("tests", "Mach.Server.Tests", "Golden");

    [Theory]
    [InlineData("start", "/", "doctor")]
    [InlineData("record", "/people/p-dao", "doctor")]
    [InlineData("record-at-the-desk", "/people/p-dao", "registrar")]
    [InlineData("record-own", "/people/p-dao", "person")]
    [InlineData("visit", "/people/p-dao/visits/p-dao-v0005", "doctor")]
    [InlineData("flowsheet", "/people/p-dao/results", "doctor")]
    [InlineData("curve", "/people/p-dao/results/hba1c", "doctor")]
    [InlineData("lanes", "/people/p-dao/timeline", "doctor")]
    [InlineData("growth", "/people/p-be/growth", "doctor")]
    [InlineData("source", "/people/p-dao/sources/Patient/p-dao", "doctor")]
    [InlineData("problem", "/people/p-dao/problems/new", "doctor")]
    [InlineData("unit", "/units/xa-07900", "data officer")]
    [InlineData("drugs", "/catalogues/drugs?q=amlo", "doctor")]
    [InlineData("facilities", "/facilities", "data officer")]
    [InlineData("register-person", "/people/new?name=nguyen+thi+lan&birth=1990", "registrar")]
    [InlineData(Components, "/ui", "doctor")]
    public async Task A_page_looks_as_somebody_has_seen_and_accepted(string name, string path, string? role)
    {
        if (!TestDb.Includes(DbEngine.Sqlite))
        {
            return;
        }

        List<string> wrong = [];
        foreach (var (look, theme, width) in Looks)
        {
            var page = await ShowAsync(path, role, theme, width);
            var picture = await DrawAsync(page, name == Components ? int.MaxValue : MostHeight);
            await page.Context.CloseAsync();
            if (Compare($"{name}-{look}", picture) is { } why)
            {
                wrong.Add(why);
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    /// <summary>The comparison itself: each of these is a change that somebody should look at.</summary>
    [Theory]
    [InlineData("a part is gone", "document.querySelector('#medicines').style.visibility = 'hidden'")]
    [InlineData("everything lies lower", "document.querySelector('main').style.paddingTop = '24px'")]
    [InlineData("a colour", "document.documentElement.style.setProperty('filter', 'hue-rotate(120deg)')")]
    [InlineData("words", "document.querySelectorAll('#problems a').forEach(a => a.textContent = 'Không có gì')")]
    public async Task A_changed_page_is_noticed(string what, string change)
    {
        if (!TestDb.Includes(DbEngine.Sqlite))
        {
            return;
        }

        var page = await ShowAsync("/people/p-dao", "doctor", "light", 1280);
        Assert.Null(Compare("record-light", await DrawAsync(page)));
        await page.EvaluateAsync(change);
        Assert.True(Difference("record-light", await DrawAsync(page)) > AllowedShare, what);
        await page.Context.CloseAsync();
    }

    [Fact]
    public void No_picture_is_kept_of_a_page_that_is_not_drawn_and_all_of_them_stay_small()
    {
        var names = typeof(GoldenScreenTests).GetMethod(nameof(A_page_looks_as_somebody_has_seen_and_accepted))!.GetCustomAttributesData()
            .Where(a => a.AttributeType == typeof(InlineDataAttribute))
            .Select(a => (string)((IReadOnlyList<System.Reflection.CustomAttributeTypedArgument>)a.ConstructorArguments[0].Value!)[0].Value!);
        var files = new DirectoryInfo(Golden).GetFiles("*.png");
        Assert.Equal(names.SelectMany(n => Looks.Select(l => $"{n}-{l.Look}.png")).Order(StringComparer.Ordinal), files.Select(f => f.Name).Order(StringComparer.Ordinal));
        Assert.InRange(files.Sum(f => f.Length), 1, 6_000_000);
    }

    private async Task<IPage> ShowAsync(string path, string? role, string theme, int width)
    {
        var page = await fixture.OpenAsync(role, width, Scale);
        await page.GotoAsync($"{fixture.Base}{path}{(path.Contains('?', StringComparison.Ordinal) ? "&" : "?")}theme={theme}&lang=vi", new() { WaitUntil = WaitUntilState.Load });
        Assert.Equal(theme, await page.Locator("html").GetAttributeAsync("data-theme"));
        await page.EvaluateAsync("() => document.fonts.ready");
        return page;
    }

    private static async Task<byte[]> DrawAsync(IPage page, int mostHeight = MostHeight)
    {
        // Wide and high at once: a picture of more than the window would draw what sticks to its edges twice.
        var height = Math.Min(mostHeight, await page.EvaluateAsync<int>("() => document.documentElement.scrollHeight"));
        await page.SetViewportSizeAsync(page.ViewportSize!.Width, height + (height % 2));
        await page.EvaluateAsync("() => { document.activeElement?.blur(); window.scrollTo(0, 0); }");
        return await page.ScreenshotAsync(new() { Animations = ScreenshotAnimations.Disabled, Caret = ScreenshotCaret.Hide, Scale = ScreenshotScale.Device });
    }

    private static string File(string name) => Path.Combine(Golden, name + ".png");

    private static double Difference(string name, byte[] picture) => Png.Read(System.IO.File.ReadAllBytes(File(name))).Difference(Png.Read(picture), AllowedStep);

    /// <summary>Null when the picture is the one that is kept, nearly enough.</summary>
    private static string? Compare(string name, byte[] picture)
    {
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1" && (!System.IO.File.Exists(File(name)) || Difference(name, picture) > 0))
        {
            Directory.CreateDirectory(Golden);
            System.IO.File.WriteAllBytes(File(name), picture);
        }

        if (!System.IO.File.Exists(File(name)))
        {
            return $"{name}: no picture is kept yet; UPDATE_GOLDEN=1 keeps one.";
        }

        if (Difference(name, picture) is var share && share <= AllowedShare)
        {
            return null;
        }

        var received = Path.Combine(Path.GetTempPath(), $"{name}.received.png");
        System.IO.File.WriteAllBytes(received, picture);
        return $"{name}: {share:P2} of the points are other than in the picture that is kept; what came out is {received}";
    }
}
