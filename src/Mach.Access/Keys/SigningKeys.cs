using System.Security.Cryptography;

namespace Mach.Access.Keys;

/// <summary>
/// The keys with which this house signs (ES256, ECDSA over P-256 with SHA-256). They change by themselves every <see cref="Life"/>, or when told to;
/// a key is published at least <see cref="Notice"/> before it signs by itself, and for <see cref="Echo"/> after.
/// </summary>
/// <remarks>Source: RFC 7518 §3.4; RFC 7517 §5; OpenID Connect Core 1.0 §10.1.1 (rotation of signing keys); NIST SP 800-57-1 §5.3.6 (a signing key lives one to three years at most).</remarks>
public sealed class SigningKeys : IDisposable
{
    /// <summary>How long a key signs.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(90);

    /// <summary>How long a key has been published before it signs: longer than anybody keeps the list.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromDays(1);

    /// <summary>How long a key is published after it has signed for the last time: longer than any token lasts.</summary>
    public static readonly TimeSpan Echo = TimeSpan.FromDays(1);

    private readonly KeyFiles _files;
    private readonly TimeProvider _clock;
    private readonly string? _temporary;
    private readonly Lock _gate = new();
    private IReadOnlyList<SigningKey> _keys = [];
    private (DateTime, long) _stamp;
    private (string Id, ECDsa Key)? _active;

    /// <param name="folder">Folder of the key files, made when missing; null = a temporary one that goes with this object.</param>
    public SigningKeys(string? folder, TimeProvider clock)
    {
        _temporary = folder is null ? Directory.CreateTempSubdirectory("mach-signing-").FullName : null;
        _files = new KeyFiles(folder ?? _temporary!);
        _clock = clock;
    }

    /// <summary>Signs with the active key.</summary>
    /// <returns>Id of the key, and the signature as 64 bytes (r and s).</returns>
    public (string KeyId, byte[] Signature) Sign(ReadOnlySpan<byte> data)
    {
        lock (_gate)
        {
            var (id, key) = Active();
            return (id, key.SignData(data, HashAlgorithmName.SHA256));
        }
    }

    /// <summary>True when a key of this house, not withdrawn, signed exactly this; a key that is no longer published counts too.</summary>
    public bool Verify(string keyId, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (List().FirstOrDefault(k => k.Id == keyId) is not { State: not (KeyState.Next or KeyState.Withdrawn) } known || signature.Length != 64)
        {
            return false;
        }

        using var key = known.Public();
        return key.VerifyData(data, signature, HashAlgorithmName.SHA256);
    }

    /// <summary>All keys there have been, newest first.</summary>
    public IReadOnlyList<SigningKey> List()
    {
        lock (_gate)
        {
            return Current();
        }
    }

    /// <summary>The keys by which others check what was signed.</summary>
    public IReadOnlyList<SigningKey> Published() => [.. List().Where(k => k.State is KeyState.Next or KeyState.Active or KeyState.Retired)];

    /// <summary>The next key signs from now on, and another one waits.</summary>
    /// <param name="withdraw">The key that signed until now counts no more, nor what it signed: for when somebody else may have it.</param>
    /// <returns>The key that signs now.</returns>
    public SigningKey Rotate(bool withdraw = false)
    {
        lock (_gate)
        {
            Take(_files.Change(keys => Turned(Begun(keys), withdraw)));
            return _keys.First(k => k.State == KeyState.Active);
        }
    }

    public void Dispose()
    {
        _active?.Key.Dispose();
        _active = null;
        if (_temporary is not null && Directory.Exists(_temporary))
        {
            Directory.Delete(_temporary, recursive: true);
        }
    }

    private (string Id, ECDsa Key) Active()
    {
        var id = Current().First(k => k.State == KeyState.Active).Id;
        if (_active is not { } active || active.Id != id)
        {
            _active?.Key.Dispose();
            _active = active = (id, _files.Private(id));
        }

        return active;
    }

    /// <summary>The list as another process may have left it, moved on when its time has come.</summary>
    private IReadOnlyList<SigningKey> Current()
    {
        if (_files.Stamp != _stamp)
        {
            Take(_files.Read());
        }

        if (_keys.Count == 0 || IsDue(_keys))
        {
            Take(_files.Change(keys => Moved(Begun(keys))));
        }

        return _keys;
    }

    private void Take(IReadOnlyList<SigningKey> keys) => (_keys, _stamp) = (keys, _files.Stamp);

    private bool IsDue(IReadOnlyList<SigningKey> keys)
    {
        var now = _clock.GetUtcNow();
        return keys.Any(k => k.State == KeyState.Active && k.Since + Life <= now) && keys.Any(k => k.State == KeyState.Next && k.Made + Notice <= now)
            || keys.Any(k => k.State == KeyState.Retired && k.Since + Echo <= now);
    }

    /// <summary>The first two keys, where there are none.</summary>
    private IReadOnlyList<SigningKey> Begun(IReadOnlyList<SigningKey> keys) =>
        keys.Count > 0 ? keys : [_files.Make(KeyState.Next, _clock.GetUtcNow()), _files.Make(KeyState.Active, _clock.GetUtcNow())];

    /// <summary>What the calendar asks for; the list itself when it asks for nothing.</summary>
    private IReadOnlyList<SigningKey> Moved(IReadOnlyList<SigningKey> keys)
    {
        var now = _clock.GetUtcNow();
        if (!IsDue(keys))
        {
            return keys;
        }

        keys = [.. keys.Select(k => k.State == KeyState.Retired && k.Since + Echo <= now ? k with { State = KeyState.Past, Since = now } : k)];
        return IsDue(keys) ? Turned(keys, withdraw: false) : keys;
    }

    private IReadOnlyList<SigningKey> Turned(IReadOnlyList<SigningKey> keys, bool withdraw)
    {
        var now = _clock.GetUtcNow();
        return [_files.Make(KeyState.Next, now), .. keys.Select(k => k.State switch
        {
            KeyState.Next => k with { State = KeyState.Active, Since = now },
            KeyState.Active => k with { State = withdraw ? KeyState.Withdrawn : KeyState.Retired, Since = now },
            _ => k,
        })];
    }
}
