using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mach.Access;
using Mach.Access.Authority;
using Mach.Chart;
using Mach.Contracts.People;
using Mach.Contracts.Registry;
using Mach.Data;
using Mach.Fhir.Validation;
using Mach.Store;
using Mach.Testing;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mach.Care.Tests;

/// <summary>
/// The pages in a web application of their own over a small record: "p1" was at 25001 three times for E11 and once for J00, "p2" at 25012. Accounts: one of each role, named as its role
/// and bound to no facility, "doctor2", and "doctor-25001", "nurse-25001", "doctor-25012" of one facility.
/// </summary>
internal sealed class CareHost : IAsyncDisposable
{
    public const string Password = "mot-cau-kho-doan-7";

    private readonly TestDb _database;
    private readonly WebApplication _app;

    private CareHost(TestDb database, RecordStore store, WebApplication app) => (_database, Store, _app) = (database, store, app);

    public RecordStore Store { get; }

    public Db Db => _database.Db;

    public TestClock Clock => _database.Clock;

    public AccessLog Log => _app.Services.GetRequiredService<AccessLog>();

    /// <summary>What labels notes by their visits; here it runs when a test says so, and by itself.</summary>
    public Notes.LabelFollower Labels => _app.Services.GetRequiredService<Notes.LabelFollower>();

    public Workplaces Workplaces => _app.Services.GetRequiredService<Workplaces>();

    public static async Task<CareHost> StartAsync(DbEngine engine)
    {
        var database = await TestDb.CreateAsync(engine);
        database.Clock.Now = new DateTimeOffset(2026, 11, 20, 1, 0, 0, TimeSpan.Zero);
        var store = await database.OpenStoreAsync();
        await database.Db.MigrateAsync("access", typeof(AccessModule).Assembly, default);
        await database.Db.MigrateAsync("care", typeof(CareModule).Assembly, default);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Services.AddSingleton(database.Db).AddSingleton(store).AddSingleton<TimeProvider>(database.Clock);
        builder.Services.AddSingleton<IFacilityDirectory, TwoFacilities>().AddSingleton<IPersonLinks, NoLinks>().AddSingleton<IPersonConfidentiality, Nobody>();
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddAccess();
        builder.Services.AddUi();
        builder.Services.AddChart();
        builder.Services.AddCare();
        var app = builder.Build();
        app.UseUi();
        app.UseRouting();
        app.UseAccess();
        app.MapUi();
        app.MapAccess();
        app.MapChart();
        app.MapCare();
        await app.StartAsync();
        var accounts = app.Services.GetRequiredService<Accounts>();
        foreach (var (name, role, facility) in Roles.All.Select(role => (role, role, (string?)null)).Concat(
            [("doctor2", Roles.Doctor, null), ("doctor-25001", Roles.Doctor, "25001"), ("nurse-25001", Roles.Nurse, "25001"), ("doctor-25012", Roles.Doctor, "25012")]))
        {
            await TestAccounts.MakeAsync(database.Db, accounts, new NewAccount(name, "Người thử " + name, Password, [role], facility));
        }

        await store.CommitAsync(new Commit { Actor = "test", Writes = [.. Record().Select(r => new Write(WriteKind.Put, r.Type, r.Id, Encoding.UTF8.GetBytes(r.Body)))] }, default);
        return new(database, store, app);
    }

    /// <summary>A browser that signed in with this account.</summary>
    public async Task<Browser> BrowserAsync(string account)
    {
        var browser = new Browser(_app.GetTestClient());
        var page = await browser.GetAsync("/sign-in");
        var answer = await browser.PostAsync("/sign-in", ("user", account), ("password", Password), ("returnUrl", "/"), Token(page));
        Assert.Equal("/", answer.Location);
        return browser;
    }

    /// <summary>The antiforgery field of a page.</summary>
    public static (string Name, string Value) Token(Answer page) => ("__RequestVerificationToken", page.Between("name=\"__RequestVerificationToken\" value=\"", "\""));

    /// <summary>The head of a resource, which has to be valid R4.</summary>
    public async Task<JsonObject> ReadAsync(string type, string id)
    {
        var head = await Store.ReadAsync(type, id, default);
        Assert.NotNull(head);
        using var document = JsonDocument.Parse(head.Body);
        Assert.DoesNotContain(ResourceValidator.Validate(document.RootElement), issue => issue.Severity <= IssueSeverity.Error);
        return JsonNode.Parse(head.Body.Span)!.AsObject();
    }

    /// <summary>All of a type that belong to a person, each valid R4.</summary>
    public async Task<IReadOnlyList<JsonObject>> AllAsync(string type, string person)
    {
        var found = new List<JsonObject>();
        foreach (var one in (await Store.CompartmentAsync([person], type, 100, null, default)).Matches)
        {
            found.Add(await ReadAsync(type, one.Id));
        }

        return found;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }

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
            "name":[{"text":"Nguyễn Thị Đào"}],"gender":"female","birthDate":"1965-07-12"
            """);
        yield return One("Patient", "p2", """
            "name":[{"text":"Trần Văn Bình"}]
            """);
        foreach (var (id, person, facility, day, code, text) in new[]
        {
            ("1", "p1", "25001", "2025-10-01", "E11", "Đái tháo đường"), ("2", "p1", "25001", "2026-03-01", "E11.9", "Đái tháo đường típ 2"),
            ("3", "p1", "25001", "2026-11-20", "E11", "Đái tháo đường"), ("4", "p1", "25001", "2026-09-01", "J00", "Viêm mũi họng cấp"), ("5", "p2", "25012", "2026-09-02", "I10", "Tăng huyết áp"),
        })
        {
            yield return One("Encounter", "e" + id, $$"""
                "status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/{{person}}"},"serviceProvider":{"reference":"Organization/cskcb-{{facility}}"},"period":{"start":"{{day}}T08:00:00+07:00","end":"{{day}}T09:00:00+07:00"}
                """);
            yield return One("Condition", "c" + id, $$"""
                "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-category","code":"encounter-diagnosis"}]}],"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"{{code}}"}],"text":"{{text}}"},"subject":{"reference":"Patient/{{person}}"},"encounter":{"reference":"Encounter/e{{id}}"},"recordedDate":"{{day}}"
                """);
        }

        yield return One("Location", "w1", """
            "status":"active","name":"Khoa Nội"
            """);
        yield return One("Encounter", "e6", """
            "status":"in-progress","class":{"code":"IMP"},"subject":{"reference":"Patient/p1"},"serviceProvider":{"reference":"Organization/cskcb-25001"},"period":{"start":"2026-11-18T08:00:00+07:00"},"location":[{"location":{"reference":"Location/w1"},"status":"active"}]
            """);
        yield return One("Observation", "bp", """
            "status":"final","code":{"coding":[{"system":"http://loinc.org","code":"85354-9"}],"text":"Huyết áp"},"subject":{"reference":"Patient/p1"},"effectiveDateTime":"2026-11-20T08:10:00+07:00","component":[{"code":{"text":"tâm thu"},"valueQuantity":{"value":150,"unit":"mmHg"}},{"code":{"text":"tâm trương"},"valueQuantity":{"value":90,"unit":"mmHg"}}]
            """);
    }

    private sealed class NoLinks : IPersonLinks
    {
        public ValueTask<IReadOnlyList<string>> LinkedAsync(string patientId, CancellationToken ct) => ValueTask.FromResult<IReadOnlyList<string>>([patientId]);
    }

    private sealed class Nobody : IPersonConfidentiality
    {
        private static readonly IReadOnlySet<string> None = new HashSet<string>();

        public ValueTask<IReadOnlySet<string>> ConfidentialAsync(IReadOnlyCollection<string> patientIds, CancellationToken ct) => ValueTask.FromResult(None);

        public ValueTask<IReadOnlySet<string>> HiddenFromAsync(System.Security.Claims.ClaimsPrincipal who, IReadOnlyCollection<string> patientIds, CancellationToken ct) => ValueTask.FromResult(None);
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
