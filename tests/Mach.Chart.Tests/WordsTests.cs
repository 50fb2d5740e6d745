using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Resources;
using System.Text.RegularExpressions;
using Mach.Data;
using Mach.Ui;

namespace Mach.Chart.Tests;

public sealed partial class WordsTests
{
    public static TheoryData<string> Rooms => new("Mach.Ui", "Mach.Chart");

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Both_languages_have_the_same_keys_and_places(string room)
    {
        var (vi, en) = (Read(room, CultureInfo.InvariantCulture), Read(room, new CultureInfo("en")));
        Assert.Equal(vi.Keys.Order(StringComparer.Ordinal), en.Keys.Order(StringComparer.Ordinal));
        Assert.All(vi, word =>
        {
            Assert.NotEqual("", word.Value);
            Assert.Equal(Places().Matches(word.Value).Select(m => m.Value).Distinct().Order(), Places().Matches(en[word.Key]).Select(m => m.Value).Distinct().Order());
        });
    }

    [Theory]
    [InlineData("vi")]
    [InlineData("en")]
    public async Task No_page_shows_the_key_of_a_missing_word(string language)
    {
        await using var host = await ChartHost.StartAsync(DbEngine.Sqlite);
        await Lives.LongAsync(host.Store, "p-long-life", 30);
        await Lives.NeighboursAsync(host.Store);
        var doctor = await host.BrowserAsync("doctor");
        var administrator = await host.BrowserAsync("administrator");
        foreach (var (browser, path) in new[]
        {
            (doctor, "/"), (doctor, "/people"), (doctor, "/people?q=nguyen"), (doctor, "/people?q=khong-ai"), (doctor, "/people/p-long-life"), (doctor, "/people/p-dead"),
            (doctor, "/people/p-long-life/visits/p-long-life-v0000"), (doctor, "/nowhere"), (doctor, "/accounts"), (administrator, "/"), (administrator, "/accounts"), (administrator, "/throws"),
            (await host.BrowserAsync(null), "/sign-in?error=wait&seconds=9"),
        })
        {
            var page = await browser.GetAsync(path + (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "lang=" + language);
            Assert.Contains($"<html lang=\"{language}\"", page.Html, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"\[[A-Z][A-Za-z0-9.\-]+\]", page.Html);
            Assert.DoesNotContain(" style=\"", page.Html, StringComparison.Ordinal);
            Assert.DoesNotMatch("<script(?! src)", page.Html);
            Assert.DoesNotMatch(" on[a-z]+=\"", page.Html);
        }
    }

    private static Dictionary<string, string> Read(string room, CultureInfo culture)
    {
        var assembly = Assembly.Load(room);
        var resources = new ResourceManager(room + ".Resources.Text", assembly).GetResourceSet(culture, createIfNotExists: true, tryParents: false);
        Assert.NotNull(resources);
        return resources.Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string)e.Value!, StringComparer.Ordinal);
    }

    [Fact]
    public void The_texts_of_a_room_follow_the_language_of_the_request()
    {
        CultureInfo.CurrentUICulture = new CultureInfo("en");
        Assert.True(Texts.IsEnglish);
        CultureInfo.CurrentUICulture = new CultureInfo("vi");
        Assert.False(Texts.IsEnglish);
    }

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Places();
}
