using System.Security.Cryptography;
using System.Text;

namespace Mach.Access.Audit;

/// <summary>The audit trail cannot be written: nothing may be answered until it can.</summary>
public sealed class AuditUnavailableException(Exception why) : Exception("The audit trail cannot be written.", why);

/// <summary>Takes audit lines. A line is kept when <see cref="Append"/> returns; what it says may be shown after that and not before.</summary>
public sealed class AuditTrail : IDisposable
{
    private readonly Lock _opening = new();
    private readonly TimeProvider _clock;
    private readonly bool _ownsFolder;
    private AuditSpool? _spool;
    private byte[]? _secret;

    internal AuditTrail(string? folder, TimeProvider clock)
    {
        _clock = clock;
        _ownsFolder = folder is null;
        Folder = folder ?? Path.Combine(Path.GetTempPath(), "mach-audit-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
    }

    /// <summary>Where the files of the trail are.</summary>
    internal string Folder { get; }

    /// <summary>The chain that this process writes; null before the first line.</summary>
    internal AuditSpool? Spool => Volatile.Read(ref _spool);

    /// <summary>Keeps a line; the time is now, unless the line has one.</summary>
    /// <exception cref="AuditUnavailableException">It could not be kept.</exception>
    public void Append(AuditEntry entry)
    {
        try
        {
            Opened().Append((entry.AtUs == 0 ? entry with { AtUs = _clock.GetUtcNow().ToUs() } : entry).ToBytes());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            throw new AuditUnavailableException(e);
        }
    }

    /// <summary>Keyed hash of a query: 32 hexadecimal digits.</summary>
    internal string HashOf(string query)
    {
        _secret ??= Secret();
        return Convert.ToHexStringLower(HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(query)).AsSpan(0, 16));
    }

    internal AuditSpool Opened(bool fresh = false)
    {
        if (!fresh && Spool is { } open)
        {
            return open;
        }

        lock (_opening)
        {
            if (fresh)
            {
                _spool?.Dispose();
            }

            if (fresh || _spool is null)
            {
                Volatile.Write(ref _spool, AuditSpool.Open(Folder, fresh));
            }

            return _spool!;
        }
    }

    public void Dispose()
    {
        _spool?.Dispose();
        if (!_ownsFolder || !Directory.Exists(Folder))
        {
            return;
        }

        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (IOException)
        {
            // A request that was still under way has written a last line; what is temporary may stay for the system to clear.
        }
    }

    private byte[] Secret()
    {
        try
        {
            Directory.CreateDirectory(Folder);
            return SecretFile.Read(Path.Combine(Folder, "query.secret"), () => RandomNumberGenerator.GetBytes(32));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditUnavailableException(e);
        }
    }
}

/// <summary>A small file that only its owner reads, made once.</summary>
internal static class SecretFile
{
    public static byte[] Read(string file, Func<byte[]> make)
    {
        if (!File.Exists(file))
        {
            var made = file + "." + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var stream = new FileStream(made, options))
            {
                stream.Write(make());
                stream.Flush(flushToDisk: true);
            }

            try
            {
                File.Move(made, file);
            }
            catch (IOException) when (File.Exists(file))
            {
                // Another process was first.
                File.Delete(made);
            }
        }

        return File.ReadAllBytes(file);
    }
}
