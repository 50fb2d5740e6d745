using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Mach.Access.Keys;

/// <summary>
/// The keys on disk: <c>signing.json</c> says which there are, <c>signing-ID.pem</c> holds a private half; only the owner reads them. Several processes may
/// share the folder: a lock file lets one change it at a time, and the list is replaced whole.
/// </summary>
internal sealed class KeyFiles(string folder)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private string List => Path.Combine(folder, "signing.json");

    /// <summary>Differs whenever the list was replaced.</summary>
    public (DateTime Written, long Length) Stamp
    {
        get
        {
            var file = new FileInfo(List);
            return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
        }
    }

    public IReadOnlyList<SigningKey> Read() =>
        File.Exists(List) ? JsonSerializer.Deserialize<SigningKey[]>(File.ReadAllBytes(List), Json) ?? [] : [];

    public ECDsa Private(string id)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(PrivateFile(id)));
        return key;
    }

    /// <summary>Changes the list while nobody else does; private halves that may sign no more are removed.</summary>
    /// <exception cref="IOException">Another process has held the lock for ten seconds, or the folder cannot be written.</exception>
    public IReadOnlyList<SigningKey> Change(Func<IReadOnlyList<SigningKey>, IReadOnlyList<SigningKey>> change)
    {
        Directory.CreateDirectory(folder);
        using var _ = Lock();
        var former = Read();
        var keys = change(former);
        if (!ReferenceEquals(keys, former))
        {
            Write(List + ".new", JsonSerializer.SerializeToUtf8Bytes(keys, Json));
            File.Move(List + ".new", List, overwrite: true);
            foreach (var gone in keys.Where(k => k.State is not (KeyState.Next or KeyState.Active)))
            {
                File.Delete(PrivateFile(gone.Id));
            }
        }

        return keys;
    }

    /// <summary>A new key pair, its private half on disk before anybody hears of it.</summary>
    public SigningKey Make(KeyState state, DateTimeOffset now)
    {
        using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = SigningKey.Of(made, state, now);
        Write(PrivateFile(key.Id), Encoding.ASCII.GetBytes(made.ExportPkcs8PrivateKeyPem()));
        return key;
    }

    private string PrivateFile(string id) => Path.Combine(folder, $"signing-{id}.pem");

    private FileStream Lock()
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return new FileStream(Path.Combine(folder, "signing.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (tries < 200)
            {
                // A change takes a few milliseconds and happens a few times a year.
                using var pause = new ManualResetEventSlim();
                pause.Wait(50);
            }
        }
    }

    private static void Write(string path, byte[] content)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var stream = new FileStream(path, options);
        stream.Write(content);
        stream.Flush(flushToDisk: true);
    }
}
