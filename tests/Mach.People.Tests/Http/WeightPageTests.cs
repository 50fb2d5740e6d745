using System.Net;
using Dapper;
using Mach.Access;
using Mach.Data;
using Mach.People.Matching;
using Mach.Testing;

namespace Mach.People.Tests.Http;

/// <summary>The weight table is versioned and can be looked at. Source: docs/adr/0012 "Learning".</summary>
public sealed class WeightPageTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Each_version_is_shown_and_downloads_as_it_is_used(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        var learned = new WeightTable([.. Enumerable.Repeat(0.5, Level.Fields * Level.Count * WeightTable.Kinds)], WeightTable.Shipped.Names, "học thử") { Pairs = 1234567, LinkBits = 12 };
        await host.Database.Db.WriteAsync((c, t) => c.ExecuteAsync("INSERT INTO ppl_weight(made_us, made_by, body) VALUES (7, 'chi-lan', @body)", new { body = learned.Write() }, t), default);
        var officer = await host.BrowserAsync(Roles.DataOfficer);
        var page = await officer.GetAsync("/people/weights");
        foreach (var shown in new[] { "học thử", "chi-lan", "1,234,567", "12 bit", WeightTable.Shipped.Version, "<svg", "nguyễn" })
        {
            Assert.Contains(shown, page.Text, StringComparison.Ordinal);
        }

        var named = await officer.GetAsync("/people/weights?version=0&name=Khu%E1%BA%A5t+Thi+Nhan&lang=en");
        Assert.Contains("khuất", named.Text, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\[[a-z][a-z\-]+\]", named.Text);
        Assert.Equal(System.Text.Encoding.UTF8.GetString(learned.Write()), (await officer.GetAsync("/people/weights.json")).Text);
        Assert.Equal(System.Text.Encoding.UTF8.GetString(WeightTable.Shipped.Write()), (await officer.GetAsync("/people/weights.json?version=0")).Text);
        Assert.Equal(HttpStatusCode.NotFound, (await officer.GetAsync("/people/weights?version=99")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await officer.GetAsync("/people/weights.json?version=99")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await host.BrowserAsync(Roles.Doctor)).GetAsync("/people/weights")).Status);
    }

    /// <summary>Source: the usual place of the tone mark in Vietnamese spelling ("hòa", "thúy" in the older way; on ê and ơ where there is one).</summary>
    [Theory]
    [InlineData("Nguyễn")]
    [InlineData("Trần")]
    [InlineData("Hòa")]
    [InlineData("Quý", "quí")]
    [InlineData("Đức")]
    [InlineData("Hường")]
    [InlineData("Giáp")]
    [InlineData("Toàn")]
    [InlineData("Lan")]
    public void A_counted_word_is_written_as_on_paper(string word, string? expected = null) =>
        Assert.Equal(expected ?? word.ToLowerInvariant(), Tables.WeightPages.Written(NameWord.Read(word).Spelled));
}
