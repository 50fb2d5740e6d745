using Mach.Data;
using Mach.Registry.Ledgers;
using Mach.Registry.Units;
using Mach.Store;
using Mach.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Registry.Tests;

/// <summary>The registry over a fresh database.</summary>
internal sealed class RegistryHost : IAsyncDisposable
{
    private RegistryHost(TestDb database, RecordStore store, ServiceProvider services) => (Database, Store, Services) = (database, store, services);

    public TestDb Database { get; }

    public RecordStore Store { get; }

    public ServiceProvider Services { get; }

    public RegistryBooks Books => Services.GetRequiredService<RegistryBooks>();

    public UnitRegistry Units => Services.GetRequiredService<UnitRegistry>();

    public T Get<T>() where T : notnull => Services.GetRequiredService<T>();

    public static async Task<RegistryHost> StartAsync(DbEngine engine)
    {
        var database = await TestDb.CreateAsync(engine);
        database.Clock.Now = new DateTimeOffset(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);
        var store = await database.OpenStoreAsync();
        await database.Db.MigrateAsync("registry", typeof(RegistryModule).Assembly, default);
        return new(database, store, Provide(database, store));
    }

    /// <summary>The registry as another process on the same database would have it.</summary>
    public async Task<ServiceProvider> AnotherAsync() => Provide(Database, await Database.OpenStoreAsync(Database.OpenAnother()));

    public Task<Change?> StateAsync(params Statement[] statements) => Books.ChangeAsync(new ChangeNote("edit", "an", "thử", "test"), draft =>
    {
        foreach (var statement in statements)
        {
            draft.Units.State(statement);
        }
    }, default);

    public async ValueTask DisposeAsync()
    {
        await Services.DisposeAsync();
        await Database.DisposeAsync();
    }

    private static ServiceProvider Provide(TestDb database, RecordStore store)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(store.Db).AddSingleton(store).AddSingleton<TimeProvider>(database.Clock);
        services.AddRegistry();
        return services.BuildServiceProvider();
    }
}
