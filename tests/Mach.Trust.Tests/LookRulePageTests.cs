using System.Net;
using System.Text.RegularExpressions;
using Mach.Data;
using Mach.Testing;

namespace Mach.Trust.Tests;

/// <summary>Data officers read and change what counts as unusual looking, and read what makes data delicate. Source: docs/adr/0026-words-and-looks.md.</summary>
public sealed partial class LookRulePageTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task Two_officers_change_the_rules_about_looks(DbEngine engine)
    {
        await using var host = await TrustHost.StartAsync(engine);
        var (first, second) = (await host.BrowserAsync("data-officer"), await host.BrowserAsync("officer2"));
        var form = Fields(await first.GetAsync("/policy/looks/edit"));
        (string, string)[] With(string name, string value, string why) => [.. form.Where(f => f.Name != name), (name, value), ("why", why)];

        var same = await first.PostAsync("/policy/looks/edit?lang=en", [.. form, ("why", "Không đổi gì, chỉ thử")]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, same.Status);
        Assert.Contains("This changes nothing", same.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await first.PostAsync("/policy/looks/edit", With("bulk.most", "nhiều", "Theo rà soát tháng 11"))).Status);

        Assert.Equal("/policy/looks?done=proposed", (await first.PostAsync("/policy/looks/edit", With("bulk.most", "250", "Theo rà soát tháng 11"))).Location);
        var mine = await first.GetAsync("/policy/looks?lang=en");
        Assert.Matches("<td class=\"strong\">Listing in bulk</td><td>At most</td><td>500</td><td>250</td>", mine.Html);
        Assert.DoesNotContain("/approve\"", mine.Html, StringComparison.Ordinal);
        var seen = await second.GetAsync("/policy/looks?lang=en");
        var approve = "/policy/looks/" + seen.Between("action=\"/policy/looks/", "\"");
        Assert.EndsWith("/approve", approve, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await first.PostAsync(approve, TrustHost.Token(mine))).Status);
        Assert.Equal("/policy/looks?done=approved", (await second.PostAsync(approve, TrustHost.Token(seen))).Location);
        Assert.Contains("At most: 250", (await first.GetAsync("/policy/looks?lang=en")).Html, StringComparison.Ordinal);
        Assert.Contains("Theo rà soát tháng 11", (await first.GetAsync("/policy/looks")).Html, StringComparison.Ordinal);

        // Without the antiforgery field nothing happens.
        Assert.Equal(HttpStatusCode.BadRequest, (await second.PostAsync("/policy/looks/edit", [.. With("bulk.most", "9", "Theo rà soát tháng 12").Where(f => f.Item1 != "__RequestVerificationToken")])).Status);
        foreach (var role in new[] { "doctor", "administrator", "registrar", "nurse", "person", "intake" })
        {
            var browser = await host.BrowserAsync(role);
            Assert.All([await browser.GetAsync("/policy/looks"), await browser.GetAsync("/policy/looks/edit"), await browser.GetAsync("/policy/labels")], page => Assert.Equal(HttpStatusCode.Forbidden, page.Status));
        }
    }

    [Fact]
    public async Task A_data_officer_reads_what_makes_data_delicate_and_tries_words()
    {
        await using var host = await TrustHost.StartAsync(DbEngine.Sqlite);
        var officer = await host.BrowserAsync("data-officer");
        var page = await officer.GetAsync("/policy/labels?lang=en");
        Assert.Contains("<td class=\"strong\">tâm thần phân liệt</td>", page.Html, StringComparison.Ordinal);
        Assert.Contains("<td class=\"code\">B20</td>", page.Html, StringComparison.Ordinal);
        Assert.Contains("Labels: HIV, Mental health", (await officer.GetAsync("/policy/labels?lang=en&text=" + Uri.EscapeDataString("nhiễm hiv, trầm cảm"))).Html, StringComparison.Ordinal);
        Assert.Contains("No delicate words.", (await officer.GetAsync("/policy/labels?lang=en&text=" + Uri.EscapeDataString("<b>viêm họng</b>"))).Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vi")]
    [InlineData("en")]
    public async Task No_page_shows_the_key_of_a_missing_word(string language)
    {
        await using var host = await TrustHost.StartAsync(DbEngine.Sqlite);
        var officer = await host.BrowserAsync("data-officer");
        await officer.PostAsync("/policy/looks/edit", [.. Fields(await officer.GetAsync("/policy/looks/edit")).Where(f => f.Name is not ("night.on" or "own.roles" or "own.severity")), ("own.roles", "doctor"), ("own.severity", "High"), ("why", "Theo rà soát tháng 11")]);
        foreach (var path in new[] { "/policy/looks?", "/policy/looks/edit?", "/policy/labels?", "/policy/labels?text=hiv&" })
        {
            var page = await officer.GetAsync(path + "lang=" + language);
            Assert.Contains($"<html lang=\"{language}\"", page.Html, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"\[[A-Z][A-Za-z0-9.\-]+\]", page.Html);
            Assert.DoesNotContain(" style=\"", page.Html, StringComparison.Ordinal);
            Assert.DoesNotMatch("<script(?! src)", page.Html);
        }
    }

    /// <summary>What a browser would send of a form as it stands.</summary>
    private static List<(string Name, string Value)> Fields(Answer page)
    {
        var form = page.Html[page.Html.IndexOf("action=\"/policy/looks/edit\"", StringComparison.Ordinal)..];
        var inputs = InputTag().Matches(form).Select(m => m.Groups[1].Value).Where(i => !i.Contains("type=\"checkbox\"", StringComparison.Ordinal) || i.Contains(" checked", StringComparison.Ordinal))
            .Select(i => (Name: Value(i, "name"), Value: WebUtility.HtmlDecode(Value(i, "value"))));
        var selects = SelectTag().Matches(form).Select(m => (Name: m.Groups[1].Value, Value: ChosenTag().Match(m.Groups[2].Value).Groups[1].Value));
        return [.. inputs.Concat(selects).Where(f => f.Name.Length > 0)];
    }

    private static string Value(string tag, string name) => Regex.Match(tag, $"(?:^| ){name}=\"([^\"]*)\"").Groups[1].Value;

    [GeneratedRegex("<input ([^>]*)>")]
    private static partial Regex InputTag();

    [GeneratedRegex("<select name=\"([^\"]+)\">(.*?)</select>", RegexOptions.Singleline)]
    private static partial Regex SelectTag();

    [GeneratedRegex("<option value=\"([^\"]+)\" selected")]
    private static partial Regex ChosenTag();
}
