using System.Net;
using System.Text;
using System.Text.Json;
using Mach.Access;
using Mach.Data;
using Mach.Kernel;
using Mach.People;
using Mach.Registry;
using Mach.Store;
using Mach.Testing;
using Mach.Ui;
using Mach.Vietnam.Bhyt;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mach.Intake.Tests.Http;

/// <summary>Sign-in, pages, registry, people and intake in one web application over a fresh database, as the hub puts them together.</summary>
internal sealed class PortalHost : IAsyncDisposable
{
    public const string Password = "mot-cau-kho-doan-7";
    /// <summary>An intake account that is bound to facility 25001.</summary>
    public const string Bound = "benhvien-a";

    private readonly WebApplication _app;

    private PortalHost(TestDb database, RecordStore store, WebApplication app) => (Database, Store, _app) = (database, store, app);

    public TestDb Database { get; }

    public RecordStore Store { get; }

    public IServiceProvider Services => _app.Services;

    /// <param name="open">Another way to the database than the direct one.</param>
    /// <param name="spool">Folder of what is being received; null = one of this process.</param>
    public static async Task<PortalHost> StartAsync(DbEngine engine, EnvelopeLimits? limits = null, Func<TestDb, Db>? open = null, string? spool = null)
    {
        var database = await TestDb.CreateAsync(engine);
        var db = open?.Invoke(database) ?? database.Db;
        var store = await database.OpenStoreAsync(db);
        foreach (var (name, module) in new[] { ("access", typeof(AccessModule)), ("registry", typeof(RegistryModule)), ("people", typeof(PeopleModule)), ("intake", typeof(IntakeModule)) })
        {
            await db.MigrateAsync(name, module.Assembly, default);
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Services.AddSingleton(db).AddSingleton(store).AddSingleton(TimeProvider.System);
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddAccess(new AccessOptions(10_000));
        builder.Services.AddUi();
        builder.Services.AddRegistry();
        builder.Services.AddPeople();
        builder.Services.AddIntake(new IntakeOptions(spool ?? Path.Combine(Path.GetTempPath(), "mach-spool-" + Environment.ProcessId)) { Limits = limits ?? new EnvelopeLimits() });
        var app = builder.Build();
        app.UseUi();
        app.UseRouting();
        app.UseAccess();
        app.MapUi();
        app.MapAccess();
        app.MapRegistry();
        app.MapPeople();
        app.MapIntake();
        await app.StartAsync();
        var accounts = app.Services.GetRequiredService<Accounts>();
        foreach (var role in Roles.All)
        {
            await TestAccounts.MakeAsync(database.Db, accounts, new NewAccount(role, "Người thử " + role, Password, [role]));
        }

        await TestAccounts.MakeAsync(database.Db, accounts, new NewAccount(Bound, "Bệnh viện A", Password, [Roles.Intake], "25001"));
        return new PortalHost(database, store, app);
    }

    /// <summary>A hospital system with a token of its own; null = without one.</summary>
    public async Task<HttpClient> SystemAsync(string? account = Roles.Intake)
    {
        var client = _app.GetTestClient();
        if (account is not null)
        {
            using var form = new MultipartFormDataContent { { new StringContent(account), "username" }, { new StringContent(Password), "password" } };
            using var answer = await client.PostAsync("/api/token", form);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            client.DefaultRequestHeaders.Authorization = new("Bearer", (await answer.JsonAsync()).GetProperty("access_token").GetString());
        }

        return client;
    }

    public async Task<WebBrowser> BrowserAsync(string account)
    {
        var browser = new WebBrowser(_app.GetTestClient());
        using var page = await browser.GetAsync("/sign-in");
        using var answer = await browser.PostAsync("/sign-in", await page.TokenAsync(), ("user", account), ("password", Password), ("returnUrl", "/"));
        Assert.Equal("/", answer.Headers.Location?.OriginalString);
        return browser;
    }

    public async Task<int> FeedAsync() => (await Store.FeedAsync(0, 10_000, default)).Count;

    public async Task IsCleanAsync() => Assert.Empty((await Store.VerifyAsync(null, default)).Problems);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await Database.DisposeAsync();
    }
}

/// <summary>Keeps cookies and reads pages, as a browser without JavaScript does.</summary>
internal sealed class WebBrowser(HttpClient client)
{
    private readonly Dictionary<string, string> _cookies = [];

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<HttpResponseMessage> PostAsync(string path, string? token, params (string Name, string Value)[] fields)
    {
        var form = fields.Select(f => KeyValuePair.Create(f.Name, f.Value)).Append(KeyValuePair.Create("__RequestVerificationToken", token ?? ""));
        return SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form) });
    }

    public Task<HttpResponseMessage> UploadAsync(string path, string? token, params (string File, byte[] Bytes)[] files)
    {
        var form = new MultipartFormDataContent();
        if (token is not null)
        {
            form.Add(new StringContent(token), "__RequestVerificationToken");
        }

        foreach (var (file, bytes) in files)
        {
            form.Add(new ByteArrayContent(bytes), "files", file);
        }

        return SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = form });
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml,*/*;q=0.8");
        if (_cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(c => $"{c.Key}={c.Value}")));
        }

        var answer = await client.SendAsync(request);
        foreach (var header in answer.Headers.TryGetValues("Set-Cookie", out var values) ? values : [])
        {
            _cookies[header[..header.IndexOf('=', StringComparison.Ordinal)]] = header[(header.IndexOf('=', StringComparison.Ordinal) + 1)..].Split(';')[0];
        }

        return answer;
    }
}

/// <summary>What tests say to the portal, and read from its answers.</summary>
internal static class Portal
{
    public static async Task<HttpResponseMessage> CheckInAsync(this HttpClient system, params (string File, byte[] Bytes)[] files)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (file, bytes) in files)
        {
            form.Add(new ByteArrayContent(bytes), "files", file);
        }

        return await system.PostAsync("/api/Cong130/CheckIn", form);
    }

    public static Task<HttpResponseMessage> CheckInAsync(this HttpClient system, params Dossier[] dossiers) => system.CheckInAsync(("hoso.xml", Samples.Envelope(dossiers)));

    public static Task<HttpResponseMessage> CheckInAsync(this HttpClient system, string envelope) => system.CheckInAsync(("hoso.xml", Encoding.UTF8.GetBytes(envelope)));

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer)
    {
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return json.RootElement.Clone();
    }

    public static async Task<string> TokenAsync(this HttpResponseMessage page) => (await page.Content.ReadAsStringAsync()).Between("name=\"__RequestVerificationToken\" value=\"", "\"");

    public static string Between(this string text, string before, string after)
    {
        var at = text.IndexOf(before, StringComparison.Ordinal);
        Assert.True(at >= 0, $"'{before}' is not in: {text}");
        at += before.Length;
        return text[at..text.IndexOf(after, at, StringComparison.Ordinal)];
    }

    /// <summary>Findings of the only dossier, by rule.</summary>
    public static IReadOnlyList<string> Rules(this JsonElement answer) => [.. answer.GetProperty("hoSo")[0].GetProperty("loi").EnumerateArray().Select(e => e.GetProperty("quyTac").GetString()!)];

    public static string Path(Dossier dossier) => "/intake/dossiers/" + Uri.EscapeDataString(dossier.FacilityCode) + "/" + Uri.EscapeDataString(dossier.MaLk);

    public static string Id(Dossier dossier) => Ids.Derive(dossier.FacilityCode, dossier.MaLk);

    public static string Text(Dossier dossier) => Encoding.UTF8.GetString(Samples.Envelope(dossier));
}
