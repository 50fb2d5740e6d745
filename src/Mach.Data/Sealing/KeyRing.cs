using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Mach.Data.Sealing;

/// <summary>
/// The data keys of one database: AES-256-GCM over what lies in its columns. Every sealed value names its key by number and is bound to its place,
/// so that a value that was moved to another row opens as little as one that was changed. Empty until the record store has opened it; without a key nothing is sealed.
/// </summary>
/// <remarks>Nonces are random (NIST SP 800-38D §8.2.2), so a key is to be used fewer than 2^32 times (§8.3); see <see cref="MostUses"/>.</remarks>
public sealed class KeyRing : IDisposable
{
    /// <summary>Bytes that sealing adds: key number, nonce, tag.</summary>
    public const int Overhead = NumberBytes + NonceBytes + TagBytes;

    /// <summary>A new data key is made before one has sealed so many values; a quarter of what is allowed, since columns of modules are not counted.</summary>
    public const long MostUses = 1L << 30;

    /// <summary>First byte of a sealed value in a module's column; plain ones must not begin with it.</summary>
    private const byte Mark = 0xE5;
    private const int NumberBytes = 4, NonceBytes = 12, TagBytes = 16, KeyBytes = 32;

    private readonly Lock _gate = new();
    private volatile IReadOnlyDictionary<int, DataKey> _keys = new Dictionary<int, DataKey>();
    private volatile int _active;
    private Func<IReadOnlyList<(int Number, byte[] Key)>>? _load;

    /// <summary>Number of the key that new values are sealed with; 0 = they are not sealed.</summary>
    public int Active => _active;

    /// <summary>Takes keys up, and says how to read those that another process has made since.</summary>
    /// <param name="keys">32 bytes each, numbered from 1; the greatest number seals.</param>
    public void Use(IReadOnlyList<(int Number, byte[] Key)> keys, Func<IReadOnlyList<(int Number, byte[] Key)>> load)
    {
        ArgumentNullException.ThrowIfNull(keys);
        lock (_gate)
        {
            _load = load;
            var all = new Dictionary<int, DataKey>(_keys);
            foreach (var (number, key) in keys)
            {
                if (!all.ContainsKey(number))
                {
                    all.Add(number, new DataKey(number, key));
                }

                _active = Math.Max(_active, number);
            }

            _keys = all;
        }
    }

    /// <summary>Seals with this key from now on; reads it when another process has made it.</summary>
    public void Activate(int number)
    {
        if (number > _active)
        {
            Find(number);
        }
    }

    /// <summary>Seals a value of a module's column; as it is when this database has no keys.</summary>
    /// <param name="place">Table, column and primary key: the same when it is opened.</param>
    public byte[] Seal(string place, byte[] value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (_active == 0)
        {
            return value;
        }

        var target = new byte[1 + Overhead + value.Length];
        target[0] = Mark;
        Seal(_active, Encoding.UTF8.GetBytes(place), value, target.AsSpan(1));
        return target;
    }

    /// <summary>Opens a value of a module's column; one that was never sealed is given as it is.</summary>
    /// <exception cref="InvalidDataException">Changed, moved from another place, or sealed with a key that this database does not have.</exception>
    public byte[] Open(string place, byte[] value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (!IsSealed(value))
        {
            return value;
        }

        var opened = new byte[value.Length - 1 - Overhead];
        Open(Encoding.UTF8.GetBytes(place), value.AsSpan(1), opened);
        return opened;
    }

    /// <summary>Whether a value of a module's column lies under the key that seals now.</summary>
    public bool IsCurrent(byte[] value) => _active == 0 || (IsSealed(value) && NumberOf(value.AsSpan(1)) == _active);

    /// <summary>Seals into <paramref name="target"/>, which is <see cref="Overhead"/> bytes longer.</summary>
    public void Seal(int number, ReadOnlySpan<byte> place, ReadOnlySpan<byte> value, Span<byte> target)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target, number);
        var nonce = target.Slice(NumberBytes, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        var text = target.Slice(NumberBytes + NonceBytes, value.Length);
        Find(number).Cipher.Encrypt(nonce, value, text, target.Slice(NumberBytes + NonceBytes + value.Length, TagBytes), place);
    }

    /// <summary>Opens into <paramref name="target"/>, which is <see cref="Overhead"/> bytes shorter.</summary>
    /// <exception cref="InvalidDataException">Changed, moved from another place, or sealed with a key that this database does not have.</exception>
    public void Open(ReadOnlySpan<byte> place, ReadOnlySpan<byte> sealedValue, Span<byte> target)
    {
        if (sealedValue.Length < Overhead || target.Length != sealedValue.Length - Overhead)
        {
            throw new InvalidDataException("Dữ liệu mã hóa bị cắt cụt / a sealed value is shorter than its own header.");
        }

        var number = NumberOf(sealedValue);
        var rest = sealedValue[NumberBytes..];
        try
        {
            Find(number).Cipher.Decrypt(rest[..NonceBytes], rest[NonceBytes..^TagBytes], rest[^TagBytes..], target, place);
        }
        catch (CryptographicException e)
        {
            throw new InvalidDataException($"Dữ liệu không mở được bằng khóa {number}: đã bị sửa hoặc chuyển từ chỗ khác / a value does not open with data key {number}: it was changed, or moved from another place.", e);
        }
    }

    /// <summary>Number of the key that a sealed value names.</summary>
    public static int NumberOf(ReadOnlySpan<byte> sealedValue) => BinaryPrimitives.ReadInt32LittleEndian(sealedValue);

    public void Dispose()
    {
        foreach (var key in _keys.Values)
        {
            key.Dispose();
        }
    }

    private static bool IsSealed(byte[] value) => value.Length > Overhead && value[0] == Mark;

    private DataKey Find(int number)
    {
        if (_keys.TryGetValue(number, out var key))
        {
            return key;
        }

        // Once for each rotation that another process has made: rare enough to wait for.
        if (number > _active && _load is { } load)
        {
            Use(load(), load);
        }

        return _keys.TryGetValue(number, out key) ? key : throw new InvalidDataException($"Thiếu khóa dữ liệu {number} / data key {number} is not among the keys of this database.");
    }

    /// <summary>One cipher a thread: its context is not to be shared.</summary>
    private sealed class DataKey(int number, byte[] key) : IDisposable
    {
        private readonly ThreadLocal<AesGcm> _cipher = new(
            () => key.Length == KeyBytes ? new AesGcm(key, TagBytes) : throw new InvalidDataException($"Data key {number} has {key.Length} bytes."), trackAllValues: true);

        public AesGcm Cipher => _cipher.Value!;

        public void Dispose()
        {
            foreach (var cipher in _cipher.Values)
            {
                cipher.Dispose();
            }

            _cipher.Dispose();
        }
    }
}
