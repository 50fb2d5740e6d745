using System.Text;
using System.Text.Json;
using Mach.Access;
using Mach.Contracts.People;
using Mach.Contracts.Registry;
using Mach.Data;
using Mach.Indicators.Asking;
using Mach.Indicators.Cube;
using Mach.Indicators.Definitions;
using Mach.Registry;
using Mach.Store;
using Mach.Testing;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mach.Indicators.Tests;

/// <summary>The numbers over a record of their own, with the real register of units. Accounts: one of each role, named as its role, and "doctor-25001", "director-25001" of one facility.</summary>
internal sealed class NumbersHost : IAsyncDisposable
{
    public const string Password = "mot-cau-kho-doan-7";

    private readonly TestDb _database;
    private readonly WebApplication _app;

    private NumbersHost(TestDb database, RecordStore store, WebApplication app) => (_database, Store, _app) = (database, store, app);

    public RecordStore Store { get; }

    public Db Db => _database.Db;

    public TestClock Clock => _database.Clock;

    public Counter Counter => Get<Counter>();

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public static async Task<NumbersHost> StartAsync(DbEngine engine)
    {
        var database = await TestDb.CreateAsync(engine);
        database.Clock.Now = new DateTimeOffset(2026, 11, 20, 1, 0, 0, TimeSpan.Zero);
        var store = await database.OpenStoreAsync();
        foreach (var (name, assembly) in new[] { ("access", typeof(AccessModule).Assembly), ("registry", typeof(RegistryModule).Assembly), ("indicators", typeof(IndicatorsModule).Assembly) })
        {
            await database.Db.MigrateAsync(name, assembly, default);
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Services.AddSingleton(database.Db).AddSingleton(store).AddSingleton<TimeProvider>(database.Clock);
        builder.Services.AddSingleton<IPersonLinks, Links>();
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddAccess();
        builder.Services.AddUi();
        builder.Services.AddRegistry();
        builder.Services.AddIndicators(new IndicatorsOptions(CountsByItself: false));
        var app = builder.Build();
        app.UseUi();
        app.UseRouting();
        app.UseAccess();
        app.MapUi();
        app.MapAccess();
        app.MapIndicators();
        await app.StartAsync();
        await app.Services.GetRequiredService<IFacilityDirectory>().PutAsync(
            [
                new() { Code = "25001", Name = "Bệnh viện tỉnh", Status = FacilityStatus.Active, Tier = "specialised", FormerProvince = "Phú Thọ" },
                new() { Code = "25012", Name = "Trung tâm y tế", Status = FacilityStatus.Active, Tier = "basic", FormerProvince = "Vĩnh Phúc" },
                new() { Code = "25101", Name = "Trạm y tế", Status = FacilityStatus.Active, Tier = "initial", FormerProvince = "Hòa Bình" },
            ],
            default);
        return new(database, store, app);
    }

    /// <summary>One of each role, and two of one facility.</summary>
    public async Task MakeAccountsAsync()
    {
        var accounts = Get<Accounts>();
        foreach (var (name, role, facility) in Roles.All.Select(role => (role, role, (string?)null)).Concat([("doctor-25001", Roles.Doctor, "25001"), ("director-25001", Roles.Director, "25001")]))
        {
            await TestAccounts.MakeAsync(Db, accounts, new NewAccount(name, "Người thử " + name, Password, [role], facility));
        }
    }

    public async Task<Browser> BrowserAsync(string account)
    {
        var browser = new Browser(_app.GetTestClient());
        var page = await browser.GetAsync("/sign-in");
        Assert.Equal("/", (await browser.PostAsync("/sign-in", ("user", account), ("password", Password), ("returnUrl", "/"), Token(page))).Location);
        return browser;
    }

    /// <summary>The antiforgery field of a page.</summary>
    public static (string Name, string Value) Token(Testing.Answer page) => ("__RequestVerificationToken", page.Between("name=\"__RequestVerificationToken\" value=\"", "\""));

    public Task WriteAsync(params Write[] writes) => Store.CommitAsync(new Commit { Actor = "test", Writes = writes }, default);

    public static Write Put(string type, string id, string more) => new(WriteKind.Put, type, id, Encoding.UTF8.GetBytes($$"""{"resourceType":"{{type}}","id":"{{id}}",{{more}}}"""));

    public static Write Person(string id, string sex = "female", string born = "1980-05-01", string commune = "", params string[] links) => Put("Patient", id, $$"""
        "name":[{"text":"Người {{id}}"}],"gender":"{{sex}}","birthDate":"{{born}}"{{(commune.Length == 0 ? "" : $$""","address":[{"use":"home","extension":[{"url":"https://mach.health.vn/fhir/StructureDefinition/commune-code","valueString":"{{commune}}"}]}]""")}}{{(links.Length == 0 ? "" : ",\"link\":[" + string.Join(',', links.Select(l => $$"""{"other":{"reference":"Patient/{{l}}"},"type":"seealso"}""")) + "]")}}
        """);

    public static Write Visit(string id, string person, string facility, string day, string form = "01", int days = 0, string outcome = "", string leaving = "") => Put("Encounter", id, $$$"""
        "meta":{"source":"urn:mach:dossier:{{{facility}}}:{{{id}}}#XML1-1"},"status":"finished","class":{"code":"{{{(form == "03" ? "IMP" : "AMB")}}}"},"type":[{"coding":[{"system":"https://mach.health.vn/fhir/CodeSystem/bhyt-ma-loai-kcb","code":"{{{form}}}"}]}],"subject":{"reference":"Patient/{{{person}}}"},"serviceProvider":{"reference":"Organization/cskcb-{{{facility}}}"},"period":{"start":"{{{day}}}T08:00:00+07:00","end":"{{{day}}}T16:00:00+07:00"},"length":{"value":{{{days}}}},"hospitalization":{"dischargeDisposition":{"coding":[{"system":"https://mach.health.vn/fhir/CodeSystem/bhyt-ket-qua-dtri","code":"{{{(outcome.Length > 0 ? outcome : "2")}}}"},{"system":"https://mach.health.vn/fhir/CodeSystem/bhyt-ma-loai-rv","code":"{{{(leaving.Length > 0 ? leaving : "1")}}}"}]}}
        """);

    public static Write Claim(string id, string person, string facility, string day, string total) => Put("Claim", id, $$"""
        "meta":{"source":"urn:mach:dossier:{{facility}}:{{id}}#XML1-1"},"status":"active","created":"{{day}}T10:00:00+07:00","patient":{"reference":"Patient/{{person}}"},"total":{"value":{{total}},"currency":"VND"},"extension":[{"url":"https://mach.health.vn/fhir/StructureDefinition/bhyt","extension":[{"url":"T_BHTT","valueString":"100.25"}]}]
        """);

    public static Write Delete(string type, string id) => new(WriteKind.Delete, type, id, default);

    /// <summary>The answer to one question, after everything was counted.</summary>
    public async Task<Mach.Indicators.Asking.Answer> AskAsync(string code, DateOnly from, DateOnly to, Grouping by = Grouping.None, Boundary? boundary = null, IReadOnlyList<string>? facilities = null)
    {
        await Counter.CatchUpAsync(default);
        return await Get<Asker>().AskAsync(new Question((await Get<DefinitionBook>().FindAsync(code, null, default))!, from, to, by, boundary, facilities), default);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>Follows the links of the stored Patients, as the room People does.</summary>
    private sealed class Links(RecordStore store) : IPersonLinks
    {
        public async ValueTask<IReadOnlyList<string>> LinkedAsync(string patientId, CancellationToken ct)
        {
            var reached = new List<string> { patientId };
            for (var i = 0; i < reached.Count; i++)
            {
                if (await store.ReadAsync("Patient", reached[i], ct) is { IsDeleted: false } patient)
                {
                    using var document = JsonDocument.Parse(patient.Body);
                    foreach (var link in document.RootElement.TryGetProperty("link", out var links) ? links.EnumerateArray() : default)
                    {
                        var id = link.GetProperty("other").GetProperty("reference").GetString()!["Patient/".Length..];
                        if (!reached.Contains(id))
                        {
                            reached.Add(id);
                        }
                    }
                }
            }

            return reached;
        }
    }
}
