using System.IO.Compression;
using System.Reflection;
using Mach.Access;
using Mach.Care;
using Mach.Chart;
using Mach.Data;
using Mach.Fhir.Labels;
using Mach.FhirApi;
using Mach.Indicators;
using Mach.Intake;
using Mach.People;
using Mach.Registry;
using Mach.Store;
using Mach.Trust;
using Mach.Ui;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.ResponseCompression;

namespace Mach.Server.Hosting;

/// <summary>Puts the rooms together into one web application. The only place that knows all of them.</summary>
internal static class Hub
{
    /// <summary>Rooms with tables of their own, in the order of their migrations.</summary>
    private static readonly (string Name, Assembly Assembly)[] Migrated =
    [
        ("server", typeof(Hub).Assembly),
        ("access", typeof(AccessModule).Assembly),
        ("registry", typeof(RegistryModule).Assembly),
        ("people", typeof(PeopleModule).Assembly),
        ("intake", typeof(IntakeModule).Assembly),
        ("care", typeof(CareModule).Assembly),
        ("indicators", typeof(IndicatorsModule).Assembly),
    ];

    /// <summary>Opens the database, brings it up to date and opens the record store.</summary>
    /// <exception cref="HubException">The database cannot be reached, or was written with another secret or sealed with another key.</exception>
    public static Task<RecordStore> OpenStoreAsync(HubOptions options, CancellationToken ct) => OpenStoreAsync(options, TimeProvider.System, ct);

    /// <inheritdoc cref="OpenStoreAsync(HubOptions, CancellationToken)"/>
    public static async Task<RecordStore> OpenStoreAsync(HubOptions options, TimeProvider clock, CancellationToken ct)
    {
        OwnFolder(options.Data);
        OwnFolder(options.KeyFolder);
        OwnFolder(options.SpoolFolder);
        UseWords(options.WordsFile);
        var db = options.Engine == DbEngine.Postgres
            ? Db.OpenPostgres(options.Connection!)
            : Db.OpenSqlite(options.SqliteFile);
        try
        {
            var store = await RecordStore.OpenAsync(db, new StoreOptions(options.SecretFile, Vault: VaultSettings.Open(options), SecondWall: options.SecondWall), clock, ct);
            foreach (var (name, assembly) in Migrated)
            {
                await db.MigrateAsync(name, assembly, ct);
            }

            return store;
        }
        catch (Exception e) when (e is System.Data.Common.DbException or InvalidOperationException or IOException)
        {
            await db.DisposeAsync();
            throw new HubException($"The database could not be opened: {e.Message}");
        }
    }

    /// <summary>The application, ready to start. Takes ownership of the store.</summary>
    /// <param name="clock">Null = the machine's.</param>
    public static WebApplication Build(HubOptions options, RecordStore store, TimeProvider? clock = null)
    {
        // Whatever the machine's environment says: pages of errors for developers show what lies inside.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "mach", ContentRootPath = AppContext.BaseDirectory, EnvironmentName = Environments.Production });
        builder.WebHost.UseUrls(options.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Doorway.Limit(builder);
        if (options.MutualTls is { } mutual)
        {
            builder.WebHost.UseUrls().ConfigureKestrel(kestrel => mutual.Listen(kestrel, options.Urls));
        }

        if (options.MutualTls is not null || options.Urls.Contains("https:", StringComparison.OrdinalIgnoreCase))
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        builder.Logging.ClearProviders();
        if (options.JsonLog)
        {
            builder.Logging.AddJsonConsole(console =>
            {
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";
            });
        }
        else
        {
            builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        }

        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        // The keys of the cookies lie in the data folder, readable by the hub's user; docs/operations says so once, the log need not at every start.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        AddServices(builder.Services, options, store, clock ?? TimeProvider.System);

        var app = builder.Build();
        app.Lifetime.ApplicationStopped.Register(() => store.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(10)));
        Doorway.Use(app);
        app.UseResponseCompression();
        app.UseFhirApi();
        app.UseUi();
        app.UseRouting();
        app.UseAccess();
        MapRoutes(app);
        return app;
    }

    /// <summary>A new folder is its owner's alone; one that is there stays as somebody made it.</summary>
    internal static void OwnFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>The house's own table of delicate words, where it has one. The record is opened after this, and labelled anew when the table is another than before.</summary>
    private static void UseWords(string file)
    {
        try
        {
            if (File.Exists(file))
            {
                Sensitivity.Use(SensitiveWords.Parse(File.ReadAllText(file)));
            }
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new HubException($"{file} cannot be read: {e.Message}");
        }
    }

    private static void AddServices(IServiceCollection services, HubOptions options, RecordStore store, TimeProvider clock)
    {
        services.AddSingleton(options).AddSingleton<HubState>().AddSingleton<ServerMemory>();
        services.AddSingleton(store.Db).AddSingleton(store).AddSingleton(clock);
        services.AddDataProtection().SetApplicationName("mach").PersistKeysToFileSystem(new DirectoryInfo(options.KeyFolder));
        services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            compression.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, "application/fhir+json", "image/svg+xml"];
        });
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
        var access = SignInSettings.Read(options.SignInFile);
        Doorway.AddServices(services, options, access);
        access = access with { AuditFolder = options.AuditFolder, Looks = LookSettings.Read(options.LooksFile), KeyFolder = options.KeyFolder, IsSecure = Doorway.IsSecure(options, access) };
        services.AddAccess(options.MutualTls?.In(access) ?? access);
        services.AddUi();
        services.AddFhirApi(new FhirApiOptions { Origins = options.Origins, AllowLoopbackOrigins = options.IsDemonstration });
        services.AddRegistry();
        services.AddPeople();
        services.AddIntake(new IntakeOptions(options.SpoolFolder));
        services.AddChart(options.DigestMb);
        services.AddCare();
        services.AddIndicators(new IndicatorsOptions { Waits = provider => provider.GetRequiredService<HubState>().Preparing is not null });
        services.AddTrust();
        services.AddHostedService<SealingService>();
        services.AddHostedService<StartGarbage>();
        services.AddHostedService(p => new ClockWatch(MachineClock.IsSynchronized, p.GetRequiredService<ILogger<ClockWatch>>()));
    }

    private static void MapRoutes(WebApplication app)
    {
        app.MapHealth();
        app.MapUi();
        app.MapAccess();
        app.MapFhirApi();
        app.MapRegistry();
        app.MapPeople();
        app.MapIntake();
        app.MapChart();
        app.MapCare();
        app.MapIndicators();
        app.MapTrust();
    }
}
