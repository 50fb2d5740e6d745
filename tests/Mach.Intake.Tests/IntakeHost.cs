using System.Text;
using Mach.Contracts.Registry;
using Mach.Data;
using Mach.Intake.Filing;
using Mach.Kernel;
using Mach.People;
using Mach.Registry;
using Mach.Store;
using Mach.Testing;
using Mach.Vietnam.Bhyt;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Intake.Tests;

/// <summary>Registry, people and intake over a fresh database.</summary>
internal sealed class IntakeHost : IAsyncDisposable
{
    private readonly TestDb _db;

    private IntakeHost(TestDb db, RecordStore store, ServiceProvider services) => (_db, Store, Services) = (db, store, services);

    public RecordStore Store { get; }

    public ServiceProvider Services { get; }

    public IntakeService Intake => Services.GetRequiredService<IntakeService>();

    public IFacilityDirectory Facilities => Services.GetRequiredService<IFacilityDirectory>();

    public TestDb Database => _db;

    public static async Task<IntakeHost> StartAsync(DbEngine engine, EnvelopeLimits? limits = null)
    {
        var db = await TestDb.CreateAsync(engine);
        var store = await db.OpenStoreAsync();
        foreach (var (name, module) in new[] { ("registry", typeof(RegistryModule)), ("people", typeof(PeopleModule)), ("intake", typeof(IntakeModule)) })
        {
            await db.Db.MigrateAsync(name, module.Assembly, default);
        }

        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(db.Db).AddSingleton(store).AddSingleton(TimeProvider.System);
        services.AddRegistry();
        services.AddPeople();
        services.AddIntake(new IntakeOptions(Path.Combine(Path.GetTempPath(), "mach-spool-" + Environment.ProcessId)) { Limits = limits ?? new EnvelopeLimits() });
        return new IntakeHost(db, store, services.BuildServiceProvider());
    }

    public Task<Receipt> TakeAsync(byte[] envelope, string? bound = null) =>
        Intake.TakeAsync(new MemoryStream(envelope), new IntakeSource("test", "tester", bound, "test.xml"), null, CancellationToken.None);

    public Task<Receipt> TakeAsync(params Dossier[] dossiers) => TakeAsync(Samples.Envelope(dossiers));

    public async Task<IReadOnlyDictionary<string, VersionFacts>> VersionsAsync(params Dossier[] dossiers)
    {
        var rows = await Versions.LatestAsync(_db.Db, dossiers.Select(d => Ids.Derive(d.FacilityCode, d.MaLk)), default);
        return rows.ToDictionary(r => r.Key, r => new VersionFacts(r.Value.Patient, (int)r.Value.Version));
    }

    public async Task<VersionFacts> VersionAsync(Dossier dossier) => (await VersionsAsync(dossier)).Values.Single();

    public async Task IsCleanAsync()
    {
        var report = await Store.VerifyAsync(null, default);
        Assert.Empty(report.Problems);
    }

    public async Task<string> PatientAsync(string id) => Encoding.UTF8.GetString((await Store.ReadAsync("Patient", id, default))!.Body.Span);

    public async ValueTask DisposeAsync()
    {
        await Services.DisposeAsync();
        await _db.DisposeAsync();
    }
}

/// <summary>Where a dossier is filed, and in which version.</summary>
internal sealed record VersionFacts(string Patient, int Version);
