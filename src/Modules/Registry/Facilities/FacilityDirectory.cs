using System.Collections.Concurrent;
using Dapper;
using Mach.Contracts.Registry;
using Mach.Store;
using Microsoft.Extensions.Hosting;

namespace Mach.Registry.Facilities;

/// <summary>The facilities in memory, loaded at start; every change is one commit of row and Organization.</summary>
internal sealed class FacilityDirectory(RecordStore store, TimeProvider clock) : IFacilityDirectory, IHostedService, IDisposable
{
    private const int PerCommit = 200;
    private readonly ConcurrentDictionary<string, Facility> _byCode = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile bool _loaded;

    public IReadOnlyList<Facility> All => [.. _byCode.Values.OrderBy(f => f.Code, StringComparer.Ordinal)];

    public Facility? Find(string code) => _byCode.TryGetValue(code, out var facility) ? facility : null;

    public Task StartAsync(CancellationToken cancellationToken) => LoadAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Reads all rows again; another process may have added some.</summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        await using var connection = await store.Db.OpenAsync(ct);
        foreach (var row in await connection.QueryAsync<FacilityRow>(new CommandDefinition(SelectAll, cancellationToken: ct)))
        {
            _byCode[row.Code] = row.ToFacility();
        }

        _loaded = true;
    }

    public async ValueTask<Facility> EnsureAsync(string code, CancellationToken ct)
    {
        if (!FacilityCode.IsValid(code))
        {
            throw new ArgumentException($"'{code}' is no facility code: 5 letters or digits.", nameof(code));
        }

        if (_byCode.TryGetValue(code, out var known))
        {
            return known;
        }

        await _gate.WaitAsync(ct);
        try
        {
            if (!_loaded)
            {
                await LoadAsync(ct);
            }

            return _byCode.TryGetValue(code, out known) ? known : await AddProvisionalAsync(code, ct);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task PutAsync(IReadOnlyList<Facility> facilities, CancellationToken ct)
    {
        foreach (var chunk in facilities.Chunk(PerCommit))
        {
            await WriteAsync(chunk, "registry", expected: null, ct);
        }
    }

    /// <summary>Writes what a data officer decided about one facility.</summary>
    public Task DecideAsync(Facility facility, string officer, CancellationToken ct) => WriteAsync([facility], officer, expected: null, ct);

    private async Task<Facility> AddProvisionalAsync(string code, CancellationToken ct)
    {
        var provisional = new Facility { Code = code, Name = $"Cơ sở {code}", Status = FacilityStatus.Provisional };
        try
        {
            await WriteAsync([provisional], "intake", expected: 0, ct);
            return provisional;
        }
        catch (CommitConflictException)
        {
            // Another process on the same database was first: what it wrote counts.
            await LoadAsync(ct);
            return Find(code) ?? throw new InvalidOperationException($"The Organization of facility {code} exists without its registry row.");
        }
    }

    private async Task WriteAsync(IReadOnlyList<Facility> facilities, string actor, int? expected, CancellationToken ct)
    {
        await store.CommitAsync(
            new Commit
            {
                Writes = [.. facilities.Select(f => new Write(WriteKind.Put, "Organization", f.OrganizationId, OrganizationBody.Write(f), expected))],
                Actor = actor,
                Rows = [FacilityRow.ToTable(facilities, clock.GetUtcNow().UtcTicks / 10 - UnixEpochUs, actor)],
            },
            ct);
        foreach (var facility in facilities)
        {
            _byCode[facility.Code] = facility;
        }
    }

    public void Dispose() => _gate.Dispose();

    private static readonly long UnixEpochUs = DateTimeOffset.UnixEpoch.UtcTicks / 10;

    private const string SelectAll = $"SELECT {FacilityRow.Columns} FROM reg_facility";
}
