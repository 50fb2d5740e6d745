using System.Text;
using Mach.Access;
using Mach.Access.Authority;
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

namespace Mach.Trust.Tests;

/// <summary>
/// The pages in a web application of their own over a small record: "p1" has been at 25001 and 25012, "p2" at 25012 alone. Accounts: one of each role, each
/// named as its role and bound to no facility, "officer2", "doctor-25001", "doctor-25012" and "officer-25001".
/// </summary>
internal sealed class TrustHost : IAsyncDisposable
{
    public const string Password = "mot-cau-kho-doan-7";

    private readonly TestDb _database;
    private readonly WebApplication _app;

    private TrustHost(TestDb database, RecordStore store, WebApplication app) => (_database, Store, _app) = (database, store, app);

    public RecordStore Store { get; }

    public TestClock Clock => _database.Clock;

    public AccessLog Log => _app.Services.GetRequiredService<AccessLog>();

    public Workplaces Workplaces => _app.Services.GetRequiredService<Workplaces>();

    public Emergencies Emergencies => _app.Services.GetRequiredService<Emergencies>();

    public static async Task<TrustHost> StartAsync(DbEngine engine)
    {
        var database = await TestDb.CreateAsync(engine);
        database.Clock.Now = new DateTimeOffset(2026, 11, 20, 1, 0, 0, TimeSpan.Zero);
        var store = await database.OpenStoreAsync();
        await database.Db.MigrateAsync("access", typeof(AccessModule).Assembly, default);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Services.AddSingleton(database.Db).AddSingleton(store).AddSingleton<TimeProvider>(database.Clock);
        builder.Services.AddSingleton<IPersonLinks, NoLinks>().AddSingleton<IFacilityDirectory, TwoFacilities>();
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddAccess();
        builder.Services.AddUi();
        builder.Services.AddTrust();
        var app = builder.Build();
        app.UseUi();
        app.UseRouting();
        app.UseAccess();
        app.MapUi();
        app.MapAccess();
        app.MapTrust();
        await app.StartAsync();
        var accounts = app.Services.GetRequiredService<Accounts>();
        foreach (var (name, role, facility) in Roles.All.Select(role => (role, role, (string?)null)).Concat(
            [("officer2", Roles.DataOfficer, null), ("doctor-25001", Roles.Doctor, "25001"), ("doctor-25012", Roles.Doctor, "25012"), ("officer-25001", Roles.DataOfficer, "25001")]))
        {
            await TestAccounts.MakeAsync(database.Db, accounts, new NewAccount(name, "Người thử " + name, Password, [role], facility));
        }

        await store.CommitAsync(new Commit { Actor = "test", Writes = [.. Record().Select(r => new Write(WriteKind.Put, r.Type, r.Id, Encoding.UTF8.GetBytes(r.Body)))] }, default);
        return new(database, store, app);
    }

    /// <summary>A browser that signed in with this account; null = nobody.</summary>
    public async Task<Browser> BrowserAsync(string? account)
    {
        var browser = new Browser(_app.GetTestClient());
        if (account is not null)
        {
            var page = await browser.GetAsync("/sign-in");
            var answer = await browser.PostAsync("/sign-in", ("user", account), ("password", Password), ("returnUrl", "/"), Token(page));
            Assert.Equal("/", answer.Location);
        }

        return browser;
    }

    /// <summary>The antiforgery field of a page.</summary>
    public static (string Name, string Value) Token(Answer page) => ("__RequestVerificationToken", page.Between("name=\"__RequestVerificationToken\" value=\"", "\""));

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>p1: Patient, 2 Encounters, 3 Observations (one HIV, written by 25012). p2: Patient, Encounter.</summary>
    private static IEnumerable<(string Type, string Id, string Body)> Record()
    {
        (string, string, string) One(string type, string id, string more) => (type, id, $$"""{"resourceType":"{{type}}","id":"{{id}}",{{more}}}""");
        foreach (var (code, name) in new[] { ("25001", "Bệnh viện tỉnh"), ("25012", "Trạm y tế phường") })
        {
            yield return One("Organization", "cskcb-" + code, $$"""
                "identifier":[{"system":"urn:mach:facility","value":"{{code}}"}],"name":"{{name}}"
                """);
        }

        yield return One("Patient", "p1", """
            "identifier":[{"system":"urn:oid:2.16.704.1","value":"025165001235"}],"name":[{"text":"Nguyễn Thị Đào"}]
            """);
        yield return One("Patient", "p2", """
            "name":[{"text":"Trần Văn Bình"}]
            """);
        yield return Visit("e1", "p1", "25001", "2026-10-01");
        yield return Visit("e2", "p1", "25012", "2026-09-01");
        yield return Visit("e3", "p2", "25012", "2026-09-02");
        yield return Test("o1", "p1", "25001", "718-7");
        yield return Test("o2", "p1", "25012", "718-7");
        yield return Test("o3", "p1", "25012", "75622-1", ""","meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"HIV"}]}""");

        (string, string, string) Visit(string id, string person, string facility, string day) => One("Encounter", id, $$"""
            "status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/{{person}}"},"serviceProvider":{"reference":"Organization/cskcb-{{facility}}"},"period":{"start":"{{day}}T08:00:00+07:00","end":"{{day}}T09:00:00+07:00"}
            """);
        (string, string, string) Test(string id, string person, string facility, string loinc, string more = "") => One("Observation", id, $$"""
            "status":"final","code":{"coding":[{"system":"http://loinc.org","code":"{{loinc}}"}]},"subject":{"reference":"Patient/{{person}}"},"performer":[{"reference":"Organization/cskcb-{{facility}}"}],"effectiveDateTime":"2026-10-01"{{more}}
            """);
    }

    private sealed class NoLinks : IPersonLinks
    {
        public ValueTask<IReadOnlyList<string>> LinkedAsync(string patientId, CancellationToken ct) => ValueTask.FromResult<IReadOnlyList<string>>([patientId]);
    }

    private sealed class TwoFacilities : IFacilityDirectory
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
