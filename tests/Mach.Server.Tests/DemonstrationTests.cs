using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Mach.Data;
using Mach.Server.Demonstration;

namespace Mach.Server.Tests;

/// <summary>What somebody finds who starts the demonstration and signs in: each sign-in has work before it, and no page is without its words.</summary>
public sealed partial class DemonstrationTests : IAsyncLifetime
{
    private HubProcess _hub = null!;

    public async Task InitializeAsync() => _hub = await HubProcess.StartAsync(DbEngine.Sqlite, "small");

    public async Task DisposeAsync() => await _hub.DisposeAsync();

    [Fact]
    public async Task Everybody_has_work_and_every_page_has_its_words()
    {
        foreach (var user in _hub.Demo.GetProperty("users").Deserialize<DemoUser[]>(JsonSerializerOptions.Web)!)
        {
            foreach (var language in new[] { "vi", "en" })
            {
                await HasWordsAsync(user, language);
            }
        }

        await APersonSeesTheOwnRecordAndTheChildsAsync();
        await ADoctorOfAHospitalSeesThoseItHasCaredForAsync();
        await ARotatingDoctorChoosesWhereToActAsync();
        await ADataOfficerHasPeopleAndFamiliesToDecideOnAsync();
    }

    private async Task HasWordsAsync(DemoUser user, string language)
    {
        using var browser = await SignInAsync(user.Role);
        var seen = new HashSet<string>(StringComparer.Ordinal) { "/" };
        var waiting = new Queue<string>(seen);
        while (waiting.TryDequeue(out var path) && seen.Count < 60)
        {
            using var answer = await browser.GetAsync(path + (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "lang=" + language);
            if (answer.StatusCode != HttpStatusCode.OK || answer.Content.Headers.ContentType?.MediaType != "text/html")
            {
                continue;
            }

            var html = await answer.Content.ReadAsStringAsync();
            Assert.False(NoWord().IsMatch(Scripts().Replace(html, "")), $"{path} ({user.User}, {language}): {NoWord().Match(Scripts().Replace(html, "")).Value}");
            // One page of each kind: the main places, their tabs, and the first of what they list.
            foreach (var kind in Links().Matches(html).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value).Split('#')[0]).Where(l => !l.Contains('?', StringComparison.Ordinal)).GroupBy(l => Long().Replace(l, "*")))
            {
                if (kind.Key.Contains('*', StringComparison.Ordinal) && seen.Any(s => Long().Replace(s, "*") == kind.Key))
                {
                    continue;
                }

                if (seen.Add(kind.First()))
                {
                    waiting.Enqueue(kind.First());
                }
            }
        }

        Assert.True(seen.Count >= 3, $"{user.User}: {string.Join(' ', seen)}");
    }

    private async Task APersonSeesTheOwnRecordAndTheChildsAsync()
    {
        using var browser = await SignInAsync("person");
        var page = await browser.GetStringAsync("/me");
        var people = PersonLinks().Matches(page).Select(m => m.Groups[1].Value).Distinct().ToList();
        Assert.Equal(2, people.Count);
        foreach (var person in people)
        {
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/people/" + person)).StatusCode);
        }

        using var doctor = await SignInAsync("doctor");
        var other = PersonLinks().Matches(await doctor.GetStringAsync("/people?q=nguyen")).Select(m => m.Groups[1].Value).First(p => !people.Contains(p));
        Assert.NotEqual(HttpStatusCode.OK, (await browser.GetAsync("/people/" + other)).StatusCode);
    }

    private async Task ADoctorOfAHospitalSeesThoseItHasCaredForAsync()
    {
        using var local = await SignInAsync("doctor of " + DemoAccounts.FacilityCode);
        using var doctor = await SignInAsync("doctor");
        var (here, all) = (await CountAsync(local), await CountAsync(doctor));
        Assert.InRange(here, 1, all - 1);

        static async Task<int> CountAsync(HttpClient browser)
        {
            var people = new HashSet<string>(StringComparer.Ordinal);
            foreach (var name in new[] { "bui thi", "dinh thi", "nguyen thi thao", "tran thi", "le van", "pham van", "hoang thi" })
            {
                people.UnionWith(PersonLinks().Matches(await browser.GetStringAsync("/people?q=" + Uri.EscapeDataString(name))).Select(m => m.Groups[1].Value));
            }

            return people.Count;
        }
    }

    private async Task ARotatingDoctorChoosesWhereToActAsync()
    {
        using var browser = await SignInAsync("doctor on rota");
        var page = await browser.GetStringAsync("/me");
        Assert.Contains(DemoAccounts.FacilityCode, page, StringComparison.Ordinal);
        Assert.Contains(DemoAccounts.SatelliteCode, page, StringComparison.Ordinal);
    }

    private async Task ADataOfficerHasPeopleAndFamiliesToDecideOnAsync()
    {
        using var browser = await SignInAsync("data officer");
        // The comparison runs when nothing was written for two seconds.
        await EventuallyAsync(async () => (await browser.GetStringAsync("/questions/pairs")).Contains("name=\"one\"", StringComparison.Ordinal)
            && (await browser.GetStringAsync("/questions/pairs?state=same")).Contains("/questions/pairs/", StringComparison.Ordinal)
            && (await browser.GetStringAsync("/questions/family")).Contains("/family", StringComparison.Ordinal));
        Assert.Contains("/questions/", await browser.GetStringAsync("/questions"), StringComparison.Ordinal);
    }

    private static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        for (var tries = 0; tries < 240; tries++)
        {
            if (await holds())
            {
                return;
            }

            await Task.Delay(500);
        }

        Assert.Fail("It did not come.");
    }

    private async Task<HttpClient> SignInAsync(string role)
    {
        var browser = HubBrowser.Open(new Uri(_hub.Base));
        var (user, password) = _hub.User(role);
        await HubBrowser.SignInAsync(browser, new DemoUser(role, user, password));
        return browser;
    }

    /// <summary>A text that is missing shows its key in brackets. Names of services have brackets too, round Vietnamese words or abbreviations.</summary>
    [GeneratedRegex(@"\[(?=[^\]]*[a-z])[A-Za-z][A-Za-z0-9]*([.\-][A-Za-z0-9\-.]+)*\]")]
    private static partial Regex NoWord();

    [GeneratedRegex("<script.*?</script>|<style.*?</style>", RegexOptions.Singleline)]
    private static partial Regex Scripts();

    [GeneratedRegex("<a [^>]*href=\"(/[^\"]*)\"")]
    private static partial Regex Links();

    [GeneratedRegex("href=\"/people/([0-9a-z\\-]{8,64})\"")]
    private static partial Regex PersonLinks();

    /// <summary>A part of an address that says which one, not what.</summary>
    [GeneratedRegex("[^/]*[0-9][^/]*")]
    private static partial Regex Long();
}
