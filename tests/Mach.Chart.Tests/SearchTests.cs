using System.Net;
using Mach.Access;
using Mach.Data;
using Mach.Kernel;
using Mach.Testing;
using Mach.Ui.Finding;

namespace Mach.Chart.Tests;

/// <summary>The search over everything: what each source answers, and to whom.</summary>
public sealed class SearchTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task People_and_pages_are_found_without_tones_in_groups(DbEngine engine)
    {
        await using var host = await ChartHost.StartAsync(engine);
        await Lives.NeighboursAsync(host.Store);
        var browser = await host.BrowserAsync("doctor");
        var people = await browser.FragmentAsync("/search?q=nguyen+van+an");
        Assert.DoesNotContain("<html", people.Html, StringComparison.Ordinal);
        Assert.Contains("role=\"group\" aria-label=\"Người bệnh\"", people.Html, StringComparison.Ordinal);
        Assert.Contains("role=\"option\" class=\"find-hit\" id=\"find-0\" href=\"/people/p-an", people.Html, StringComparison.Ordinal);
        Assert.Contains("href=\"/people\"", (await browser.FragmentAsync("/search?q=nguoi+benh")).Html, StringComparison.Ordinal);
        Assert.Contains("href=\"/account\"", (await browser.FragmentAsync("/search?q=tktt")).Html + (await browser.FragmentAsync("/search?q=tai+khoan")).Html, StringComparison.Ordinal);
        Assert.Contains("Không tìm thấy gì", (await browser.FragmentAsync("/search?q=zzzz")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_only_one_source_found_opens_its_own_page_and_the_rest_is_a_page_of_groups()
    {
        await using var host = await ChartHost.StartAsync(DbEngine.Sqlite);
        await Lives.NeighboursAsync(host.Store);
        var browser = await host.BrowserAsync("doctor");
        Assert.Equal("/people?q=nguyen%20van%20an", (await browser.GetAsync("/search?q=nguyen+van+an")).Location);
        var page = await browser.GetAsync("/search?q=nguoi");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("<h2>Trang</h2>", page.Html, StringComparison.Ordinal);
        Assert.Contains("<form class=\"search find-page\"", page.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/search")).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/search?q=" + new string('a', 3000))).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await (await host.BrowserAsync(null)).GetAsync("/search?q=an")).Status);
    }

    [Fact]
    public async Task Whoever_may_not_find_people_finds_none_and_no_place_that_is_closed_to_them()
    {
        await using var host = await ChartHost.StartAsync(DbEngine.Sqlite);
        await Lives.NeighboursAsync(host.Store);
        foreach (var role in new[] { "administrator", "person" })
        {
            var browser = await host.BrowserAsync(role);
            Assert.DoesNotContain("/people/", (await browser.FragmentAsync("/search?q=nguyen+van+an")).Html, StringComparison.Ordinal);
            Assert.DoesNotContain("href=\"/people", (await browser.FragmentAsync("/search?q=")).Html, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("href=\"/accounts\"", (await (await host.BrowserAsync("doctor")).FragmentAsync("/search?q=tai+khoan")).Html, StringComparison.Ordinal);
        Assert.Contains("href=\"/accounts\"", (await (await host.BrowserAsync("administrator")).FragmentAsync("/search?q=tai+khoan")).Html, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task With_nothing_typed_it_offers_whom_this_caller_opened_newest_first_and_nobody_elses(DbEngine engine)
    {
        await using var host = await ChartHost.StartAsync(engine);
        await Lives.NeighboursAsync(host.Store);
        var doctor = await host.BrowserAsync("doctor");
        Assert.DoesNotContain("/people/p-", (await doctor.FragmentAsync("/search?q=")).Html, StringComparison.Ordinal);
        await doctor.GetAsync("/people/p-lan");
        await doctor.GetAsync("/people/p-an");
        await doctor.GetAsync("/people/p-lan");
        var offered = (await doctor.FragmentAsync("/search?q=")).Html;
        Assert.Contains("Bạn mở gần đây", offered, StringComparison.Ordinal);
        Assert.Contains("vừa xong", offered, StringComparison.Ordinal);
        Assert.Equal(1, offered.Split("href=\"/people/p-lan\"").Length - 1);
        Assert.True(offered.IndexOf("p-lan", StringComparison.Ordinal) < offered.IndexOf("/people/p-an\"", StringComparison.Ordinal));
        Assert.DoesNotContain("/people/p-", (await (await host.BrowserAsync("nurse")).FragmentAsync("/search?q=")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_was_listed_stands_in_the_trail()
    {
        await using var host = await ChartHost.StartAsync(DbEngine.Sqlite);
        await Lives.NeighboursAsync(host.Store);
        await (await host.BrowserAsync("doctor")).FragmentAsync("/search?q=tran+thi+lan");
        var line = Assert.Single(await host.Log.ListAsync("p-lan", 10, default), l => l.Event.Action == "ui-search");
        Assert.Equal(("doctor", AccessOutcome.Ok), (line.Event.Actor, line.Event.Outcome));
    }

    [Fact]
    public async Task A_confidential_person_is_listed_without_anything_that_tells_who()
    {
        await using var host = await ChartHost.StartAsync(DbEngine.Sqlite);
        await host.Store.CommitAsync(new Store.Commit { Actor = "test", Writes = [Bodies.Put(Bodies.Patient("p-hidden", "Nguyễn Thị Đào", "1956-03-08", "female"))] }, default);
        var answer = (await (await host.BrowserAsync("doctor")).FragmentAsync("/search?q=nguyen+thi+dao")).Html;
        Assert.Contains("Người bệnh bảo mật", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Nguyễn Thị Đào", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("1956", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("việt trì", "viet tri", 8)]
    [InlineData("viet", "viet tri", 7)]
    [InlineData("vie", "viet tri", 6)]
    [InlineData("tri viet", "viet tri", 4)]
    [InlineData("tri", "phuong viet tri", 4)]
    [InlineData("pvt", "phuong viet tri", 2)]
    [InlineData("vt", "phuong viet tri", 2)]
    [InlineData("iet", "viet tri", 0)]
    [InlineData("v", "phuong viet tri", 4)]
    [InlineData("t", "viet", 0)]
    [InlineData("   ", "viet tri", 0)]
    [InlineData("(x)", "viet tri (xa)", 4)]
    public void Names_answer_to_their_words_and_initials(string typed, string name, int rank) => Assert.Equal(rank, new SearchWords(typed).Rank(VietnameseText.Fold(name)));
}
