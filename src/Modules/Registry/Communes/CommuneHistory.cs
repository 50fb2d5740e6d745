using Mach.Contracts.Registry;
using Mach.Registry.Ledgers;
using Mach.Registry.Units;

namespace Mach.Registry.Communes;

/// <summary>The names of communes as the ledgers have them, made anew when a change was committed or the day has changed.</summary>
internal sealed class CommuneHistory(RegistryBooks books, TimeProvider clock) : ICommuneHistory
{
    /// <summary>So long nobody asks the database whether another process changed the ledgers. What this process changes counts at once.</summary>
    private const long TrustUs = 2_000_000;
    private static readonly Lazy<RegistryState> Shipped = new(Merger2025.State);

    private readonly Lock _making = new();
    private volatile Known? _known;
    private long _askedUs = long.MinValue / 2;

    public string? Today(string? code, string? address) => Names().Today(code, address);

    public string Place(string? address) => Names().Place(address);

    public IReadOnlyList<CommuneSuggestion> Suggest(string text, int count) => Names().Suggest(text, count);

    public async ValueTask RefreshAsync(CancellationToken ct)
    {
        var now = RegistryBooks.Us(clock.GetUtcNow());
        if (now - Volatile.Read(ref _askedUs) >= TrustUs)
        {
            await books.CurrentAsync(ct);
            Volatile.Write(ref _askedUs, now);
        }
    }

    /// <summary>The names by the lists that come with the program.</summary>
    public static CommuneNames OfProgram(DateOnly today) => new(MapOf(Shipped.Value), today);

    private CommuneNames Names()
    {
        var (state, today) = (books.LastRead, books.Today());
        if (_known is { } known && known.Number == state.Number && known.Today == today)
        {
            return known.Names;
        }

        lock (_making)
        {
            if (_known is not { } made || made.Number != state.Number || made.Today != today)
            {
                // Facilities and licences change more often than the map does.
                var same = _known is { } before && before.Today == today && ReferenceEquals(before.Units, state.Units) && ReferenceEquals(before.Successions, state.Successions) ? before.Names : null;
                _known = made = new Known(state.Number, today, state.Units, state.Successions, same ?? (state.Units.Of(Merger2025.Province).Count > 0 ? new CommuneNames(MapOf(state), today) : OfProgram(today)));
            }

            return made.Names;
        }
    }

    private static UnitMap MapOf(RegistryState state) => new(state.Units, state.Successions, long.MaxValue - 1);

    private sealed record Known(long Number, DateOnly Today, Ledger Units, Ledger Successions, CommuneNames Names);
}
