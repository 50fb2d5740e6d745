using Mach.Access;
using Mach.Contracts.People;
using Mach.Contracts.Registry;
using Mach.Data;
using Mach.Store;
using Mach.Testing;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mach.Chart.Tests;

/// <summary>The pages in a web application of their own: real store, real sign-in, a registry of three facilities.</summary>
internal sealed class ChartHost : IAsyncDisposable
{
    public const string Password = "mot-cau-kho-doan-7";

    private readonly TestDb _database;
    private readonly WebApplication _app;

    private ChartHost(TestDb database, RecordStore store, WebApplication app) => (_database, Store, _app) = (database, store, app);

    public RecordStore Store { get; }

    public AccessLog Log => _app.Services.GetRequiredService<AccessLog>();

    public Access.Authority.Workplaces Workplaces => _app.Services.GetRequiredService<Access.Authority.Workplaces>();

    public Access.Programs.Clients Clients => _app.Services.GetRequiredService<Access.Programs.Clients>();

    public static async Task<ChartHost> StartAsync(DbEngine engine)
    {
        var database = await TestDb.CreateAsync(engine);
        database.Clock.Now = Lives.Now;
        var store = await database.OpenStoreAsync();
        await database.Db.MigrateAsync("access", typeof(AccessModule).Assembly, default);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Services.AddSingleton(database.Db).AddSingleton(store).AddSingleton<TimeProvider>(database.Clock);
        builder.Services.AddSingleton<IFacilityDirectory, ThreeFacilities>().AddSingleton<IPersonLinks, OneLink>().AddSingleton<IPersonConfidentiality, OneConfidential>();
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddAccess();
        builder.Services.AddUi();
        builder.Services.AddChart();
        var app = builder.Build();
        app.UseUi();
        app.UseRouting();
        app.UseAccess();
        app.MapUi();
        app.MapAccess();
        app.MapChart();
        app.MapGet("/throws", void () => throw new InvalidOperationException("boom"));
        await app.StartAsync();
        var accounts = app.Services.GetRequiredService<Accounts>();
        foreach (var role in Roles.All)
        {
            await TestAccounts.MakeAsync(database.Db, accounts, new NewAccount(role, "Người thử " + role, Password, [role]));
        }

        await TestAccounts.MakeAsync(database.Db, accounts, new NewAccount("doctor-25001", "Bác sĩ tại 25001", Password, [Roles.Doctor], "25001"));

        return new(database, store, app);
    }

    /// <summary>A browser that signed in with this role's account; null = nobody.</summary>
    public async Task<Browser> BrowserAsync(string? role)
    {
        var browser = new Browser(_app.GetTestClient());
        if (role is not null)
        {
            var page = await browser.GetAsync("/sign-in");
            var token = page.Between("name=\"__RequestVerificationToken\" value=\"", "\"");
            var answer = await browser.PostAsync("/sign-in", ("user", role), ("password", Password), ("returnUrl", "/"), ("__RequestVerificationToken", token));
            Assert.Equal("/", answer.Location);
        }

        return browser;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }

    private sealed class OneLink : IPersonLinks
    {
        public ValueTask<IReadOnlyList<string>> LinkedAsync(string patientId, CancellationToken ct) =>
            ValueTask.FromResult<IReadOnlyList<string>>(patientId == "p-lan" ? ["p-lan", "p-baby"] : [patientId]);
    }

    /// <summary>One person is nobody's business but the data officer's.</summary>
    private sealed class OneConfidential : IPersonConfidentiality
    {
        public ValueTask<IReadOnlySet<string>> ConfidentialAsync(IReadOnlyCollection<string> patientIds, CancellationToken ct) =>
            ValueTask.FromResult<IReadOnlySet<string>>(patientIds.Where(id => id == "p-hidden").ToHashSet());

        public ValueTask<IReadOnlySet<string>> HiddenFromAsync(System.Security.Claims.ClaimsPrincipal who, IReadOnlyCollection<string> patientIds, CancellationToken ct) =>
            who.HasRole(Roles.DataOfficer) ? ValueTask.FromResult<IReadOnlySet<string>>(new HashSet<string>()) : ConfidentialAsync(patientIds, ct);
    }

    private sealed class ThreeFacilities : IFacilityDirectory
    {
        private static readonly Facility[] Known =
        [
            new() { Code = "25001", Name = "Bệnh viện đa khoa tỉnh Phú Thọ", Status = FacilityStatus.Active },
            new() { Code = "25012", Name = "Trạm y tế phường Việt Trì", Status = FacilityStatus.Active },
        ];

        public IReadOnlyList<Facility> All => Known;

        public Facility? Find(string code) => Array.Find(Known, f => f.Code == code);

        public ValueTask<Facility> EnsureAsync(string code, CancellationToken ct) => throw new NotSupportedException();

        public Task PutAsync(IReadOnlyList<Facility> facilities, CancellationToken ct) => throw new NotSupportedException();
    }
}
