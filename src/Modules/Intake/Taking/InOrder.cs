namespace Mach.Intake.Taking;

/// <summary>
/// Takes envelopes in their order: a few are under way at once, but the next one only begins when the dossiers of those before it stand in the line,
/// so that a correction in a later file does not overtake what it corrects.
/// </summary>
internal static class InOrder
{
    /// <param name="atOnce">Envelopes under way at once.</param>
    /// <param name="take">Takes one; calls what it is given when its dossiers stand in the line.</param>
    public static async Task RunAsync<T>(IEnumerable<T> items, int atOnce, Func<T, Action, Task> take)
    {
        var underWay = new Queue<Task>();
        try
        {
            foreach (var item in items)
            {
                while (underWay.Count >= atOnce || (underWay.TryPeek(out var first) && first.IsCompleted))
                {
                    await underWay.Dequeue();
                }

                var queued = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                var taking = take(item, () => queued.TrySetResult());
                underWay.Enqueue(taking);
                await Task.WhenAny(queued.Task, taking);
            }

            while (underWay.TryDequeue(out var next))
            {
                await next;
            }
        }
        finally
        {
            // An earlier failure ends the run, but only when nothing of it moves any more.
            await Task.WhenAll(underWay.Select(t => t.ContinueWith(static _ => { }, TaskScheduler.Default)));
        }
    }
}
