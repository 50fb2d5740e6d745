using System.Net;
using Mach.Access;
using Mach.Contracts.Registry;
using Mach.Data;
using Mach.Registry.Ledgers;
using Mach.Testing;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mach.Registry.Tests;

/// <summary>The pages of the registry in a web application of their own, with an account for each role.</summary>
internal sealed class PageHost : IAsyncDisposable
{
    public const string Password = "mot-cau-kho-doan-7";
    private readonly TestDb _database;
    private readonly WebApplication _app;

    private PageHost(TestDb database, WebApplication app) => (_database, _app) = (database, app);

    public RegistryBooks Books => _app.Services.GetRequiredService<RegistryBooks>();

    public TestClock Clock => _database.Clock;

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public IUnits Units => _app.Services.GetRequiredService<IUnits>();

    public static async Task<PageHost> StartAsync(DbEngine engine = DbEngine.Sqlite)
    {
        var database = await TestDb.CreateAsync(engine);
        database.Clock.Now = new DateTimeOffset(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);
        var store = await database.OpenStoreAsync();
        await database.Db.MigrateAsync("access", typeof(AccessModule).Assembly, default);
        await database.Db.MigrateAsync("registry", typeof(RegistryModule).Assembly, default);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Services.AddSingleton(database.Db).AddSingleton(store).AddSingleton<TimeProvider>(database.Clock);
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddAccess();
        builder.Services.AddUi();
        builder.Services.AddRegistry();
        var app = builder.Build();
        app.UseUi();
        app.UseRouting();
        app.UseAccess();
        app.MapUi();
        app.MapAccess();
        app.MapRegistry();
        await app.StartAsync();
        foreach (var role in Roles.All)
        {
            await TestAccounts.MakeAsync(database.Db, app.Services.GetRequiredService<Accounts>(), new NewAccount(role, "Người thử " + role, Password, [role]));
        }

        return new(database, app);
    }

    /// <summary>A browser signed in with this role's account.</summary>
    public async Task<RoleBrowser> BrowserAsync(string role)
    {
        var browser = new RoleBrowser(_app.GetTestClient());
        await browser.PostAsync("/sign-in", "/sign-in", ("user", role), ("password", Password), ("returnUrl", "/"));
        return browser;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }
}

/// <summary>Keeps cookies, follows nothing, takes the antiforgery token from a page before it posts.</summary>
internal sealed class RoleBrowser(HttpClient client)
{
    private readonly CookieContainer _cookies = new();

    public async Task<(HttpStatusCode Status, string Html, string? Location)> GetAsync(string path) => await SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public async Task<(HttpStatusCode Status, string Html, string? Location)> FragmentAsync(string path) => await SendAsync(new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "HX-Request", "true" } } });

    public async Task<(HttpStatusCode Status, string Html, string? Location)> PostAsync(string page, string path, params (string Name, string Value)[] form) =>
        await SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent([.. form.Select(f => KeyValuePair.Create(f.Name, f.Value)), KeyValuePair.Create("__RequestVerificationToken", await TokenAsync(page))]) });

    public async Task<(HttpStatusCode Status, string Html, string? Location)> UploadAsync(string kind, string fileName, byte[] bytes)
    {
        var form = new MultipartFormDataContent
        {
            { new StringContent(await TokenAsync("/imports")), "__RequestVerificationToken" }, { new StringContent(kind), "kind" }, { new StringContent("2026-01-01"), "from" }, { new ByteArrayContent(bytes), "file", fileName },
        };
        return await SendAsync(new HttpRequestMessage(HttpMethod.Post, "/imports") { Content = form });
    }

    private async Task<string> TokenAsync(string page)
    {
        const string before = "name=\"__RequestVerificationToken\" value=\"";
        var html = (await GetAsync(page)).Html;
        var start = html.IndexOf(before, StringComparison.Ordinal);
        return start < 0 ? "none" : html[(start + before.Length)..html.IndexOf('"', start + before.Length)];
    }

    private async Task<(HttpStatusCode, string, string?)> SendAsync(HttpRequestMessage request)
    {
        request.Headers.Accept.ParseAdd("text/html");
        var address = new Uri(client.BaseAddress!, request.RequestUri!);
        if (_cookies.GetCookieHeader(address) is { Length: > 0 } cookies)
        {
            request.Headers.Add("Cookie", cookies);
        }

        var answer = await client.SendAsync(request);
        foreach (var cookie in answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
        {
            _cookies.SetCookies(address, cookie);
        }

        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.Location?.OriginalString);
    }
}
