using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Mach.Access.Audit;

/// <summary>The body of an answer behind a gate that opens once, before the first byte.</summary>
/// <param name="open">Returns when the first byte may go; throws when none may.</param>
internal sealed class GatedBody(IHttpResponseBodyFeature inner, Action open) : Stream, IHttpResponseBodyFeature
{
    private bool _isOpen;
    private PipeWriter? _writer;

    public Stream Stream => this;

    public PipeWriter Writer => _writer ??= PipeWriter.Create(this, new StreamPipeWriterOptions(leaveOpen: true));

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public void Open()
    {
        if (!_isOpen)
        {
            open();
            _isOpen = true;
        }
    }

    /// <summary>Sends what stands in the writer.</summary>
    public async Task FinishAsync()
    {
        if (_writer is not null)
        {
            await _writer.FlushAsync();
        }
    }

    public void DisableBuffering() => inner.DisableBuffering();

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default)
    {
        Open();
        return inner.SendFileAsync(path, offset, count, cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        Open();
        return inner.StartAsync(cancellationToken);
    }

    public async Task CompleteAsync()
    {
        Open();
        await FinishAsync();
        await inner.CompleteAsync();
    }

    public override void Flush()
    {
        Open();
        inner.Stream.Flush();
    }

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        Open();
        return inner.Stream.FlushAsync(cancellationToken);
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        Open();
        inner.Stream.Write(buffer, offset, count);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Open();
        return inner.Stream.WriteAsync(buffer, cancellationToken);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
