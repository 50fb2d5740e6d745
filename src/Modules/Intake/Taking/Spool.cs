using System.Security.Cryptography;
using Mach.Store;

namespace Mach.Intake.Taking;

/// <summary>A received envelope, complete and seekable: a small one in memory, a larger one in a nameless file.</summary>
/// <param name="Content">At position 0.</param>
/// <param name="Sha">SHA-256, lower-case hex.</param>
internal sealed record SpooledEnvelope(Stream Content, long Size, string Sha) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}

/// <summary>Receives a stream without holding it in memory.</summary>
internal static class Spool
{
    private const int InMemory = 256 * 1024;
    private const int Chunk = 128 * 1024;

    /// <returns>Null when it is larger than the limit.</returns>
    /// <exception cref="StoreUnavailableException">The spool folder takes no more.</exception>
    public static async Task<SpooledEnvelope?> ReceiveAsync(Stream source, string folder, long limit, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Stream target = new MemoryStream();
        try
        {
            var buffer = new byte[Chunk];
            long size = 0;
            int read;
            while ((read = await source.ReadAsync(buffer, ct)) > 0)
            {
                size += read;
                if (size > limit)
                {
                    await target.DisposeAsync();
                    return null;
                }

                hash.AppendData(buffer, 0, read);
                if (target is MemoryStream memory && size > InMemory)
                {
                    target = ToFile(memory, folder);
                }

                await WriteAsync(target, buffer.AsMemory(0, read), ct);
            }

            Rewind(target);
            return new SpooledEnvelope(target, size, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        catch
        {
            await target.DisposeAsync();
            throw;
        }
    }

    private static FileStream ToFile(MemoryStream memory, string folder) => Keep(() =>
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, Guid.CreateVersion7().ToString("N") + ".xml");
        var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Delete, BufferSize = Chunk, Options = FileOptions.DeleteOnClose });
        if (!OperatingSystem.IsWindows())
        {
            // Without a name it is gone with the process, however that ends.
            File.Delete(path);
        }

        memory.WriteTo(file);
        memory.Dispose();
        return file;
    });

    /// <summary>Back to the beginning; what the stream still held is written first.</summary>
    private static void Rewind(Stream target) => Keep(() => target.Position = 0);

    private static async Task WriteAsync(Stream target, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        try
        {
            await target.WriteAsync(bytes, ct);
        }
        catch (IOException e)
        {
            throw Unavailable(e);
        }
    }

    /// <summary>A folder that is full, gone or not ours is the hub's trouble: the sender's request is as it should be.</summary>
    private static T Keep<T>(Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(e);
        }
    }

    private static StoreUnavailableException Unavailable(Exception e) => new("The spool folder does not take the envelope.", e);
}
