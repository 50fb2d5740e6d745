using System.Net;
using Mach.Access.Programs;
using Mach.Data;
using Mach.Testing;

namespace Mach.Chart.Tests;

/// <summary>The page that asks a person to let a program in: what the program may see and add is said in words, delicate kinds by name.</summary>
public sealed class ConsentPageTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private static string Ask(string scope, string redirect = "https://app.example.vn/cb", string client = "ung-dung") =>
        $"/oauth/consent?response_type=code&client_id={client}&redirect_uri={Uri.EscapeDataString(redirect)}&scope={Uri.EscapeDataString(scope)}&aud={Uri.EscapeDataString("http://localhost/fhir")}&code_challenge={new string('a', 43)}&code_challenge_method=S256&state=s";

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task What_a_program_may_see_is_said_in_words_and_delicate_kinds_by_name(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        // Rows: account, scope, words that stand there, words that do not.
        (string Account, string Scope, string[] Said, string[] Not)[] rows =
        [
            ("doctor-25001", "user/Observation.rs", ["Xem kết quả xét nghiệm và chỉ số của tất cả những người bạn được xem", "chỉ thấy điều cơ sở của bạn ghi: HIV", "không sửa được hồ sơ"], ["có thể thấy, do nơi nào ghi cũng vậy", "ghi thêm"]),
            ("data-officer", "user/*.rs", ["Xem toàn bộ hồ sơ", "có thể thấy, do nơi nào ghi cũng vậy: HIV"], ["chỉ thấy điều cơ sở của bạn ghi", "không thấy:"]),
            ("registrar", "user/Observation.rs", ["không thấy: HIV"], ["có thể thấy, do nơi nào ghi cũng vậy: HIV"]),
            ("doctor", "user/Observation.crs", ["Xem và ghi thêm kết quả xét nghiệm", "không sửa và không xóa"], ["không sửa được hồ sơ"]),
            ("doctor", "user/Condition.c", ["Ghi thêm chẩn đoán"], ["id=\"delicate\"", "Xem và"]),
            ("doctor", "openid profile", ["Biết bạn là ai"], ["id=\"delicate\""]),
        ];
        foreach (var (account, scope, said, not) in rows)
        {
            var page = await (await host.BrowserAsync(account)).GetAsync(Ask(scope));
            Assert.True(page.Status == HttpStatusCode.OK, $"{account} {scope}: {page.Status} {page.Location}");
            Assert.All(said, text => Assert.True(page.Html.Contains(text, StringComparison.Ordinal), $"{account} {scope}: {text}\n{page.Html}"));
            Assert.All(not, text => Assert.False(page.Html.Contains(text, StringComparison.Ordinal), $"{account} {scope}: not {text}"));
        }

        var english = await (await host.BrowserAsync("data-officer")).GetAsync(Ask("user/*.crs") + "&lang=en");
        Assert.Contains("mental health", english.Html, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task What_is_asked_wrongly_or_by_nobody_is_not_shown(DbEngine engine)
    {
        await using var host = await StartAsync(engine);
        var doctor = await host.BrowserAsync("doctor");
        foreach (var wrong in new[] { Ask("user/*.rs", "https://evil.vn/cb"), Ask("user/*.rs", "https://app.example.vn/cb/"), Ask("user/*.rs", client: "khong-co"), Ask("system/*.rs"), Ask("patient/*.rs") })
        {
            var answer = await doctor.GetAsync(wrong);
            Assert.True(answer.Location?.StartsWith("/oauth/authorize?", StringComparison.Ordinal), wrong);
        }

        Assert.StartsWith("/sign-in", (await (await host.BrowserAsync(null)).GetAsync(Ask("user/*.rs"))).Location, StringComparison.Ordinal);
        await host.Clients.SetDisabledAsync("ung-dung", true, default);
        Assert.StartsWith("/oauth/authorize?", (await doctor.GetAsync(Ask("user/*.rs"))).Location, StringComparison.Ordinal);
    }

    private static async Task<ChartHost> StartAsync(DbEngine engine)
    {
        var host = await ChartHost.StartAsync(engine);
        await host.Clients.RegisterAsync(new Client { Id = "ung-dung", Name = "Biểu đồ", Operator = "Công ty Thử", Method = ClientMethods.None, Scopes = ["openid", "profile", "user/*.crs", "patient/*.crs"], Redirects = ["https://app.example.vn/cb"] }, "administrator", default);
        return host;
    }
}
