namespace Mach.Vietnam.Bhyt.Reading;

/// <summary>Lets a reader pull an envelope while the locator sees the same bytes; counts them and stops when told to.</summary>
internal sealed class LocatingStream(Stream inner, HosoLocator locator, long maxBytes, CancellationToken ct) : Stream
{
    private long _read;

    /// <summary>True when the file has been read to its end.</summary>
    public bool AtEnd { get; private set; }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => _read; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        ct.ThrowIfCancellationRequested();
        var read = inner.Read(buffer);
        AtEnd |= read == 0;
        _read += read;
        if (_read > maxBytes)
        {
            throw Refusals.EnvelopeTooLarge(maxBytes);
        }

        locator.Feed(buffer[..read]);
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
