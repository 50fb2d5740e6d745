using System.Data.Common;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Mach.Access.Programs;
using Mach.Access.SignIn;
using Mach.Data;
using Mach.FhirApi;
using Mach.Store;
using Mach.Testing;
using Mach.Ui;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mach.Access.Tests;

/// <summary>Access and the FHIR API in a web application of their own, on a fresh database, with one probe route per policy.</summary>
internal sealed class AccessHost : IAsyncDisposable
{
    public const string Password = "mot-cau-kho-doan-7";
    public const string ClientId = "may-xet-nghiem";
    public const string ClientSecret = "khoa-bi-mat-cua-may-xet-nghiem-01";

    private readonly bool _ownsDatabase;
    private readonly string _keys;

    private AccessHost(TestDb database, RecordStore store, WebApplication app, string keys, bool ownsDatabase) =>
        (Database, Store, App, _keys, _ownsDatabase) = (database, store, app, keys, ownsDatabase);

    public TestDb Database { get; }

    public RecordStore Store { get; }

    public WebApplication App { get; }

    public TestClock Clock => Database.Clock;

    public Accounts Accounts => App.Services.GetRequiredService<Accounts>();

    public AccessLog Log => App.Services.GetRequiredService<AccessLog>();

    /// <param name="tls">With it the host listens on the network: on http, and where it asks for certificates, with this one as its own.</param>
    public static async Task<AccessHost> StartAsync(DbEngine engine, AccessOptions? options = null, FhirApiOptions? fhir = null, bool pages = false, X509Certificate2? tls = null)
    {
        var database = await TestDb.CreateAsync(engine);
        return await StartAsync(database, database.Db, Directory.CreateTempSubdirectory("mach-keys-").FullName, options, ownsDatabase: true, fhir, pages, tls);
    }

    /// <summary>A second process on the same database and key folder: what a restart is.</summary>
    public Task<AccessHost> RestartAsync() => StartAsync(Database, Database.OpenAnother(), _keys, null, ownsDatabase: false);

    /// <summary>Accounts of every role, all with <see cref="Password"/>, and one client that may read everything.</summary>
    public async Task<AccessHost> WithPeopleAsync()
    {
        foreach (var role in Roles.All)
        {
            await TestAccounts.MakeAsync(App.Services.GetRequiredService<Db>(), Accounts, new NewAccount(role, "Người thử " + role, Password, [role]));
        }

        return await WithClientAsync();
    }

    /// <summary>The client alone: what FHIR tests need.</summary>
    public async Task<AccessHost> WithClientAsync(params string[] scopes)
    {
        await Accounts.EnsureClientAsync(ClientId, ClientSecret, scopes.Length == 0 ? ["system/*.rs"] : scopes, default);
        return this;
    }

    /// <summary>A client without cookies, from an address of its own.</summary>
    public HttpClient Program(string? bearer = null, string address = "10.0.0.1")
    {
        var client = App.GetTestClient();
        client.DefaultRequestHeaders.Add("X-Test-Address", address);
        if (bearer is not null)
        {
            client.DefaultRequestHeaders.Authorization = new("Bearer", bearer);
        }

        return client;
    }

    /// <summary>A program with a token of the client of <see cref="WithPeopleAsync"/>.</summary>
    public async Task<HttpClient> SignedInProgramAsync(string? scope = null)
    {
        var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = ClientId, ["client_secret"] = ClientSecret };
        if (scope is not null)
        {
            form["scope"] = scope;
        }

        using var content = new FormUrlEncodedContent(form);
        var answer = await Program().PostAsync("/oauth/token", content);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return Program(json.RootElement.GetProperty("access_token").GetString());
    }

    /// <summary>A browser of somebody who is signed in with this role's account.</summary>
    public async Task<Browser> SignedInBrowserAsync(string role)
    {
        var browser = new Browser(Program());
        var answer = await browser.SignInAsync(role, Password);
        Assert.Equal("/", answer.Headers.Location?.OriginalString);
        return browser;
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        if (_ownsDatabase)
        {
            await Database.DisposeAsync();
            Directory.Delete(_keys, recursive: true);
        }
    }

    private static async Task<AccessHost> StartAsync(TestDb database, Db db, string keys, AccessOptions? options, bool ownsDatabase, FhirApiOptions? fhir = null, bool pages = false, X509Certificate2? tls = null)
    {
        var store = await database.OpenStoreAsync(db);
        await db.MigrateAsync("access", typeof(AccessModule).Assembly, default);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (tls is null)
        {
            builder.WebHost.UseTestServer();
        }
        else
        {
            builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            {
                kestrel.Listen(IPAddress.Loopback, 0);
                kestrel.Listen(IPAddress.Loopback, 0, listen => listen.AskForCertificates(tls));
            });
        }

        builder.Services.AddSingleton(db).AddSingleton(store).AddSingleton<TimeProvider>(database.Clock);
        builder.Services.AddDataProtection().SetApplicationName("mach").PersistKeysToFileSystem(new DirectoryInfo(keys));
        builder.Services.AddAccess(options);
        builder.Services.AddFhirApi(fhir);
        if (pages)
        {
            builder.Services.AddUi();
        }

        var app = builder.Build();
        app.Use((context, next) =>
        {
            context.Connection.RemoteIpAddress = IPAddress.TryParse(context.Request.Headers["X-Test-Address"], out var address) ? address : null;
            return next(context);
        });
        app.UseFhirApi();
        if (pages)
        {
            app.UseUi();
        }

        app.UseRouting();
        app.UseAccess();
        app.MapAccess();
        app.MapFhirApi();
        MapProbes(app);
        if (pages)
        {
            app.MapUi();
        }
        else
        {
            app.MapGet("/sign-in", (HttpContext context, IAntiforgery antiforgery) => antiforgery.GetAndStoreTokens(context).RequestToken).AllowAnonymous();
        }

        await app.StartAsync();
        return new AccessHost(database, store, app, keys, ownsDatabase);
    }

    private static void MapProbes(WebApplication app)
    {
        app.MapGet("/who", (HttpContext context) => $"{context.User.AccountName()}|{context.User.DisplayName()}|{context.User.BoundFacility()}");
        app.MapGet("/probe-step-up", () => "ok").RequireAuthorization(Policies.SignedIn).RequireStepUp();
        app.MapPost("/probe-step-up", () => "ok").RequireAuthorization(Policies.SignedIn).RequireStepUp();
        app.MapGet("/probe-gone", string () => throw new GoneException()).AllowAnonymous();
        app.MapGet("/probe-gone-fhir", string () => throw new InvalidOperationException("store", new GoneException())).AllowAnonymous().WithMetadata(OutcomeAnswer.Denials);
        foreach (var policy in AllPolicies)
        {
            app.MapGet("/probe/" + policy, () => "ok").RequireAuthorization(policy);
        }
    }

    public static readonly string[] AllPolicies =
    [
        Policies.FindPerson, Policies.ReadRecord, Policies.SendDossier, Policies.ReadDossier,
        Policies.DecideData, Policies.ManageAccounts, Policies.FhirRead, Policies.FhirWrite, Policies.SignedIn,
    ];
}

/// <summary>Keeps cookies and sends forms with the antiforgery token, as a browser does.</summary>
internal sealed class Browser(HttpClient client)
{
    private readonly Dictionary<string, string> _cookies = [];

    /// <summary>The cookies as they were set last, with their attributes.</summary>
    public Dictionary<string, string> SetCookies { get; } = [];

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public async Task<HttpResponseMessage> SignInAsync(string user, string password, string returnUrl = "/") =>
        await PostAsync("/sign-in", new() { ["user"] = user, ["password"] = password, ["returnUrl"] = returnUrl });

    /// <summary>Posts a form with a fresh antiforgery token.</summary>
    public async Task<HttpResponseMessage> PostAsync(string path, Dictionary<string, string> form)
    {
        var page = await GetAsync("/sign-in");
        form["__RequestVerificationToken"] = SignInHost.Token(await page.Content.ReadAsStringAsync());
        return await PostRawAsync(path, form);
    }

    public Task<HttpResponseMessage> PostRawAsync(string path, Dictionary<string, string> form) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form) });

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml,*/*;q=0.8");
        if (_cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(c => $"{c.Key}={c.Value}")));
        }

        var answer = await client.SendAsync(request);
        foreach (var header in answer.Headers.TryGetValues("Set-Cookie", out var values) ? values : [])
        {
            var (name, value) = (header[..header.IndexOf('=')], header[(header.IndexOf('=') + 1)..].Split(';')[0]);
            if (value.Length == 0)
            {
                _cookies.Remove(name);
            }
            else
            {
                _cookies[name] = value;
            }

            SetCookies[name] = header;
        }

        return answer;
    }
}

/// <summary>What a driver throws when its server is gone.</summary>
internal sealed class GoneException : DbException
{
    public override bool IsTransient => true;
}

internal static class Content
{
    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    public static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer)
    {
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return json.RootElement.Clone();
    }
}
