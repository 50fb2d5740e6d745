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
    private const int HeaderSize = SegmentReader.HeaderSize;

    private readonly Lock _writing = new();
    private readonly Lock _flushing = new();
    private readonly Lock _reading = new();
    private readonly string _folder;
    private readonly FileStream _held;
    private readonly long _segmentBytes;
    private readonly byte[] _hash = new byte[AuditChain.HashSize];
    private SafeFileHandle _file;
    private SegmentReader? _reader;
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

    /// <summary>Lines after a number, in order, at most so many; those of the files that are still there. Going on where the last call ended reads nothing twice.</summary>
    public List<ChainedLine> ReadAfter(long after, int count)
    {
        lock (_reading)
        {
            var upTo = Last;
            var lines = new List<ChainedLine>();
            if (_reader?.Last != after)
            {
                _reader?.Dispose();
                _reader = Holding(after);
            }

            _reader?.Refresh();
            while (_reader is not null && _reader.Last < upTo && lines.Count < count)
            {
                if (_reader.Next() is { } line)
                {
                    if (line.Seq > after)
                    {
                        lines.Add(line);
                    }
                }
                else if (!Advance())
                {
                    break;
                }
            }

            return lines;
        }
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

        lock (_reading)
        {
            _reader?.Dispose();
            _reader = null;
        }
    }

    /// <summary>The reader at the file that holds the line after a number, or the first that is still there.</summary>
    private SegmentReader? Holding(long after)
    {
        var segments = Segments();
        var i = Math.Max(0, Array.FindLastIndex(segments, s => First(s) <= after + 1));
        return i < segments.Length ? SegmentReader.Open(segments[i], Chain) : null;
    }

    /// <summary>Goes on with the file after the one that is read; false when there is none yet. A file that is damaged in the middle leaves a gap, which verification tells.</summary>
    private bool Advance()
    {
        if (Segments().FirstOrDefault(s => string.CompareOrdinal(s, _reader!.Path) > 0) is not { } next || SegmentReader.Open(next, Chain) is not { } reader)
        {
            return false;
        }

        _reader!.Dispose();
        _reader = reader;
        return true;
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
        SegmentReader.Magic.CopyTo(header);
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
        using var reader = SegmentReader.Open(segment, Chain);
        if (reader is null)
        {
            // The process ended while it began a new file: the one before says where the chain was.
            var first = First(segment);
            File.Delete(segment);
            return Segments() is [.., var newest] ? Continue(newest) : NewSegment(first, AuditChain.Start(Chain));
        }

        while (reader.Next() is not null)
        {
        }

        (_offset, _last) = (reader.Offset, reader.Last);
        reader.Hash.CopyTo(_hash, 0);
        var file = File.OpenHandle(segment, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.SetLength(file, _offset);
        return file;
    }
}
