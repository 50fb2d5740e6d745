using System.Threading.Channels;
using Mach.Contracts.People;
using Mach.Data;
using Mach.Intake.Mapping;
using Mach.Store;
using Mach.Vietnam.Bhyt;
using Microsoft.Extensions.Hosting;

namespace Mach.Intake.Filing;

/// <summary>
/// The one line that every door's dossiers go through. Several workers read and check; one step decides identity, in order, for many dossiers at once;
/// then each dossier is mapped and committed on its own, many at a time, so that the store can group them.
/// </summary>
internal sealed class FilingLine : IHostedService, IAsyncDisposable
{
    private const int MostPerBatch = 64;
    /// <summary>Dossiers decided and not yet committed; beyond it new ones wait.</summary>
    private const int MostUnderWay = 256;
    /// <summary>While others are under way, a batch waits to be at least so large: the look-ups cost the same for one as for many.</summary>
    private const int WorthABatch = 24;
    private const int MostAttempts = 8;

    private readonly Deciding _deciding;
    private readonly DossierFiler _filer;
    private readonly TimeProvider _clock;
    private readonly Channel<PendingDossier> _received = Channel.CreateBounded<PendingDossier>(new BoundedChannelOptions(128));
    private readonly Channel<(PendingDossier Item, bool IsDone)> _events = Channel.CreateUnbounded<(PendingDossier, bool)>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly BusyKeys _busy = new();
    private readonly List<PendingDossier> _waiting = [];
    private readonly List<Task> _running = [];
    private int _underWay;

    public FilingLine(RecordStore store, IPersonIndex people, Contracts.Registry.IFacilityDirectory facilities, TimeProvider clock, IntakeOptions options)
    {
        _deciding = new Deciding(store, people, facilities);
        _filer = new DossierFiler(store);
        _clock = clock;
        var workers = options.Workers > 0 ? options.Workers : Environment.ProcessorCount;
        for (var i = 0; i < workers; i++)
        {
            _running.Add(Task.Run(ReadAllAsync));
        }

        _running.Add(Task.Run(DecideAllAsync));
    }

    /// <summary>Puts a dossier on the line; its <see cref="PendingDossier.Done"/> tells the end. Waits while the line is full.</summary>
    public ValueTask EnqueueAsync(PendingDossier item, CancellationToken ct) => _received.Writer.WriteAsync(item, ct);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken) => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        if (_received.Writer.TryComplete())
        {
            await _stop.CancelAsync();
            _events.Writer.TryComplete();
            await Task.WhenAll(_running);
            _stop.Dispose();
        }
    }

    private async Task ReadAllAsync()
    {
        await foreach (var item in _received.Reader.ReadAllAsync())
        {
            try
            {
                ReadOne(item);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                item.Fail(e);
            }
        }
    }

    private void ReadOne(PendingDossier item)
    {
        Dossier dossier;
        try
        {
            dossier = EnvelopeReader.ReadDossier(item.Bytes, item.Position, item.EnvelopeFacility);
        }
        catch (DossierException e)
        {
            item.Refuse(e.Finding);
            return;
        }

        item.Read(dossier, DossierMapping.Claim(dossier, null));
        item.Findings.AddRange(DossierChecks.Check(dossier, Keeping.Instants.Day(_clock.GetUtcNow())));
        if (Refusals.Find(dossier, item) is { } refusal)
        {
            item.Refuse(refusal);
        }
        else if (!_events.Writer.TryWrite((item, false)))
        {
            item.Fail(new OperationCanceledException("The intake is stopping."));
        }
    }

    private async Task DecideAllAsync()
    {
        while (await _events.Reader.WaitToReadAsync())
        {
            while (_events.Reader.TryRead(out var next))
            {
                Note(next.Item, next.IsDone);
            }

            while (_waiting.Count > 0 && _underWay < MostUnderWay && (_underWay == 0 || _waiting.Count >= WorthABatch))
            {
                var batch = _busy.Take(_waiting, MostPerBatch);
                if (batch.Count == 0)
                {
                    break;
                }

                await DecideAsync(batch);
            }
        }

        _waiting.ForEach(item => item.Fail(new OperationCanceledException("The intake is stopping.")));
    }

    private void Note(PendingDossier item, bool isDone)
    {
        if (isDone)
        {
            _underWay--;
            _busy.Release(item);
            item.Keys.RemoveAll(k => k.StartsWith("person ", StringComparison.Ordinal));
            if (!item.Done.IsCompleted)
            {
                // The world had changed since the decision: decide again, before everything else.
                _waiting.Insert(0, item);
            }
        }
        else
        {
            _waiting.Add(item);
        }
    }

    private async Task DecideAsync(List<PendingDossier> batch)
    {
        _underWay += batch.Count;
        IReadOnlyList<Decided> decided;
        try
        {
            decided = await _deciding.DecideAsync(batch, _stop.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            var told = Db.IsUnavailable(e) ? new StoreUnavailableException("The database does not answer.", e) : e;
            foreach (var item in batch)
            {
                item.Fail(told);
                Note(item, true);
            }

            return;
        }

        var chains = new Dictionary<string, List<Decided>>(StringComparer.Ordinal);
        foreach (var one in decided)
        {
            if (!_busy.Add(one.Item, "person " + one.Person!.PatientId))
            {
                // Another dossier of the same person is under way by other identifiers: its decision comes first.
                _underWay--;
                _busy.Release(one.Item);
                _waiting.Add(one.Item);
            }
            else if (chains.TryGetValue(one.Person.PatientId, out var chain))
            {
                chain.Add(one);
            }
            else
            {
                chains.Add(one.Person.PatientId, [one]);
            }
        }

        foreach (var chain in chains.Values)
        {
            _ = Task.Run(() => FileChain(chain));
        }

        foreach (var item in batch.Except(decided.Select(d => d.Item)))
        {
            Note(item, true);
        }
    }

    /// <summary>One person's dossiers reach the committer in their order; none waits for another to be durable.</summary>
    private void FileChain(List<Decided> chain)
    {
        foreach (var decided in chain)
        {
            _ = FileAsync(decided);
        }
    }

    private async Task FileAsync(Decided decided)
    {
        var item = decided.Item;
        try
        {
            await _filer.FileAsync(decided, CancellationToken.None);
        }
        catch (CommitConflictException e)
        {
            if (++item.Attempts >= MostAttempts)
            {
                item.Fail(e);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            item.Fail(Db.IsUnavailable(e) ? new StoreUnavailableException("The database does not answer.", e) : e);
        }
        finally
        {
            _events.Writer.TryWrite((item, true));
        }
    }
}
