using System.Net;
using Mach.Access;
using Mach.Data;
using Mach.Server.Commands;
using Mach.Server.Demonstration;
using Mach.Server.Hosting;
using Mach.Store;
using Mach.Testing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Server.Tests;

public sealed class DemoCommandTests
{
    [Theory]
    [InlineData("http://0.0.0.0:5080", 0)]
    [InlineData("http://0.0.0.0:5080", 1)]
    [InlineData("http://*:5080", 1)]
    [InlineData("http://127.0.0.1:5080;http://192.168.1.4:5080", 0)]
    [InlineData("http://benhvien.example:80", 1)]
    public void A_demonstration_refuses_other_machines_unless_told_twice(string urls, int told) =>
        Assert.Throws<HubException>(() => DemoCommand.RefuseExposure(urls, told));

    [Theory]
    [InlineData("http://127.0.0.1:5080", 0)]
    [InlineData("http://localhost:0", 0)]
    [InlineData("http://[::1]:5080", 0)]
    [InlineData("http://0.0.0.0:5080", 2)]
    [InlineData("http://*:5080", 2)]
    public void The_loopback_address_and_the_twice_told_are_taken(string urls, int told) => DemoCommand.RefuseExposure(urls, told);

    [Fact]
    public void Nonsense_is_no_address()
    {
        var e = Assert.Throws<HubException>(() => DemoCommand.RefuseExposure("five thousand", 2));
        Assert.Contains("http://127.0.0.1:5080", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Addresses_of_the_server_s_own_settings_are_refused_as_well()
    {
        static IConfiguration Settings(string url) => new ConfigurationBuilder().AddInMemoryCollection([new("Kestrel:Endpoints:Any:Url", url)]).Build();
        Assert.Throws<HubException>(() => DemoCommand.RefuseExposure(Settings("http://0.0.0.0:5080"), 1));
        DemoCommand.RefuseExposure(Settings("http://0.0.0.0:5080"), 2);
        DemoCommand.RefuseExposure(Settings("http://127.0.0.1:5080"), 0);
        DemoCommand.RefuseExposure(new ConfigurationBuilder().Build(), 0);
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_hub_for_real_use_has_no_demonstration_sign_ins_even_on_the_data_of_one(DbEngine engine)
    {
        await using var hub = await HubProcess.StartAsync(engine);
        _ = await hub.IntakeTokenAsync();
        await hub.KillAsync();
        await hub.ServeAsync();
        Assert.Contains("mach-demo-client", hub.Output, StringComparison.Ordinal);
        var intake = hub.Demo.GetProperty("intake");
        using var portal = await hub.Http.PostAsync("/api/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["username"] = intake.GetProperty("user").GetString()!,
            ["password"] = intake.GetProperty("password").GetString()!,
        }));
        Assert.Equal(HttpStatusCode.Unauthorized, portal.StatusCode);
        using var program = await hub.Http.PostAsync("/oauth/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = DemoAccounts.ClientId,
            ["client_secret"] = DemoAccounts.ClientSecret,
        }));
        Assert.Equal(HttpStatusCode.Unauthorized, program.StatusCode);

        // The demonstration itself opens them again.
        await hub.KillAsync();
        await hub.StartAgainAsync();
        _ = await hub.IntakeTokenAsync();
        _ = await hub.ClientTokenAsync();
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Passwords_that_somebody_has_changed_stay_open_and_a_hub_in_real_use_is_no_demonstration(DbEngine engine)
    {
        await using var hub = await HubProcess.StartAsync(engine);
        await hub.KillAsync();
        await using (var db = hub.OpenDatabase())
        {
            var accounts = AccountsOf(db);
            await accounts.SetPasswordAsync("quantri", "mot-cau-kho-doan-7", default);
            var closed = await DemoAccounts.CloseAsync(accounts, default);
            Assert.Equal(["tiepdon", "bacsi", "lanhdao", "dulieu", "bacsi.tuyen", "giamdoc", "bacsi.luan", "dieuduong", "nguoibenh", "congdulieu", "mach-demo-client"], closed);
            Assert.Empty(await DemoAccounts.CloseAsync(accounts, default));
            Assert.True(await accounts.AnyAsync(default));
            await DemoAccounts.RefuseRealUseAsync(accounts, default);
        }

        await using var database = await TestDb.CreateAsync(engine);
        await database.Db.MigrateAsync("access", typeof(AccessModule).Assembly, default);
        var real = AccountsOf(database.Db);
        await DemoAccounts.RefuseRealUseAsync(real, default);
        await real.CreateAsync(new NewAccount("chi.lan", "Chị Lan", "mot-cau-kho-doan-7", [Roles.Administrator]), default);
        await Assert.ThrowsAsync<HubException>(() => DemoAccounts.RefuseRealUseAsync(real, default));
    }

    [Fact]
    public async Task A_disk_or_database_that_takes_nothing_is_told_in_a_line_and_not_by_a_trace()
    {
        foreach (var failure in new Exception[] { new StoreUnavailableException("the spool", new IOException("No space left on device")), new IOException("No space left on device") })
        {
            using var said = new StringWriter();
            Assert.Equal(1, await SharedOptions.Guard(() => throw failure, said));
            Assert.Contains("No space left on device", said.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(" at ", said.ToString(), StringComparison.Ordinal);
        }
    }

    private static Accounts AccountsOf(Db db)
    {
        var services = new ServiceCollection();
        services.AddSingleton(db).AddSingleton(TimeProvider.System).AddLogging();
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddAccess(new AccessOptions(10_000));
        return services.BuildServiceProvider().GetRequiredService<Accounts>();
    }
}
