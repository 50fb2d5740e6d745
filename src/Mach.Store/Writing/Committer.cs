using System.Threading.Channels;
using Mach.Data;
using Mach.Store.Hashing;
using Mach.Store.Parameters;

namespace Mach.Store.Writing;

/// <summary>
/// Group commit: one committer a store takes what is waiting, writes it in one transaction, and answers all.
/// A lone commit never waits; under load it waits a few milliseconds for as many as came last time.
/// </summary>
internal sealed class Committer : IAsyncDisposable
{
    private const int QueueLength = 4096;
    private readonly Channel<Pending> _queue = Channel.CreateBounded<Pending>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
    private readonly StoreSecret _secret;
    private readonly StoreOptions _options;
    private readonly GroupWriter _writer;
    private readonly Func<CatalogState> _catalog;
    private readonly Func<CancellationToken, Task<CatalogState>> _reload;
    private readonly Task _loop;

    /// <param name="catalog">The parameters as this process knows them.</param>
    /// <param name="reload">The parameters as the database has them.</param>
    public Committer(Db db, StoreSecret secret, StoreOptions options, TimeProvider clock, Func<CatalogState> catalog, Func<CancellationToken, Task<CatalogState>> reload)
    {
        _catalog = catalog;
        _reload = reload;
        _secret = secret;
        _options = options;
        _writer = new GroupWriter(db, clock);
        _loop = Task.Run(RunAsync);
    }

    public async Task<CommitResult> CommitAsync(Commit commit, CancellationToken ct)
    {
        var pending = Pending.Prepare(commit, _secret, _catalog());
        try
        {
            await _queue.Writer.WriteAsync(pending, ct).ConfigureAwait(false);
        }
        catch (ChannelClosedException e)
        {
            throw new StoreUnavailableException("Kho đang đóng / the store is closing.", e);
        }

        return await pending.Answer.WaitAsync(ct).ConfigureAwait(false);
    }

    /// <summary>Takes no more, writes what is queued.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        var group = new List<Pending>();
        var lastCount = 1;
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            var size = Take(group, 0);
            if (lastCount > 1 && group.Count < lastCount && size < _options.MaxGroup)
            {
                await GatherAsync(group, size, lastCount).ConfigureAwait(false);
            }

            lastCount = group.Count;
            await WriteAsync(group).ConfigureAwait(false);
            group.Clear();
        }
    }

    private int Take(List<Pending> group, int size)
    {
        while (size < _options.MaxGroup && _queue.Reader.TryPeek(out var next) && (group.Count == 0 || size + next.Size <= _options.MaxGroup))
        {
            _queue.Reader.TryRead(out next);
            group.Add(next!);
            size += next!.Size;
        }

        return size;
    }

    private async Task GatherAsync(List<Pending> group, int size, int expected)
    {
        using var wait = new CancellationTokenSource(_options.MaxWaitMs);
        try
        {
            while (group.Count < expected && size < _options.MaxGroup && await _queue.Reader.WaitToReadAsync(wait.Token).ConfigureAwait(false))
            {
                var before = group.Count;
                size = Take(group, size);
                if (group.Count == before)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Waited long enough; what has come is the group.
        }
    }

    private async Task WriteAsync(List<Pending> group)
    {
        try
        {
            Answer(group, await WriteGroupAsync(group, trustNew: true).ConfigureAwait(false));
        }
        catch (Exception e) when (Db.IsUnavailable(e))
        {
            FailAll(group, e);
        }
#pragma warning disable CA1031 // Whatever one commit brings about must reach its caller, not end the committer.
        catch (Exception)
        {
            foreach (var pending in group)
            {
                await WriteAloneAsync(pending).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Rows that were made with an older set of parameters are made anew.</summary>
    private async Task<object[]> WriteGroupAsync(List<Pending> group, bool trustNew)
    {
        while (true)
        {
            try
            {
                return await _writer.WriteAsync(group, trustNew, CancellationToken.None).ConfigureAwait(false);
            }
            catch (CatalogChangedException)
            {
                var catalog = await _reload(CancellationToken.None).ConfigureAwait(false);
                foreach (var pending in group)
                {
                    pending.Renew(_secret, catalog);
                }
            }
        }
    }

    private async Task WriteAloneAsync(Pending pending)
    {
        try
        {
            Answer([pending], await WriteGroupAsync([pending], trustNew: false).ConfigureAwait(false));
        }
        catch (Exception e) when (Db.IsUnavailable(e))
        {
            FailAll([pending], e);
        }
        catch (Exception e) when (Db.IsUniqueViolation(e))
        {
            pending.Fail(new CommitConflictException($"A row of this commit exists already: {e.Message}"));
        }
        catch (Exception e)
        {
            pending.Fail(e);
        }
#pragma warning restore CA1031
    }

    private static void Answer(List<Pending> group, object[] outcomes)
    {
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i] is CommitResult result)
            {
                group[i].Succeed(result);
            }
            else
            {
                group[i].Fail((Exception)outcomes[i]);
            }
        }
    }

    private static void FailAll(List<Pending> group, Exception reason)
    {
        foreach (var pending in group)
        {
            pending.Fail(new StoreUnavailableException("Cơ sở dữ liệu không nhận ghi / the database did not take the commit: " + reason.Message, reason));
        }
    }
}
