using System.Collections.Concurrent;
using Mach.Contracts.Registry;
using Mach.Registry.Facilities;
using Mach.Registry.Ledgers;
using Microsoft.Extensions.Hosting;

namespace Mach.Registry.Units;

/// <summary>The maps of the province by moment of knowledge. The lists that come with the program are put into the ledgers at first need, or soon after the start.</summary>
internal sealed class UnitRegistry(RegistryBooks books, FacilityDirectory facilities) : IUnits, IStationNetwork, IHostedLifecycleService, IDisposable
{
    private const int MostKept = 8;
    private const string Program = "mach";
    private readonly ConcurrentDictionary<(long Number, long KnownAt), Lazy<UnitMap>> _maps = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _starting = Task.CompletedTask;
    private volatile bool _seeded;

    public async ValueTask<IUnitMap> AsKnownAsync(DateTimeOffset? knownAt, CancellationToken ct) => await MapAsync(knownAt, ct);

    public async Task<UnitMap> MapAsync(DateTimeOffset? knownAt, CancellationToken ct)
    {
        await SeedAsync(ct);
        var state = await books.CurrentAsync(ct);
        var at = knownAt is { } moment ? RegistryBooks.Us(moment) : long.MaxValue - 1;
        if (_maps.Count > MostKept)
        {
            _maps.Clear();
        }

        return _maps.GetOrAdd((state.Number, at), _ => new Lazy<UnitMap>(() => new UnitMap(state.Units, state.Successions, at, state.Facilities))).Value;
    }

    /// <summary>The invented networks; see <see cref="StationNetwork"/> and <see cref="Networks.DemoNetworks"/>, which needs the facilities to be there.</summary>
    public async Task LoadDemonstrationAsync(CancellationToken ct)
    {
        await SeedAsync(ct);
        await books.ChangeAsync(new ChangeNote("seed", "demo", "Mạng lưới trạm y tế minh họa", "network:stations", AtUs: RegistryBooks.Us(StationNetwork.Known)), draft => StationNetwork.State(draft), ct);
        await books.ChangeAsync(new ChangeNote("seed", "demo", "Mạng lưới vệ tinh và BHXH minh họa", "network:facilities"), Networks.DemoNetworks.State, ct);
    }

    /// <summary>Puts the map of 2025 into the ledgers once. Later starts state the same again, which changes nothing unless the program brings something new.</summary>
    public async Task SeedAsync(CancellationToken ct)
    {
        if (_seeded)
        {
            return;
        }

        if ((await books.CurrentAsync(ct)).Units.Of(Merger2025.Province).Count == 0)
        {
            await books.ChangeAsync(
                new ChangeNote("seed", Program, "Bản đồ hành chính đến 30/06/2025", "map:before-2025-07", AtUs: 0),
                draft =>
                {
                    if (draft.State.Units.Of(Merger2025.Province).Count == 0)
                    {
                        Merger2025.StateBefore(draft.Units);
                    }
                },
                ct);
            await books.ChangeAsync(
                new ChangeNote("seed", Program, "202/2025/QH15, 1676/NQ-UBTVQH15", "map:2025-07", AtUs: RegistryBooks.Us(Merger2025.Published)),
                draft =>
                {
                    if (draft.State.Units.Of(Merger2025.Province).Count == 0)
                    {
                        Merger2025.StateMerger(draft.Units, draft.Successions);
                    }
                },
                ct);
        }

        _seeded = true;
    }

    /// <summary>Seeds when everything has started, so that nobody waits for it.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _starting = Task.Run(
            async () =>
            {
                await SeedAsync(_stop.Token);
                await facilities.StateRowsAsync(_stop.Token);
            },
            _stop.Token);
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _starting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stop.Dispose();
}
