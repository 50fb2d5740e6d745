using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Mach.Access;
using Mach.Data;
using Mach.Demo;
using Mach.Intake;
using Mach.Server.Demonstration;
using Mach.Server.Hosting;
using Mach.Testing;
using Mach.Vietnam.Bhyt;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Server.Tests.Attacks;

/// <summary>A hub with every room, listening, with the demonstration's sign-ins and a few dossiers whose texts are hostile.</summary>
internal sealed class AttackedHub : IAsyncDisposable
{
    private static readonly DateOnly Today = new(2026, 6, 30);
    private readonly TestDb? _database;

    private AttackedHub(WebApplication app, TestDb? database) => (App, _database, Address) = (app, database, new Uri(HubRunner.Address(app)));

    public WebApplication App { get; }
    public Uri Address { get; }
    public DemoFile Demo => DemoAccounts.Describe(Address.ToString().TrimEnd('/'));

    public static async Task<AttackedHub> StartAsync(DbEngine engine, Func<HubOptions, HubOptions>? change = null)
    {
        var database = engine == DbEngine.Postgres ? await TestDb.CreateAsync(engine) : null;
        var options = new HubOptions { Data = Directory.CreateTempSubdirectory("mach-attack-").FullName, Engine = engine, Connection = database?.Location, Urls = "http://127.0.0.1:0" };
        options = change?.Invoke(options) ?? options;
        var app = Hub.Build(options, await Hub.OpenStoreAsync(options, CancellationToken.None));
        await HubRunner.StartAsync(app, CancellationToken.None);
        await DemoAccounts.EnsureAsync(app.Services.GetRequiredService<Accounts>(), default);
        app.Services.GetRequiredService<HubState>().Preparing = null;
        return new AttackedHub(app, database);
    }

    /// <summary>Takes twelve dossiers: in every second one each text is hostile, in the others names and addresses are.</summary>
    public async Task TakeAsync(string hostile)
    {
        var intake = App.Services.GetRequiredService<IntakeService>();
        var dossiers = new Province(1_000, today: Today).Dossiers().Where(d => !d.IsCheckIn).Take(12).ToList();
        for (var i = 0; i < dossiers.Count; i++)
        {
            foreach (var row in dossiers[i].Tables.SelectMany(t => t.Rows))
            {
                foreach (var field in row.Table.Fields.Where(f => f.Form == BhytForm.Text && row.Get(f.Name) is not null && f.Name is not "MA_LK" && (i % 2 == 0 || f.Name is "HO_TEN" or "DIA_CHI")))
                {
                    row[field.Name] += hostile;
                }
            }
        }

        foreach (var facility in dossiers.GroupBy(d => d.FacilityCode))
        {
            using var bytes = new MemoryStream();
            EnvelopeWriter.Write(bytes, facility.Key, Today, [.. facility]);
            bytes.Position = 0;
            await intake.TakeAsync(bytes, new IntakeSource("page", "dulieu", null, hostile + ".xml"), null, default);
        }
    }

    public DemoUser User(string role) => Demo.Users.First(u => u.Role == role);

    /// <summary>A program that may read and write everything.</summary>
    public async Task<HttpClient> ProgramAsync()
    {
        var program = new HttpClient { BaseAddress = Address };
        using var grant = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = Demo.Client.Id, ["client_secret"] = Demo.Client.Secret });
        var granted = await (await program.PostAsync("/oauth/token", grant)).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", granted.GetProperty("access_token").GetString());
        return program;
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }
}

/// <summary>One hub for the tests of a class that leave it as it was.</summary>
public sealed class SharedHub : IAsyncLifetime
{
    internal AttackedHub Hub { get; private set; } = null!;

    public async Task InitializeAsync() => Hub = await AttackedHub.StartAsync(DbEngine.Sqlite);

    public async Task DisposeAsync() => await Hub.DisposeAsync();
}
