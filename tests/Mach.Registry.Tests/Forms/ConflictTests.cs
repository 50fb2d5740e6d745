using System.Globalization;
using System.Net;
using System.Text;
using Mach.Contracts.Registry;
using Mach.Data;
using Mach.Registry.Practitioners;

namespace Mach.Registry.Tests.Forms;

/// <summary>Two officers at one form: the second is told, nothing is written over, and what was typed is still there.</summary>
public sealed class ConflictTests
{
    [Theory]
    [MemberData(nameof(Testing.TestDb.Engines), MemberType = typeof(Testing.TestDb))]
    public async Task A_facility_that_somebody_else_confirmed_meanwhile_is_not_written_over(DbEngine engine)
    {
        await using var host = await PageHost.StartAsync(engine);
        var directory = host.Get<IFacilityDirectory>();
        await directory.EnsureAsync("25001", default);
        await host.Get<Access.Accounts>().EnsureAsync(new Access.NewAccount("can.bo", "Cán bộ", PageHost.Password, [Access.Roles.DataOfficer]), default);
        var (first, second) = (await host.BrowserAsync("data-officer"), await host.BrowserAsync("can.bo"));
        var seen = Seen((await second.GetAsync("/facilities/25001")).Html);
        Assert.NotNull((await first.PostAsync("/facilities/25001", "/facilities/25001", ("name", "Bệnh viện Một"), ("tier", "basic"), ("communeCode", "07900"), ("seen", seen))).Location);

        var refused = await second.PostAsync("/facilities/25001", "/facilities/25001", ("name", "Bệnh viện Hai"), ("tier", "initial"), ("communeCode", ""), ("seen", seen));
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("data-officer đã đổi", refused.Html, StringComparison.Ordinal);
        Assert.Contains("value=\"Bệnh viện Hai\"", refused.Html, StringComparison.Ordinal);
        Assert.Contains("Giá trị hiện tại: Bệnh viện Một", refused.Html, StringComparison.Ordinal);
        Assert.Contains("<option value=\"initial\" selected", refused.Html, StringComparison.Ordinal);
        Assert.Equal("Bệnh viện Một", directory.Find("25001")!.Name);

        // What the second left as it was shown stays as the first made it; a field that both typed alike is no quarrel.
        var (typed, again) = (("name", "Bệnh viện Một"), ("communeCode", ""));
        Assert.NotNull((await second.PostAsync("/facilities/25001", "/facilities/25001", typed, ("tier", ""), again, ("seen", seen))).Location);
        Assert.Equal(("Bệnh viện Một", "basic", "07900"), (directory.Find("25001")!.Name, directory.Find("25001")!.Tier, directory.Find("25001")!.CommuneCode));

        // Sent again with what it has seen now, it is written.
        Assert.NotNull((await second.PostAsync("/facilities/25001", "/facilities/25001", ("name", "Bệnh viện Hai"), ("tier", "initial"), ("communeCode", ""), ("seen", Seen(refused.Html)))).Location);
        Assert.Equal(("Bệnh viện Hai", "initial", null), (directory.Find("25001")!.Name, directory.Find("25001")!.Tier, directory.Find("25001")!.CommuneCode));
    }

    [Theory]
    [InlineData("name", " ")]
    [InlineData("tier", "highest")]
    [InlineData("communeCode", "99999")]
    public async Task A_facility_that_cannot_be_confirmed_so_says_why_beside_the_field_and_keeps_the_rest(string field, string value)
    {
        await using var host = await PageHost.StartAsync();
        await host.Get<IFacilityDirectory>().EnsureAsync("25001", default);
        var form = new Dictionary<string, string> { ["name"] = "Bệnh viện Hai", ["tier"] = "initial", ["communeCode"] = "07900", [field] = value };
        var refused = await (await host.BrowserAsync("data-officer")).PostAsync("/facilities/25001", "/facilities/25001", [.. form.Select(f => (f.Key, f.Value))]);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.DoesNotContain($"id=\"{field}-error\"></span>", refused.Html, StringComparison.Ordinal);
        Assert.Equal(1, refused.Html.Split("aria-invalid=\"true\"").Length - 1);
        Assert.Contains(field == "name" ? "<option value=\"initial\" selected" : "value=\"Bệnh viện Hai\"", refused.Html, StringComparison.Ordinal);
        Assert.Equal(FacilityStatus.Provisional, host.Get<IFacilityDirectory>().Find("25001")!.Status);
    }

    [Theory]
    [MemberData(nameof(Testing.TestDb.Engines), MemberType = typeof(Testing.TestDb))]
    public async Task A_licence_that_somebody_else_withheld_meanwhile_is_not_decided_twice(DbEngine engine)
    {
        await using var host = await PageHost.StartAsync(engine);
        var (first, second) = (await host.BrowserAsync("data-officer"), await host.BrowserAsync("administrator"));
        var path = await PersonAsync(first);
        var seen = Seen((await second.GetAsync(path)).Html);
        (string, string)[] Form(string licence, string state, string why) => [("licence", licence), ("state", state), ("from", "2026-11-01"), ("to", ""), ("why", why), ("seen", seen), ("shown", "2026-11-25")];
        Assert.NotNull((await first.PostAsync(path, path + "/licence", Form("000123/PT-GPHN", "revoked", "QĐ 5"))).Location);
        var refused = await second.PostAsync(path, path + "/licence", Form("000123/PT-GPHN", "suspended", "QĐ 6/2026"));
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("data-officer đã đổi", refused.Html, StringComparison.Ordinal);
        Assert.Contains("value=\"QĐ 6/2026\"", refused.Html, StringComparison.Ordinal);
        Assert.Contains("<option value=\"suspended\" selected", refused.Html, StringComparison.Ordinal);
        Assert.Contains("Thu hồi", (await first.GetAsync("/practitioners?state=revoked")).Html.Split("</main>")[0].Split("</form>")[^1], StringComparison.Ordinal);
        // Another licence of the same person is another matter.
        Assert.NotNull((await second.PostAsync(path, path + "/licence", Form("000124/PT-GPHN", "suspended", "QĐ 7"))).Location);
        Assert.NotNull((await second.PostAsync(path, path + "/licence", [.. Form("000123/PT-GPHN", "suspended", "QĐ 6/2026").Where(f => f.Item1 != "seen"), ("seen", Seen(refused.Html))])).Location);
        Assert.DoesNotContain("Nguyễn Thị Thử", (await first.GetAsync("/practitioners?state=revoked")).Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("licence", "999")]
    [InlineData("state", "lost")]
    [InlineData("from", "")]
    [InlineData("to", "2026-10-30")]
    [InlineData("to", "bao giờ")]
    [InlineData("why", " ")]
    public async Task A_licence_form_that_cannot_be_says_why_beside_the_field(string field, string value)
    {
        await using var host = await PageHost.StartAsync();
        var officer = await host.BrowserAsync("data-officer");
        var path = await PersonAsync(officer);
        var number = (await host.Books.CurrentAsync(default)).Number;
        var form = new Dictionary<string, string> { ["licence"] = "000123/PT-GPHN", ["state"] = "revoked", ["from"] = "2026-11-01", ["to"] = "", ["why"] = "QĐ 5", [field] = value };
        var refused = await officer.PostAsync(path, path + "/licence", [.. form.Select(f => (f.Key, f.Value))]);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.DoesNotContain($"id=\"{field}-error\"></span>", refused.Html, StringComparison.Ordinal);
        Assert.Equal(1, refused.Html.Split("aria-invalid=\"true\"").Length - 1);
        Assert.Equal(number, (await host.Books.CurrentAsync(default)).Number);
    }

    private static async Task<string> PersonAsync(RoleBrowser officer)
    {
        var people = Encoding.UTF8.GetBytes("personal_id,name,licence,scope,issued,expiry,facility,post_from\n025080000001,Nguyễn Thị Thử,000123/PT-GPHN,02,2024-01-01,2028-01-15,25001,2024-02-01\n025080000001,Nguyễn Thị Thử,000124/PT-GPHN,03,2024-01-01,2028-01-15,25001,2024-02-01\n");
        var upload = await officer.UploadAsync("practitioners", "nhan-luc.csv", people);
        await officer.PostAsync(upload.Location!, upload.Location + "/apply");
        return "/practitioners/" + PractitionerBodies.Id("025080000001");
    }

    private static string Seen(string html)
    {
        const string Before = "name=\"seen\" value=\"";
        var start = html.IndexOf(Before, StringComparison.Ordinal) + Before.Length;
        return int.Parse(html[start..html.IndexOf('"', start)], CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
    }
}
