namespace Mach.Intake.Taking;

/// <summary>Keeps the bytes of the dossiers under way below a limit; one that is larger than the limit goes alone.</summary>
internal sealed class ByteBudget(long limit)
{
    private readonly Queue<(long Bytes, TaskCompletionSource Admitted)> _waiting = new();
    private readonly Lock _gate = new();
    private long _used;

    public Task AcquireAsync(long bytes)
    {
        lock (_gate)
        {
            if (_waiting.Count == 0 && Fits(bytes))
            {
                _used += bytes;
                return Task.CompletedTask;
            }

            var admitted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue((bytes, admitted));
            return admitted.Task;
        }
    }

    public void Release(long bytes)
    {
        lock (_gate)
        {
            _used -= bytes;
            while (_waiting.TryPeek(out var next) && Fits(next.Bytes))
            {
                _waiting.Dequeue();
                _used += next.Bytes;
                next.Admitted.SetResult();
            }
        }
    }

    private bool Fits(long bytes) => _used == 0 || _used + bytes <= limit;
}
