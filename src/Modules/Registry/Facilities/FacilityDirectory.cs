using System.Collections.Concurrent;
using System.Globalization;
using Dapper;
using Mach.Contracts.Registry;
using Mach.Registry.Ledgers;
using Mach.Store;
using Microsoft.Extensions.Hosting;

namespace Mach.Registry.Facilities;

/// <summary>The facilities as they are now, in memory, loaded at start; every change goes through the ledgers, which keep the row and the resources with it.</summary>
internal sealed class FacilityDirectory(RecordStore store, RegistryBooks books) : IFacilityDirectory, IFacilityMeans, IHostedService, IDisposable
{
    private const int PerCommit = 200;
    /// <summary>Each has a resource for every service.</summary>
    private const int MeansPerCommit = 20;
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
            await WriteAsync(chunk, "registry", onlyNew: false, ct);
        }
    }

    public async ValueTask<IReadOnlyDictionary<string, long>> BedDaysAsync(bool planned, DateOnly from, DateOnly to, CancellationToken ct)
    {
        var (ledger, aspect, end) = ((await books.CurrentAsync(ct)).Facilities, planned ? FacilityAspects.BedsPlanned : FacilityAspects.BedsReal, to.AddDays(1));
        var sums = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var facility in ledger.Subjects)
        {
            var known = ledger.Of(facility).Where(f => f.IsOpen && f.Overlaps(from, end)).ToList();
            var open = known.Where(f => f.Aspect == FacilityAspects.Open).ToList();
            long Days(Fact beds) => open.Sum(o => (long)Math.Max(0, Least(beds.To, o.To, end) - Most(beds.From, o.From, from)));
            if (known.Where(f => f.Aspect == aspect).Sum(f => Days(f) * int.Parse(f.Value, CultureInfo.InvariantCulture)) is > 0 and var sum)
            {
                sums[facility] = sum;
            }
        }

        return sums;

        static int Least(DateOnly a, DateOnly b, DateOnly c) => Math.Min(a.DayNumber, Math.Min(b.DayNumber, c.DayNumber));
        static int Most(DateOnly a, DateOnly b, DateOnly c) => Math.Max(a.DayNumber, Math.Max(b.DayNumber, c.DayNumber));
    }

    public async Task PutAsync(IReadOnlyList<FacilityMeans> means, CancellationToken ct)
    {
        foreach (var chunk in means.Chunk(MeansPerCommit))
        {
            await books.ChangeAsync(
                new ChangeNote("edit", "registry", "", "facilities"),
                draft =>
                {
                    foreach (var facility in chunk.Where(f => draft.State.Facilities.Of(f.Code).Count > 0))
                    {
                        FacilityStatements.State(draft.Facilities, facility);
                    }
                },
                ct);
        }
    }

    /// <summary>States the facilities of a database that is older than the ledgers: rows of which no fact is known.</summary>
    public async Task StateRowsAsync(CancellationToken ct)
    {
        var known = (await books.CurrentAsync(ct)).Facilities;
        foreach (var chunk in All.Where(f => known.Of(f.Code).Count == 0).Chunk(PerCommit))
        {
            await WriteAsync(chunk, "registry", onlyNew: true, ct);
        }
    }

    /// <summary>Writes what a data officer decided about one facility.</summary>
    /// <returns>What somebody else made of it since the officer's form was shown: then nothing is written. Null = done.</returns>
    public async Task<Fact?> DecideAsync(FacilityDecision decision, string officer, CancellationToken ct)
    {
        Fact? between = null;
        await books.ChangeAsync(
            new ChangeNote("edit", officer, "", "facility:" + decision.Code),
            draft =>
            {
                between = decision.ChangedSince(draft.State.Facilities, books.Today());
                if (between is null)
                {
                    FacilityStatements.State(draft.Facilities, decision.Over(draft.State.Facilities, books.Today()), books.Today());
                }
            },
            ct);
        await LoadAsync(ct);
        return between;
    }

    private async Task<Facility> AddProvisionalAsync(string code, CancellationToken ct)
    {
        await WriteAsync([new Facility { Code = code, Name = $"Cơ sở {code}", Status = FacilityStatus.Provisional }], "intake", onlyNew: true, ct);
        return Find(code) ?? throw new InvalidOperationException($"The facility {code} was written and is not there.");
    }

    private async Task WriteAsync(Facility[] facilities, string actor, bool onlyNew, CancellationToken ct)
    {
        await books.ChangeAsync(
            new ChangeNote("edit", actor, "", facilities.Length == 1 ? "facility:" + facilities[0].Code : "facilities"),
            draft =>
            {
                foreach (var facility in facilities.Where(f => !onlyNew || draft.State.Facilities.Of(f.Code).Count == 0))
                {
                    FacilityStatements.State(draft.Facilities, facility, books.Today());
                }
            },
            ct);
        await LoadAsync(ct);
    }

    public void Dispose() => _gate.Dispose();

    private const string SelectAll = $"SELECT {FacilityRow.Columns} FROM reg_facility";
}
