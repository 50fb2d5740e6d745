using Mach.Data;
using Mach.Testing;

namespace Mach.Care.Tests;

public sealed class WordsTests
{
    [Fact]
    public void Both_languages_have_the_same_keys_and_places() => RoomWords.AssertBothLanguages("Mach.Care");

    [Theory]
    [InlineData("vi")]
    [InlineData("en")]
    public async Task No_page_shows_the_key_of_a_missing_word_or_code_within_it(string language)
    {
        await using var host = await CareHost.StartAsync(DbEngine.Sqlite);
        var doctor = await host.BrowserAsync("doctor-25001");
        var token = CareHost.Token(await doctor.GetAsync("/people/p1/notes/new"));
        var note = (await doctor.PostAsync("/people/p1/notes", token, ("template", "visit"))).Location!;
        await doctor.PostAsync(note, token, ("base", "1"), ("section-reason", "Ho"));
        var signed = (await doctor.PostAsync("/people/p1/notes", token, ("template", "follow-up"))).Location!;
        await doctor.PostAsync(signed + "/sign", token, ("revision", "1"));
        var problem = (await doctor.PostAsync("/people/p1/problems", token, ("code-text", "Đau lưng"))).Location!;
        var allergy = (await doctor.PostAsync("/people/p1/allergies", token, ("substance-text", "Tôm"), ("criticality", "high"), ("certainty", "unconfirmed"))).Location!;
        foreach (var path in new[]
        {
            "/", "/people/p1", "/people/p1/notes/new", note, note + "/sign", signed, signed + "/wrong", problem.Split('#')[0], allergy.Split('#')[0], "/people/p1/problems/new", "/people/p1/problems/new?from=c3",
            "/people/p1/problems/" + problem.Split("of=")[1].Split('&')[0], "/people/p1/allergies/new", "/people/p1/allergies/" + allergy.Split("of=")[1].Split('&')[0], "/phrases", "/phrases?name=tha",
        })
        {
            var page = await doctor.GetAsync(path + (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "lang=" + language);
            Assert.True(page.Status == System.Net.HttpStatusCode.OK, $"{path} {page.Status}");
            Assert.Contains($"<html lang=\"{language}\"", page.Html, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"\[[A-Z][A-Za-z0-9.\-]+\]", page.Html);
            Assert.DoesNotContain(" style=\"", page.Html, StringComparison.Ordinal);
            Assert.DoesNotMatch("<script(?! src)", page.Html);
        }
    }
}
