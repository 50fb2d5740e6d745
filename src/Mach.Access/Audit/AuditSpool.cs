using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Mach.Access.Audit;

/// <summary>
/// Where audit lines go first: files of one chain, only ever added to. A line is in the hands of the operating system when <see cref="Append"/> returns, so that
/// no end of the process loses it; the disk has it after the next <see cref="Flush"/>.
/// </summary>
/// <remarks>
/// A segment is 8 bytes "MACHAUD1", the number of its first line (8 bytes, little endian), the hash before it (32 bytes); then for each line its length (4 bytes), the line, and its hash (32 bytes).
/// The folder is held by a lock that ends with the process.
/// </remarks>
internal sealed class AuditSpool : IDisposable
{
    private const int HeaderSize = 48, MaxLine = 1 << 20;
    private static readonly byte[] Magic = "MACHAUD1"u8.ToArray();

    private readonly Lock _writing = new();
    private readonly Lock _flushing = new();
    private readonly string _folder;
    private readonly FileStream _held;
    private readonly long _segmentBytes;
    private readonly byte[] _hash = new byte[AuditChain.HashSize];
    private SafeFileHandle _file;
    private long _offset;
    private long _last;
    private bool _dirty;

    private AuditSpool(string folder, FileStream held, long segmentBytes)
    {
        (_folder, _held, _segmentBytes) = (folder, held, segmentBytes);
        Chain = Path.GetFileName(folder);
        try
        {
            _file = Segments() is [.., var newest] ? Continue(newest) : NewSegment(1, AuditChain.Start(Chain));
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Eight hexadecimal digits.</summary>
    public string Chain { get; }

    /// <summary>Number of the newest line; 0 = none.</summary>
    public long Last => Interlocked.Read(ref _last);

    /// <summary>The first chain of the folder that no process holds, or a new one.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static AuditSpool Open(string root, bool fresh = false, long segmentBytes = 4 << 20)
    {
        Directory.CreateDirectory(root);
        foreach (var folder in fresh ? [] : Chains(root))
        {
            if (TryOpen(folder, segmentBytes) is { } spool)
            {
                return spool;
            }
        }

        while (true)
        {
            var folder = Path.Combine(root, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4)));
            Directory.CreateDirectory(folder);
            if (TryOpen(folder, segmentBytes) is { } spool)
            {
                return spool;
            }
        }
    }

    /// <summary>Folders of chains, in the order of their names.</summary>
    public static string[] Chains(string root) => !Directory.Exists(root) ? [] : [.. Directory.GetDirectories(root).Order(StringComparer.Ordinal)];

    /// <summary>Null when another process holds it.</summary>
    public static AuditSpool? TryOpen(string folder, long segmentBytes = 4 << 20)
    {
        FileStream held;
        try
        {
            held = new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(Path.Combine(folder, "lock")))
        {
            return null;
        }

        return new AuditSpool(folder, held, segmentBytes);
    }

    /// <summary>Adds a line to the chain and gives its number.</summary>
    /// <exception cref="IOException">It could not be written; the chain is as it was.</exception>
    public long Append(ReadOnlySpan<byte> body)
    {
        var size = 4 + body.Length + AuditChain.HashSize;
        var frame = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            BinaryPrimitives.WriteInt32LittleEndian(frame, body.Length);
            body.CopyTo(frame.AsSpan(4));
            lock (_writing)
            {
                if (_offset >= _segmentBytes)
                {
                    Roll();
                }

                var hash = frame.AsSpan(4 + body.Length, AuditChain.HashSize);
                AuditChain.Next(_hash, _last + 1, body, hash);
                // What a failed write left behind is written over by the next.
                RandomAccess.Write(_file, frame.AsSpan(0, size), _offset);
                _offset += size;
                hash.CopyTo(_hash);
                Interlocked.Increment(ref _last);
                Volatile.Write(ref _dirty, true);
                return _last;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(frame);
        }
    }

    /// <summary>Brings to the disk what was added since the last time.</summary>
    public void Flush()
    {
        lock (_flushing)
        {
            if (Volatile.Read(ref _dirty))
            {
                Volatile.Write(ref _dirty, false);
                RandomAccess.FlushToDisk(_file);
            }
        }
    }

    /// <summary>Lines after a number, in order, at most so many; those of the files that are still there.</summary>
    public List<ChainedLine> ReadAfter(long after, int count)
    {
        var upTo = Last;
        var lines = new List<ChainedLine>();
        var segments = Segments();
        for (var i = 0; i < segments.Length && lines.Count < count; i++)
        {
            if (i + 1 < segments.Length && First(segments[i + 1]) <= after + 1)
            {
                continue;
            }

            using var file = File.OpenHandle(segments[i], FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            foreach (var line in Lines(file))
            {
                if (line.Seq > upTo || lines.Count == count)
                {
                    break;
                }

                if (line.Seq > after)
                {
                    lines.Add(line);
                }
            }
        }

        return lines;
    }

    /// <summary>Takes away the files whose lines are all at or below a number; never the one that is written to.</summary>
    public void Forget(long upTo)
    {
        var segments = Segments();
        for (var i = 0; i + 1 < segments.Length && First(segments[i + 1]) <= upTo + 1; i++)
        {
            File.Delete(segments[i]);
        }
    }

    public void Dispose()
    {
        lock (_writing)
        {
            Flush();
            _file.Dispose();
            _held.Dispose();
        }
    }

    private string[] Segments() => [.. Directory.GetFiles(_folder, "*.seg").Order(StringComparer.Ordinal)];

    private static long First(string segment) => long.Parse(Path.GetFileNameWithoutExtension(segment), CultureInfo.InvariantCulture);

    private void Roll()
    {
        lock (_flushing)
        {
            RandomAccess.FlushToDisk(_file);
            var old = _file;
            _file = NewSegment(_last + 1, _hash);
            old.Dispose();
        }
    }

    private SafeFileHandle NewSegment(long first, ReadOnlySpan<byte> before)
    {
        var header = new byte[HeaderSize];
        Magic.CopyTo(header, 0);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(8), first);
        before.CopyTo(header.AsSpan(16));
        var file = File.OpenHandle(Path.Combine(_folder, first.ToString("D19", CultureInfo.InvariantCulture) + ".seg"), FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            RandomAccess.Write(file, header, 0);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        (_offset, _last) = (HeaderSize, first - 1);
        before.CopyTo(_hash);
        return file;
    }

    /// <summary>Goes on after the last whole line; what stands behind it was never acknowledged.</summary>
    private SafeFileHandle Continue(string segment)
    {
        var first = First(segment);
        var file = File.OpenHandle(segment, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var header = new byte[HeaderSize];
        if (RandomAccess.Read(file, header, 0) < HeaderSize || !header.AsSpan(0, 8).SequenceEqual(Magic))
        {
            // The process ended while it began a new file: the one before says where the chain was.
            file.Dispose();
            File.Delete(segment);
            return Segments() is [.., var newest] ? Continue(newest) : NewSegment(first, AuditChain.Start(Chain));
        }

        (_offset, _last) = (HeaderSize, first - 1);
        header.AsSpan(16).CopyTo(_hash);
        foreach (var line in Lines(file))
        {
            _offset += 4 + line.Body.Length + AuditChain.HashSize;
            _last = line.Seq;
            line.Hash.CopyTo(_hash, 0);
        }

        RandomAccess.SetLength(file, _offset);
        return file;
    }

    private IEnumerable<ChainedLine> Lines(SafeFileHandle file)
    {
        var length = RandomAccess.GetLength(file);
        var all = new byte[length];
        for (var read = 0; read < all.Length;)
        {
            var n = RandomAccess.Read(file, all.AsSpan(read), read);
            if (n == 0)
            {
                Array.Resize(ref all, read);
                break;
            }

            read += n;
        }

        if (all.Length < HeaderSize)
        {
            yield break;
        }

        var seq = BinaryPrimitives.ReadInt64LittleEndian(all.AsSpan(8));
        var before = all[16..HeaderSize];
        for (var at = HeaderSize; at + 4 <= all.Length; seq++)
        {
            var size = BinaryPrimitives.ReadInt32LittleEndian(all.AsSpan(at));
            if (size is < 0 or > MaxLine || at + 4 + size + AuditChain.HashSize > all.Length)
            {
                yield break;
            }

            var body = all[(at + 4)..(at + 4 + size)];
            var hash = all[(at + 4 + size)..(at + 4 + size + AuditChain.HashSize)];
            if (!AuditChain.Next(before, seq, body).AsSpan().SequenceEqual(hash))
            {
                yield break;
            }

            yield return new ChainedLine(Chain, seq, body, hash);
            before = hash;
            at += 4 + size + AuditChain.HashSize;
        }
    }
}
