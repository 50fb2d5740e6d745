namespace Mach.Store.Sealing;

/// <summary>
/// Keeps the keys that wrap a store's data keys. Such a key never leaves the vault; the database holds data keys wrapped by it, and without the vault nothing sealed opens.
/// </summary>
public interface IKeyVault
{
    /// <summary>What people call it in an error: a path, a token.</summary>
    string Name { get; }

    /// <summary>Whether it holds this key.</summary>
    bool Has(string key);

    /// <summary>Wraps 32 bytes with the newest key; the first use of an empty vault makes one.</summary>
    /// <param name="context">What the data key is for: the same when it is unwrapped.</param>
    /// <returns>The key's name, and the wrapped bytes.</returns>
    /// <exception cref="KeyVaultException">The vault cannot be used.</exception>
    (string Key, byte[] Wrapped) Wrap(ReadOnlySpan<byte> dataKey, ReadOnlySpan<byte> context);

    /// <exception cref="KeyVaultException">It has no such key, or the bytes were not wrapped by it.</exception>
    byte[] Unwrap(string key, ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> context);

    /// <summary>Makes a new key, which wraps from now on; earlier ones stay, for copies of the database that still need them.</summary>
    /// <returns>Its name.</returns>
    /// <exception cref="KeyVaultException">The vault cannot be used.</exception>
    string MakeKey();
}

/// <summary>The key vault lacks a key, or cannot be used; the message names the key and says what to do.</summary>
public sealed class KeyVaultException : InvalidOperationException
{
    public KeyVaultException(string message) : base(message)
    {
    }

    public KeyVaultException(string message, Exception inner) : base(message, inner)
    {
    }
}
