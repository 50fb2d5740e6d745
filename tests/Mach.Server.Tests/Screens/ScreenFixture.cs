using Mach.Access;
using Mach.Access.Authority;
using Mach.Chart.Tests;
using Mach.Contracts.Registry;
using Mach.Data;
using Mach.Server.Demonstration;
using Mach.Server.Hosting;
using Mach.Store;
using Mach.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Mach.Server.Tests.Screens;

/// <summary>A hub whose clock stands still, with invented people who are the same at each run, and one browser: what it shows is the same on any day.</summary>
public sealed class ScreenFixture : IAsyncLifetime
{
    /// <summary>Of the long life, and of a child whose growth is followed.</summary>
    public const string Person = "p-dao", Child = "p-be";

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("mach-screens-");
    private readonly Dictionary<string, string> _sessions = [];
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private WebApplication? _app;

    public string Base { get; private set; } = "";

    public IServiceProvider Services => _app!.Services;

    public async Task InitializeAsync()
    {
        if (!TestDb.Includes(DbEngine.Sqlite))
        {
            return;
        }

        var clock = new TestClock { Now = Lives.Now };
        var options = new HubOptions { Data = _data.FullName, Engine = DbEngine.Sqlite, Urls = "http://127.0.0.1:0", IsDemonstration = true };
        var store = await Hub.OpenStoreAsync(options, clock, default);
        _app = Hub.Build(options, store, clock);
        await HubRunner.StartAsync(_app, default);
        _app.Services.GetRequiredService<HubState>().Preparing = null;
        Base = HubRunner.Address(_app);
        await _app.Services.GetRequiredService<IFacilityDirectory>().PutAsync(
        [
            Facility(Lives.Facilities[0], "Bệnh viện đa khoa tỉnh Phú Thọ", "specialised", "07900"),
            Facility(Lives.Facilities[1], "Trung tâm y tế khu vực Thanh Ba", "basic", "08152"),
            Facility(Lives.Facilities[2], "Trạm y tế xã Hy Cương", "initial", "07918"),
        ], default);
        await Lives.LongAsync(store, Person, visits: 46);
        await Lives.NeighboursAsync(store);
        await ChildAsync(store);
        await DemoAccounts.EnsureAsync(_app.Services.GetRequiredService<Accounts>(), default);
        await _app.Services.GetRequiredService<Workplaces>().IdentifyAsync("demo", DemoAccounts.Person, null, Person, default);
        _playwright = await Playwright.CreateAsync();
        _browser = await ProvinceFixture.LaunchAsync(_playwright);
    }

    /// <summary>A page of somebody with this role, signed in; nobody when it is null. Its clock stands at the hub's.</summary>
    public async Task<IPage> OpenAsync(string? role, int width, float scale = 1)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = 1000 },
            DeviceScaleFactor = scale,
            Locale = "vi-VN",
            TimezoneId = "Asia/Ho_Chi_Minh",
            ReducedMotion = ReducedMotion.Reduce,
            StorageState = role is null ? null : await SessionAsync(role),
        });
        var page = await context.NewPageAsync();
        await page.Clock.SetFixedTimeAsync(Lives.Now.UtcDateTime);
        return page;
    }

    public async Task DisposeAsync()
    {
        if (_playwright is not null)
        {
            await _browser!.DisposeAsync();
            _playwright.Dispose();
        }

        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        _data.Delete(recursive: true);
    }

    /// <summary>Signs in once for each role.</summary>
    private async Task<string> SessionAsync(string role)
    {
        if (!_sessions.TryGetValue(role, out var state))
        {
            var user = DemoAccounts.Describe(Base).Users.Single(u => u.Role == role);
            await using var context = await _browser!.NewContextAsync();
            var page = await context.NewPageAsync();
            await page.GotoAsync(Base + "/sign-in");
            await page.Locator("input[name=user]").FillAsync(user.User);
            await page.Locator("input[name=password]").FillAsync(user.Password);
            await page.Keyboard.PressAsync("Enter");
            await page.WaitForURLAsync(address => !address.Contains("/sign-in", StringComparison.Ordinal));
            _sessions[role] = state = await context.StorageStateAsync();
        }

        return state;
    }

    private static Facility Facility(string code, string name, string tier, string commune) =>
        new() { Code = code, Name = name, Tier = tier, FormerProvince = "Phú Thọ", CommuneCode = commune, Status = FacilityStatus.Active };

    /// <summary>Weighed and measured every quarter for three years.</summary>
    private static async Task ChildAsync(RecordStore store)
    {
        var born = Lives.Now.AddYears(-3);
        List<Write> writes = [Bodies.Put(Bodies.Patient(Child, "Lê Gia Bảo", born.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), "male", null, "TE1252512345999", null, "Xã Hy Cương, Phú Thọ", Lives.Facilities[2]))];
        for (var quarter = 0; quarter <= 11; quarter++)
        {
            var (visit, at) = ($"{Child}-v{quarter:00}", born.AddDays(2 + (quarter * 91)));
            writes.Add(Bodies.Put(Bodies.Encounter(visit, Child, Lives.Facilities[2], at)));
            writes.Add(Bodies.Put(Bodies.Observation(visit + "-w", Child, visit, Lives.Facilities[2], "29463-7", "Cân nặng", 3.3 + (3.1 * Math.Sqrt(quarter)), "kg", at, 0)));
            writes.Add(Bodies.Put(Bodies.Observation(visit + "-h", Child, visit, Lives.Facilities[2], "8302-2", "Chiều cao", 50 + (13.5 * Math.Sqrt(quarter)), "cm", at, 0)));
        }

        await store.CommitAsync(new Commit { Actor = "test", Writes = writes }, default);
    }
}
