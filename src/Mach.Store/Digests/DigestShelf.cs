namespace Mach.Store;

/// <summary>
/// Digests in memory, by number of the version, which no other version ever has: a digest is never stale, and what it costs to open and parse a body is spent once.
/// Who may see a version is never asked here: a view asks the store for the heads of the caller first, and looks for those alone.
/// </summary>
/// <remarks>
/// Bounded in bytes; let go when nobody asked for it during one to two <see cref="Rest"/>s, and all at once when the machine runs short of memory. Why opened bodies' words may stay
/// for that long: docs/adr/0025-digests.md.
/// </remarks>
public sealed class DigestShelf : IDisposable
{
    /// <summary>Key and places of an entry, and the object itself without its words.</summary>
    private const int EntryBytes = 240;

    /// <summary>A larger body is read anew each time: it would push out many others.</summary>
    private const int LargestBody = 32 * 1024;

    private readonly Lock _lock = new();
    private readonly long _mostBytes;
    private readonly Func<bool> _isShort;
    private readonly ITimer _timer;
    private Dictionary<Key, Entry> _young = [], _old = [];
    private long _youngBytes, _oldBytes;

    /// <param name="mostBytes">About so much memory at most; 0 = nothing is kept.</param>
    /// <param name="isShort">Whether the machine is short of memory; null = as the garbage collector sees it.</param>
    public DigestShelf(long mostBytes, TimeProvider clock, Func<bool>? isShort = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mostBytes);
        ArgumentNullException.ThrowIfNull(clock);
        (_mostBytes, _isShort) = (mostBytes, isShort ?? IsMachineShort);
        _timer = clock.CreateTimer(static shelf => ((DigestShelf)shelf!).Tick(), this, Rest, Rest);
    }

    /// <summary>What was not asked for during a whole one of these is let go.</summary>
    public static TimeSpan Rest { get; } = TimeSpan.FromMinutes(5);

    /// <summary>How many digests are kept.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _young.Count + _old.Count;
            }
        }
    }

    /// <summary>About how much memory they take: twice the body of each, since a digest holds some of its words in letters of two bytes.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
            {
                return _youngBytes + _oldBytes;
            }
        }
    }

    private readonly record struct Key(object Digest, long Seq);

    private readonly record struct Entry(object? Value, int Bytes);

    /// <summary>Lets everything go.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            (_young, _old, _youngBytes, _oldBytes) = ([], [], 0, 0);
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        Clear();
    }

    /// <summary>What is kept of these versions; the rest is named to <paramref name="missing"/>, by place.</summary>
    internal void Find<T>(Digest<T> digest, IReadOnlyList<long> seqs, T?[] found, List<int> missing) where T : class
    {
        lock (_lock)
        {
            for (var i = 0; i < seqs.Count; i++)
            {
                var key = new Key(digest, seqs[i]);
                if (_young.TryGetValue(key, out var entry))
                {
                    found[i] = (T?)entry.Value;
                }
                else if (_old.Remove(key, out entry))
                {
                    found[i] = (T?)entry.Value;
                    _oldBytes -= entry.Bytes;
                    AddYoung(key, entry);
                }
                else
                {
                    missing.Add(i);
                }
            }
        }
    }

    internal void Keep<T>(Digest<T> digest, List<(long Seq, T? Value, int BodyBytes)> read) where T : class
    {
        if (_isShort())
        {
            Clear();
            return;
        }

        lock (_lock)
        {
            foreach (var (seq, value, bytes) in read)
            {
                var entry = new Entry(value, EntryBytes + (value is null ? 0 : 2 * bytes));
                if (bytes <= LargestBody && entry.Bytes <= _mostBytes / 2 && !_young.ContainsKey(new(digest, seq)))
                {
                    AddYoung(new(digest, seq), entry);
                }
            }
        }
    }

    private void AddYoung(Key key, Entry entry)
    {
        if (_youngBytes + entry.Bytes > _mostBytes / 2)
        {
            Turn();
        }

        _young[key] = entry;
        _youngBytes += entry.Bytes;
    }

    /// <summary>What was not asked for since the last turn goes.</summary>
    private void Turn() => (_old, _oldBytes, _young, _youngBytes) = (_young, _youngBytes, [], 0);

    private void Tick()
    {
        if (_isShort())
        {
            Clear();
            return;
        }

        lock (_lock)
        {
            Turn();
        }
    }

    private static bool IsMachineShort() => GC.GetGCMemoryInfo() is var memory && memory.HighMemoryLoadThresholdBytes > 0 && memory.MemoryLoadBytes >= memory.HighMemoryLoadThresholdBytes;
}
