using System.CommandLine;
using System.Globalization;
using System.Net;
using Mach.Access;
using Mach.Demo;
using Mach.Server.Demonstration;
using Mach.Server.Hosting;

namespace Mach.Server.Commands;

/// <summary><c>mach demo</c>: a hub with demonstration sign-ins and, unless told otherwise, an invented province.</summary>
internal static class DemoCommand
{
    public static Command Build()
    {
        var (data, engine, connection, urls) = (SharedOptions.Data(), SharedOptions.Engine(), SharedOptions.Connection(), SharedOptions.Urls());
        var demo = new Option<string>("--demo") { Description = "none (sign-ins over an empty store), small (over 2,000 people) or province.", DefaultValueFactory = _ => "small" };
        demo.AcceptOnlyFromAmong("none", "small", "province");
        var people = new Option<int?>("--people") { Description = "People in the province, up to 1,300,000 (with --demo province)." };
        var expose = new Option<bool>("--expose") { Description = "Give it twice to let a demonstration listen beyond this machine; its passwords are public.", Arity = ArgumentArity.Zero };
        var origins = SharedOptions.Origins();
        var managed = new Option<DirectoryInfo?>("--managed-postgres") { Hidden = true };
        var command = new Command("demo", "Start a hub with demonstration sign-ins and data.") { data, engine, connection, urls, demo, people, expose, origins, managed };
        command.SetAction((parsed, ct) => SharedOptions.Guard(async () =>
        {
            var options = SharedOptions.Read(parsed.GetValue(data)!, parsed.GetValue(engine)!, parsed.GetValue(connection), parsed.GetValue(urls)!, demonstration: true) with { Origins = SharedOptions.ReadOrigins(parsed.GetValue(origins)!) };
            var told = parsed.Tokens.Count(t => t.Value == "--expose");
            RefuseExposure(options.Urls, told);
            return await RunAsync(options, told, parsed.GetValue(demo)!, parsed.GetValue(people), parsed.GetValue(managed), ct);
        }));
        return command;
    }

    /// <summary>A demonstration listens on the loopback address only, unless told twice.</summary>
    internal static void RefuseExposure(string urls, int told)
    {
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            {
                var wildcard = url.Contains("://*", StringComparison.Ordinal) || url.Contains("://+", StringComparison.Ordinal);
                if (!wildcard)
                {
                    throw new HubException($"'{url}' is not an address to listen on; write for example http://127.0.0.1:5080.");
                }
            }

            var loopback = uri is not null && (uri.IsLoopback || (IPAddress.TryParse(uri.Host, out var ip) && IPAddress.IsLoopback(ip)));
            if (!loopback && told < 2)
            {
                throw new HubException($"A demonstration has public passwords and listens on this machine only, so '{url}' is refused. If other machines must reach it, say --expose --expose.");
            }
        }
    }

    /// <summary>Addresses of the server's own settings (Kestrel:Endpoints, of the environment for one) would take the place of --urls.</summary>
    internal static void RefuseExposure(IConfiguration settings, int told)
    {
        foreach (var endpoint in settings.GetSection("Kestrel:Endpoints").GetChildren())
        {
            RefuseExposure(endpoint["Url"] ?? "", told);
        }
    }

    private static async Task<int> RunAsync(HubOptions options, int told, string demo, int? people, DirectoryInfo? managed, CancellationToken ct)
    {
        var file = Path.Combine(options.Data, "demo.json");
        File.Delete(file);
        var store = await Hub.OpenStoreAsync(options, ct);
        await using var app = Hub.Build(options, store);
        RefuseExposure(app.Configuration, told);
        var accounts = app.Services.GetRequiredService<Accounts>();
        await DemoAccounts.RefuseRealUseAsync(accounts, ct);
        if (managed is not null)
        {
            app.Lifetime.ApplicationStopped.Register(() => ManagedPostgres.Stop(managed.FullName));
        }

        await HubRunner.StartAsync(app, ct);
        var state = app.Services.GetRequiredService<HubState>();
        await DemoAccounts.EnsureAsync(accounts, ct);
        var province = demo == "none" ? null : await LoadAsync(app, state, demo, people, ct);
        await ActivatorUtilities.CreateInstance<DemoPosts>(app.Services).EnsureAsync(province, ct);

        var description = DemoAccounts.Describe(HubRunner.Address(app));
        await DemoAccounts.WriteAsync(description, file, ct);
        state.Preparing = null;
        await DemoAccounts.PrintAsync(description, Console.Out);
        await app.WaitForShutdownAsync(ct);
        return 0;
    }

    private static async Task<Province> LoadAsync(WebApplication app, HubState state, string demo, int? people, CancellationToken ct)
    {
        var line = new ProgressLine(Console.Out);
        var loader = ActivatorUtilities.CreateInstance<DemoLoader>(app.Services);
        var province = await loader.LoadAsync(
            demo == "small" ? DemoSize.Small : DemoSize.Province,
            people,
            (done, total) =>
            {
                state.Preparing = string.Create(CultureInfo.InvariantCulture, $"demonstration province: {done} of {total} visits");
                line.Show("Preparing the demonstration province (visits)", done, total);
            },
            ct);
        line.End();
        return province;
    }
}
