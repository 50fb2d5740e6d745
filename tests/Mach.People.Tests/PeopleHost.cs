using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Mach.Access;
using Mach.Contracts.Registry;
using Mach.Data;
using Mach.FhirApi;
using Mach.Store;
using Mach.Testing;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mach.People.Tests;

/// <summary>The person index with its pages and the FHIR API in a web application of its own, on a fresh database.</summary>
internal sealed class PeopleHost : IAsyncDisposable
{
    public const string Password = "mot-cau-kho-doan-7";
    private const string Program = "may-thu", Secret = "khoa-bi-mat-cua-may-thu-00001";

    private readonly WebApplication _app;

    private PeopleHost(TestDb database, RecordStore store, WebApplication app) => (Database, Store, _app) = (database, store, app);

    public TestDb Database { get; }

    public RecordStore Store { get; }

    public IServiceProvider Services => _app.Services;

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public static async Task<PeopleHost> StartAsync(DbEngine engine)
    {
        var database = await TestDb.CreateAsync(engine);
        var store = await database.OpenStoreAsync();
        await database.Db.MigrateAsync("access", typeof(AccessModule).Assembly, default);
        await database.Db.MigrateAsync("people", typeof(PeopleModule).Assembly, default);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Services.AddSingleton(database.Db).AddSingleton(store).AddSingleton<TimeProvider>(database.Clock);
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddAccess();
        builder.Services.AddUi();
        builder.Services.AddFhirApi();
        builder.Services.AddSingleton<ICommuneHistory>(Matching.Known.Communes).AddSingleton<ICatalogues>(new FewNames());
        builder.Services.AddPeople(new PeopleOptions { FollowsByItself = false });
        var app = builder.Build();
        app.UseUi();
        app.UseRouting();
        app.UseAccess();
        app.MapUi();
        app.MapAccess();
        app.MapFhirApi();
        app.MapPeople();
        await app.StartAsync();
        var accounts = app.Services.GetRequiredService<Accounts>();
        foreach (var role in Roles.All)
        {
            await TestAccounts.MakeAsync(database.Db, accounts, new NewAccount(role, "Người thử " + role, Password, [role]));
        }

        await accounts.EnsureClientAsync(Program, Secret, ["system/*.cruds"], default);
        return new PeopleHost(database, store, app);
    }

    /// <summary>A program that may do by FHIR what the scope says.</summary>
    public async Task<HttpClient> FhirAsync(string scope = "system/*.cruds")
    {
        var client = _app.GetTestClient();
        using var answer = await client.PostAsync("/oauth/token", new FormUrlEncodedContent([
            new("grant_type", "client_credentials"), new("client_id", Program), new("client_secret", Secret), new("scope", scope)]));
        var token = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    /// <summary>A browser that signed in with this role's account.</summary>
    public async Task<Browser> BrowserAsync(string role)
    {
        var browser = new Browser(_app.GetTestClient());
        var page = await browser.GetAsync("/sign-in");
        var answer = await browser.PostAsync("/sign-in", page, ("user", role), ("password", Password), ("returnUrl", "/"));
        Assert.Equal("/", answer.Location);
        return browser;
    }

    public async Task<string> PutPatientAsync(string id, string name, string birth, string sex, string more = "")
    {
        var body = $$"""{"resourceType":"Patient","id":"{{id}}"{{more}},"name":[{"text":"{{name}}"}],"gender":"{{sex}}","birthDate":"{{birth}}"}""";
        await Store.CommitAsync(new Commit { Writes = [new Write(WriteKind.Put, "Patient", id, Encoding.UTF8.GetBytes(body))], Actor = "test" }, default);
        return body;
    }

    public async Task<string> BodyAsync(string type, string id) => Encoding.UTF8.GetString((await Store.ReadAsync(type, id, default))!.Body.Span);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await Database.DisposeAsync();
    }
}

internal sealed record Answer(HttpStatusCode Status, string Text, string? Location)
{
    public string Between(string before, string after)
    {
        var start = Text.IndexOf(before, StringComparison.Ordinal);
        Assert.True(start >= 0, $"The page has no {before}: {Text}");
        start += before.Length;
        return Text[start..Text.IndexOf(after, start, StringComparison.Ordinal)];
    }

    public JsonElement Json => JsonDocument.Parse(Text).RootElement.Clone();
}

/// <summary>Keeps cookies, follows nothing.</summary>
internal sealed class Browser(HttpClient client)
{
    private readonly CookieContainer _cookies = new();

    public Task<Answer> GetAsync(string path, bool fragment = false, string accept = "text/html")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd(accept);
        if (fragment)
        {
            request.Headers.Add("HX-Request", "true");
        }

        return SendAsync(request);
    }

    /// <param name="page">The page that has the form, for its token.</param>
    public Task<Answer> PostAsync(string path, Answer page, params (string Name, string Value)[] form)
    {
        var token = page.Between("name=\"__RequestVerificationToken\" value=\"", "\"");
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(form.Append(("__RequestVerificationToken", token)).Select(f => KeyValuePair.Create(f.Item1, f.Item2))),
        };
        request.Headers.Accept.ParseAdd("text/html");
        return SendAsync(request);
    }

    private async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        var address = new Uri(client.BaseAddress!, request.RequestUri!);
        if (_cookies.GetCookieHeader(address) is { Length: > 0 } cookies)
        {
            request.Headers.Add("Cookie", cookies);
        }

        using var answer = await client.SendAsync(request);
        if (answer.Headers.TryGetValues("Set-Cookie", out var set))
        {
            foreach (var cookie in set)
            {
                _cookies.SetCookies(address, cookie);
            }
        }

        return new(answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.Location?.OriginalString);
    }
}

/// <summary>Catalogues with one name each of what an identity is described by.</summary>
internal sealed class FewNames : ICatalogues
{
    private static readonly CatalogueEntry[] Entries = [Entry("06", "Mường"), Entry("000", "Việt Nam"), Entry("2", "Nhà chuyên môn bậc cao"), Entry("221", "Bác sĩ")];

    public ValueTask<CatalogueEntry?> FindAsync(string catalogue, string code, DateOnly date, CancellationToken ct) => ValueTask.FromResult(Array.Find(Entries, e => e.Code == code));

    public ValueTask<IReadOnlyList<CatalogueEntry>> SearchAsync(string catalogue, string text, DateOnly date, int limit, CancellationToken ct) => ValueTask.FromResult<IReadOnlyList<CatalogueEntry>>(Entries);

    private static CatalogueEntry Entry(string code, string name) => new(code, name, new Dictionary<string, string>(), "1", DateOnly.MinValue, DateOnly.MaxValue);
}
