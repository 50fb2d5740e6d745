using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Mach.Access.Audit;

/// <summary>Reads the lines of one file of a chain in their order, each checked against the hash before it, and stays where it is: what is added later is read by going on.</summary>
internal sealed class SegmentReader : IDisposable
{
    /// <summary>Bytes before the first line.</summary>
    public const int HeaderSize = 48;
    private const int MaxLine = 1 << 20, Window = 1 << 16;
    private readonly SafeFileHandle _file;
    private readonly string _chain;
    private byte[] _window = [];
    private long _windowAt;
    private int _windowLength;

    private SegmentReader(SafeFileHandle file, string path, string chain, ReadOnlySpan<byte> header)
    {
        (_file, Path, _chain, Offset) = (file, path, chain, HeaderSize);
        Last = BinaryPrimitives.ReadInt64LittleEndian(header[8..]) - 1;
        Hash = header[16..].ToArray();
    }

    public static ReadOnlySpan<byte> Magic => "MACHAUD1"u8;

    public string Path { get; }
    /// <summary>Where the next line begins.</summary>
    public long Offset { get; private set; }
    /// <summary>Number of the line before.</summary>
    public long Last { get; private set; }
    /// <summary>Hash of the line before.</summary>
    public byte[] Hash { get; private set; }

    /// <summary>Null when the file has no whole head.</summary>
    public static SegmentReader? Open(string segment, string chain)
    {
        var file = File.OpenHandle(segment, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> header = stackalloc byte[HeaderSize];
        if (RandomAccess.Read(file, header, 0) == HeaderSize && header[..8].SequenceEqual(Magic))
        {
            return new SegmentReader(file, segment, chain, header);
        }

        file.Dispose();
        return null;
    }

    /// <summary>Forgets what was read ahead: behind the newest whole line a failed write may have left bytes that have been written over since.</summary>
    public void Refresh() => _windowLength = 0;

    /// <summary>Null when there is no further whole line, or one that does not belong to the chain.</summary>
    public ChainedLine? Next()
    {
        if (Ahead(4) is not { Length: >= 4 } start
            || BinaryPrimitives.ReadInt32LittleEndian(start) is var size && size is < 0 or > MaxLine
            || Ahead(4 + size + AuditChain.HashSize) is not { Length: > 0 } frame)
        {
            return null;
        }

        var body = frame.Slice(4, size);
        Span<byte> hash = stackalloc byte[AuditChain.HashSize];
        AuditChain.Next(Hash, Last + 1, body, hash);
        if (!hash.SequenceEqual(frame[(4 + size)..]))
        {
            return null;
        }

        var line = new ChainedLine(_chain, Last + 1, body.ToArray(), hash.ToArray());
        (Offset, Last, Hash) = (Offset + frame.Length, line.Seq, line.Hash);
        return line;
    }

    public void Dispose() => _file.Dispose();

    /// <summary>So many bytes from <see cref="Offset"/>; empty when the file does not have them yet.</summary>
    private ReadOnlySpan<byte> Ahead(int count)
    {
        if (Offset < _windowAt || Offset + count > _windowAt + _windowLength)
        {
            if (_window.Length < count)
            {
                _window = new byte[Math.Max(Window, count)];
            }

            (_windowAt, _windowLength) = (Offset, 0);
            while (_windowLength < _window.Length && RandomAccess.Read(_file, _window.AsSpan(_windowLength), _windowAt + _windowLength) is > 0 and var read)
            {
                _windowLength += read;
            }
        }

        return Offset + count <= _windowAt + _windowLength ? _window.AsSpan((int)(Offset - _windowAt), count) : [];
    }
}
