using Dapper;
using Mach.Access;
using Mach.Data;
using Mach.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Server.Tests.Attacks;

/// <summary>
/// Text stays text. Dossiers arrive full of markup and SQL; then people of every role type the same into every field of every form that they can reach, and
/// look at every page again. A form that is added later is walked without doing anything for it. Source: OWASP Web Security Testing Guide 4.2, INPV-01, -02 and -05; ASVS 5.0 V1.2, V1.3.
/// </summary>
public sealed class HostileTextTests
{
    private const string Hostile = "Hòa\"'><xss7 onxss=1>ệ</xss7></script><xss>${7*7}{{7*7}}');DROP TABLE acc_account;--";
    private static readonly string[] Roles = ["registrar", "doctor", "data officer", "administrator"];

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory, MemberData(nameof(Engines))]
    public async Task What_is_typed_into_any_field_comes_back_as_text(DbEngine engine)
    {
        await using var hub = await AttackedHub.StartAsync(engine);
        await hub.TakeAsync(Hostile);
        var wrong = new List<string>();
        var (forms, pages, carried) = (0, 0, 0);
        foreach (var role in Roles)
        {
            var user = hub.User(role);
            using var browser = HubBrowser.Open(hub.Address);
            await HubBrowser.SignInAsync(browser, user);
            var crawl = new Crawl(browser, user, Hostile, wrong);
            await crawl.RunAsync();
            foreach (var (page, form) in crawl.Forms.Values.ToList())
            {
                await crawl.SubmitAsync(page, form);
                forms++;
            }
        }

        // Forms may have closed an account of the walk.
        var accounts = hub.App.Services.GetRequiredService<Accounts>();
        foreach (var account in await accounts.ListAsync(default))
        {
            await accounts.SetDisabledAsync(account.Name, false, default);
        }

        foreach (var role in Roles)
        {
            var user = hub.User(role);
            using var browser = HubBrowser.Open(hub.Address);
            await HubBrowser.SignInAsync(browser, user);
            var crawl = new Crawl(browser, user, Hostile, wrong);
            await crawl.RunAsync();
            pages += crawl.Pages;
            carried += crawl.Carried;
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Distinct()));
        // The text has to be typed and shown, or the walk proves nothing.
        Assert.True(forms > 30 && pages > 100 && carried > 20, $"{forms} forms, {pages} pages, {carried} with the text");
        await using var connection = await hub.App.Services.GetRequiredService<Db>().OpenAsync(default);
        Assert.True(await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM acc_account") > 5);
    }
}
