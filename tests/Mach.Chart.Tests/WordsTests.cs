using System.Globalization;
using Mach.Data;
using Mach.Testing;
using Mach.Ui;

namespace Mach.Chart.Tests;

public sealed class WordsTests
{
    public static TheoryData<string> Rooms => new("Mach.Ui", "Mach.Chart");

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Both_languages_have_the_same_keys_and_places(string room) => RoomWords.AssertBothLanguages(room);

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
            (doctor, "/people/p-long-life/visits/p-long-life-v0000"), (doctor, "/people/p-long-life/results"), (doctor, "/people/p-long-life/timeline"), (doctor, "/people/p-dead/timeline"), (doctor, "/people/p-long-life/results/0110101-mmol-l"), (doctor, "/people/p-long-life/results/glucose?with=hba1c"), (doctor, "/people/p-long-life/sources/Patient/p-long-life"), (doctor, "/nowhere"), (doctor, "/ui?toast=true&dialog=true"), (doctor, "/search"), (doctor, "/search?q=nguoi"), (doctor, "/search?q=zzz"), (doctor, "/accounts"), (administrator, "/"), (administrator, "/accounts"), (administrator, "/throws"),
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

    [Fact]
    public void The_texts_of_a_room_follow_the_language_of_the_request()
    {
        CultureInfo.CurrentUICulture = new CultureInfo("en");
        Assert.True(Texts.IsEnglish);
        CultureInfo.CurrentUICulture = new CultureInfo("vi");
        Assert.False(Texts.IsEnglish);
    }
}
