using System.Collections.Concurrent;

namespace Mach.Access.SignIn;

/// <summary>
/// Makes guessing slow without locking anybody out: failures count per account and place (the browser where the account has used it
/// before, else the network address), so that a stranger's guesses never delay the owner. After 5 failures the next try waits 1 s, then 2 s, 4 s … up to 15 minutes.
/// </summary>
internal sealed class Throttle(TimeProvider clock)
{
    private const int Free = 5;
    private const int MaxEntries = 50_000;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);
    private readonly ConcurrentDictionary<(string Name, string Address), Entry> _entries = new();

    /// <summary>How long to wait before the next try is looked at; zero when it may be now.</summary>
    public TimeSpan Wait(string name, string address)
    {
        if (!_entries.TryGetValue((name, address), out var entry))
        {
            return TimeSpan.Zero;
        }

        var wait = entry.Until - clock.GetUtcNow();
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    /// <returns>True when this failure is the first of a row that makes the next try wait.</returns>
    public bool Failed(string name, string address)
    {
        var now = clock.GetUtcNow();
        Trim(now);
        var entry = _entries.AddOrUpdate((name, address), _ => new Entry(1, now), (_, former) =>
        {
            var failures = Forgotten(former, now) ? 1 : former.Failures + 1;
            return new Entry(failures, now + Delay(failures));
        });
        return entry.Failures == Free;
    }

    public void Succeeded(string name, string address) => _entries.TryRemove((name, address), out _);

    private static TimeSpan Delay(int failures)
    {
        if (failures < Free)
        {
            return TimeSpan.Zero;
        }

        var delay = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(failures - Free, 20)));
        return delay < Longest ? delay : Longest;
    }

    private static bool Forgotten(Entry entry, DateTimeOffset now) => entry.Until + Longest < now;

    private void Trim(DateTimeOffset now)
    {
        if (_entries.Count < MaxEntries)
        {
            return;
        }

        foreach (var (key, entry) in _entries)
        {
            if (Forgotten(entry, now))
            {
                _entries.TryRemove(key, out _);
            }
        }

        // Still full: this is an attack from very many addresses. Starting anew keeps memory bounded; the rate limit by address goes on.
        if (_entries.Count >= MaxEntries)
        {
            _entries.Clear();
        }
    }

    private readonly record struct Entry(int Failures, DateTimeOffset Until);
}
