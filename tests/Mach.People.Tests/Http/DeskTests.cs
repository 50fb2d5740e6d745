using System.Net;
using System.Text;
using Mach.Access;
using Mach.Data;
using Mach.Testing;

namespace Mach.People.Tests.Http;

/// <summary>The scanner and the commune picker at the desk.</summary>
public sealed class DeskTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private const string Citizen = "025190000001|131234567|Lê Thị Khuê|20051990|Nữ|Khu 3, Phường Thanh Miếu, Thành phố Việt Trì, Phú Thọ|01032022";

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_scanned_citizen_card_fills_the_form_and_an_insurance_card_adds_to_it(DbEngine engine)
    {
        await using var host = await PeopleHost.StartAsync(engine);
        var desk = await host.BrowserAsync(Roles.Registrar);
        var form = await desk.GetAsync("/people/new");
        var filled = await desk.PostAsync("/people/new", form, ("scan", Citizen + "\r\n"), ("phone", "0912345678"));
        Assert.Equal(HttpStatusCode.OK, filled.Status);
        foreach (var value in new[] { "025190000001", "131234567", "Lê Thị Khuê", "20/05/1990", "0912345678", "Khu 3, Phường Thanh Miếu, Thành phố Việt Trì, Phú Thọ", "07909", "Phường Thanh Miếu" })
        {
            Assert.Contains($"value=\"{value}\"", filled.Text, StringComparison.Ordinal);
        }

        Assert.Contains("<option value=\"female\" selected", filled.Text, StringComparison.Ordinal);
        Assert.Contains("Đã điền từ mã QR của CCCD", filled.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Citizen[..30], filled.Text, StringComparison.Ordinal);
        Assert.Empty(await host.Store.ChangedAsync("Patient", 0, 10, default));

        (string, string)[] typed = [("cccd", "025190000001"), ("cmnd", "131234567"), ("name", "Lê Thị Khuê"), ("birth", "20/05/1990"), ("sex", "female"), ("address", "Khu 3"), ("communename", "Phường Thanh Miếu"), ("commune", "07909")];
        var both = await desk.PostAsync("/people/new", filled, [.. typed, ("scan", Insurance("Lê Thị Khuê"))]);
        Assert.Contains("value=\"GD4252520000001\"", both.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"Khu 3\"", both.Text, StringComparison.Ordinal);
        var made = await desk.PostAsync("/people/new", both, [.. typed, ("card", "GD4252520000001")]);
        Assert.EndsWith("?registered=new", made.Location, StringComparison.Ordinal);
        var body = Encoding.UTF8.GetString((await host.Store.ChangedAsync("Patient", 0, 10, default))[0].Body.Span);
        Assert.Contains("Khu 3, Phường Thanh Miếu", body, StringComparison.Ordinal);
        Assert.Contains("07909", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("xin chào", "Không đọc được mã")]
    [InlineData("025190000001|131234567", "Không đọc được mã")]
    [InlineData("999|x|y|z|t|u|v", "Không đọc được mã")]
    [InlineData("GD4252520000001|ZZ|12/07/1965|2|00|25 - 001|01/01/2024|31/12/2024", "Không đọc được mã")]
    [InlineData(Citizen, "tên khác")]
    public async Task What_cannot_be_read_or_is_of_somebody_else_fills_nothing_and_says_so(string scan, string expected)
    {
        await using var host = await PeopleHost.StartAsync(DbEngine.Sqlite);
        var desk = await host.BrowserAsync(Roles.Registrar);
        var answer = await desk.PostAsync("/people/new", await desk.GetAsync("/people/new"), ("scan", scan), ("name", "Trần Văn Khác"), ("phone", "0912345678"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains(expected, answer.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"Trần Văn Khác\"", answer.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"0912345678\"", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("value=\"025190000001\"", answer.Text, StringComparison.Ordinal);
        Assert.Empty(await host.Store.ChangedAsync("Patient", 0, 10, default));
    }

    [Fact]
    public async Task Communes_are_suggested_as_one_types_and_a_name_without_a_pick_counts_when_it_means_one()
    {
        await using var host = await PeopleHost.StartAsync(DbEngine.Sqlite);
        var desk = await host.BrowserAsync(Roles.Registrar);
        var found = (await desk.GetAsync("/people/communes?q=vt")).Json;
        Assert.Contains(found.EnumerateArray(), c => c.GetProperty("name").GetString() == "Phường Việt Trì");
        Assert.Contains((await desk.GetAsync("/people/communes?q=thanh+minh")).Json.EnumerateArray(), c => c.GetProperty("code").GetString() == "07948" && c.GetProperty("formerName").GetString() == "Xã Thanh Minh, Thị xã Phú Thọ");
        foreach (var nothing in new[] { "", "?q=", "?q=qqqq", "?q=" + new string('a', 500) })
        {
            Assert.Equal(0, (await desk.GetAsync("/people/communes" + nothing)).Json.GetArrayLength());
        }

        Assert.NotEqual(HttpStatusCode.OK, (await (await host.BrowserAsync(Roles.Administrator)).GetAsync("/people/communes?q=vt")).Status);

        (string, string)[] typed = [("name", "Lê Thị Khuê"), ("birth", "1990"), ("sex", "female"), ("address", "Khu 3")];
        var form = await desk.GetAsync("/people/new");
        await desk.PostAsync("/people/new", form, [.. typed, ("communename", "xa thanh minh")]);
        var body = Encoding.UTF8.GetString((await host.Store.ChangedAsync("Patient", 0, 10, default))[0].Body.Span);
        Assert.Contains("07948", body, StringComparison.Ordinal);
        Assert.Contains("Khu 3, Phường Âu Cơ", body, StringComparison.Ordinal);

        // A code picked before the name was typed over does not count; a name of several communes means none.
        var page = await desk.PostAsync("/people/new", form, ("name", ""), ("communename", "Phường Việt Trì"), ("commune", "07948"));
        Assert.DoesNotContain("value=\"07948\"", page.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"Phường Việt Trì\"", page.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"Phường Việt Trì\"", (await desk.PostAsync("/people/new", form, ("name", ""), ("communename", "viet tri"))).Text, StringComparison.Ordinal);
        Assert.Contains("name=\"commune\" />", (await desk.PostAsync("/people/new", form, ("name", ""), ("communename", "xa"))).Text.Replace("name=\"commune\" value=\"\" />", "name=\"commune\" />", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static string Insurance(string name) =>
        $"GD4252520000001|{Convert.ToHexString(Encoding.UTF8.GetBytes(name))}|20/05/1990|2|{Convert.ToHexString(Encoding.UTF8.GetBytes("Xã Thử"))}|25 - 001|01/01/2024|31/12/2024|20/12/2023|25010123456789|-|K1|01/01/2020|abc-123|$";
}
