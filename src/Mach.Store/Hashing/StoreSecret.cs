using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

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

            Create(file);
        }

        var text = File.ReadAllText(file).Trim();
        return text.Length == Length * 2 && text.All(char.IsAsciiHexDigit)
            ? new StoreSecret(Convert.FromHexString(text))
            : throw new InvalidOperationException($"Tệp khóa bí mật của kho bị hỏng / the secret file of the store is damaged: {file} must hold {Length * 2} hexadecimal digits.");
    }

    private static void Create(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var draft = $"{file}.{Guid.CreateVersion7():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(draft, options))
        {
            stream.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Length)) + "\n"));
            stream.Flush(flushToDisk: true);
        }

        // Moving looks first and renames then, which two may do at once: only who holds the turn moves.
        using var turn = new Mutex(false, "Global\\mach-secret-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(file))))[..32]);
        try
        {
            turn.WaitOne();
        }
        catch (AbandonedMutexException)
        {
            // Whoever held it ended without a word, and the turn is ours.
        }

        try
        {
            if (File.Exists(file))
            {
                // Another process was first; its secret is the store's.
                File.Delete(draft);
            }
            else
            {
                File.Move(draft, file, overwrite: false);
            }
        }
        finally
        {
            turn.ReleaseMutex();
        }
    }

    private byte[] Mac(string purpose, string text) => HMACSHA256.HashData(_secret.AsSpan(16), Encoding.UTF8.GetBytes($"{purpose}|{text}"));
}
