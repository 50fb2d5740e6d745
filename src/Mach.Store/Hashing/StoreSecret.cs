using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Mach.Store.Sealing;

namespace Mach.Store.Hashing;

/// <summary>
/// The 32-byte secret that keys the hashes of a store, so that a stolen index is not a dictionary of identity numbers.
/// The first half keys the index hashes, the second idempotency keys; the check value is over both.
/// </summary>
internal sealed class StoreSecret
{
    private const int Length = 32;
    private readonly byte[] _secret;
    private readonly SipHash _sip;

    internal StoreSecret(byte[] secret)
    {
        _secret = secret;
        _sip = new SipHash(secret.AsSpan(0, 16));
    }

    /// <summary>What the database keeps to recognise its secret; says nothing about it.</summary>
    public byte[] CheckValue => HMACSHA256.HashData(_secret, "check"u8)[..16];

    /// <summary>Hash of a search key: parameter number and "system|code", "|code" or unit.</summary>
    public long Hash(short parameter, string key)
    {
        Span<byte> buffer = stackalloc byte[256];
        var needed = 2 + Encoding.UTF8.GetMaxByteCount(key.Length);
        var bytes = needed <= buffer.Length ? buffer : new byte[needed];
        BinaryPrimitives.WriteInt16LittleEndian(bytes, parameter);
        var length = 2 + Encoding.UTF8.GetBytes(key, bytes[2..]);
        return unchecked((long)_sip.Hash(bytes[..length]));
    }

    /// <summary>Hash of a unique business key; a space of its own.</summary>
    public long HashUnique(string key) => Hash(-1, key);

    /// <summary>Keyed hash of any bytes, for comparing sets of rows.</summary>
    public ulong Digest(ReadOnlySpan<byte> bytes) => _sip.Hash(bytes);

    /// <summary>128 bits of HMAC-SHA256: an idempotency key as the log keeps it.</summary>
    public byte[] HashIdempotency(string key) => Mac("idem", key)[..16];

    /// <summary>Reads the secret, or makes it (0600) when <paramref name="mayCreate"/>. Two processes may do so at once: one file wins.</summary>
    public static StoreSecret Load(string file, bool mayCreate)
    {
        if (!File.Exists(file))
        {
            if (!mayCreate)
            {
                throw new InvalidOperationException($"Không thấy tệp khóa bí mật của kho / the secret file of the store is missing: {file}. Restore it from the backup: without it nothing can be found.");
            }

            SecretFile.Make(file, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Length)) + "\n");
        }

        var text = File.ReadAllText(file).Trim();
        return text.Length == Length * 2 && text.All(char.IsAsciiHexDigit)
            ? new StoreSecret(Convert.FromHexString(text))
            : throw new InvalidOperationException($"Tệp khóa bí mật của kho bị hỏng / the secret file of the store is damaged: {file} must hold {Length * 2} hexadecimal digits.");
    }

    private byte[] Mac(string purpose, string text) => HMACSHA256.HashData(_secret.AsSpan(16), Encoding.UTF8.GetBytes($"{purpose}|{text}"));
}
