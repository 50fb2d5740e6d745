using System.Security.Cryptography;
using System.Text;

namespace Mach.Store.Sealing;

/// <summary>
/// Keys in a file of one's own (0600): a line of 64 hexadecimal digits each, the newest last. A key is called by its fingerprint, so a wrong file is told from a damaged one.
/// </summary>
/// <param name="file">Path; made with the first key when it is missing.</param>
public sealed class FileKeyVault(string file) : IKeyVault
{
    /// <summary>What names of its keys begin with.</summary>
    public const string Prefix = "file:";

    private const int KeyBytes = 32, NonceBytes = 12, TagBytes = 16;

    public string Name => file;

    public bool Has(string key) => Array.Exists(Read(), k => NameOf(k) == key);

    public (string Key, byte[] Wrapped) Wrap(ReadOnlySpan<byte> dataKey, ReadOnlySpan<byte> context)
    {
        if (!File.Exists(file))
        {
            Write([RandomNumberGenerator.GetBytes(KeyBytes)], overwrite: false);
        }

        if (Read() is not [.., var key])
        {
            throw new KeyVaultException($"Tệp khóa trống / the key file is empty: {file}. Restore it from its backup, or remove it if no store was ever sealed with it.");
        }

        var wrapped = new byte[NonceBytes + dataKey.Length + TagBytes];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Encrypt(wrapped.AsSpan(0, NonceBytes), dataKey, wrapped.AsSpan(NonceBytes, dataKey.Length), wrapped.AsSpan(NonceBytes + dataKey.Length), context);
        return (NameOf(key), wrapped);
    }

    public byte[] Unwrap(string key, ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> context)
    {
        if (!File.Exists(file))
        {
            throw new KeyVaultException($"Không thấy tệp khóa / the key file is missing: {file}. It has to hold the key {key}; restore it from its backup.");
        }

        var keys = Read();
        if (Array.Find(keys, k => NameOf(k) == key) is not { } bytes)
        {
            throw new KeyVaultException($"Tệp khóa không có khóa {key} / the key file {file} does not hold the key {key}; it holds {string.Join(", ", keys.Select(NameOf))}. Give the file of this store.");
        }

        try
        {
            var opened = new byte[Math.Max(0, wrapped.Length - NonceBytes - TagBytes)];
            using var cipher = new AesGcm(bytes, TagBytes);
            cipher.Decrypt(wrapped[..NonceBytes], wrapped[NonceBytes..^TagBytes], wrapped[^TagBytes..], opened, context);
            return opened;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new KeyVaultException($"Khóa {key} không mở được khóa dữ liệu / the key {key} does not open the wrapped data key ({Encoding.UTF8.GetString(context)}): the row in table data_key was changed.", e);
        }
    }

    public string MakeKey()
    {
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        Write([.. File.Exists(file) ? Read() : [], key], overwrite: true);
        return NameOf(key);
    }

    private static string NameOf(byte[] key) => Prefix + Convert.ToHexStringLower(SHA256.HashData([.. "mach.key-file|"u8, .. key]).AsSpan(0, 8));

    private byte[][] Read()
    {
        if (!File.Exists(file))
        {
            return [];
        }

        try
        {
            var lines = File.ReadAllLines(file).Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#').ToArray();
            return lines.All(l => l.Length == KeyBytes * 2 && l.All(char.IsAsciiHexDigit))
                ? [.. lines.Select(Convert.FromHexString)]
                : throw new KeyVaultException($"Tệp khóa bị hỏng / the key file is damaged: {file} must hold {KeyBytes * 2} hexadecimal digits a line.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KeyVaultException($"Không đọc được tệp khóa / the key file cannot be read: {file} ({e.Message}).", e);
        }
    }

    private void Write(byte[][] keys, bool overwrite)
    {
        var text = string.Concat(keys.Select(k => Convert.ToHexStringLower(k) + "\n"));
        try
        {
            if (overwrite)
            {
                SecretFile.Replace(file, text);
            }
            else
            {
                SecretFile.Make(file, text);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KeyVaultException($"Không ghi được tệp khóa / the key file cannot be written: {file} ({e.Message}).", e);
        }
    }
}
