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
    private readonly Channel<Event> _events = Channel.CreateUnbounded<Event>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _taking = new();
    private long _taken;
    private readonly CancellationTokenSource _stop = new();
    private readonly BusyKeys _busy = new();
    private readonly List<PendingDossier> _waiting = [];
    /// <summary>Read before one that came earlier was read: several workers read at once, but a correction must not overtake what it corrects.</summary>
    private readonly Dictionary<long, Event> _early = [];
    private long _next;
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
        while (await _received.Reader.WaitToReadAsync())
        {
            PendingDossier? item;
            long place;
            lock (_taking)
            {
                if (!_received.Reader.TryRead(out item))
                {
                    continue;
                }

                place = _taken++;
            }

            try
            {
                ReadOne(item);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                item.Fail(e);
            }

            if (!_events.Writer.TryWrite(new Event(item, place)))
            {
                item.Fail(Stopping());
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
            item.Refuse(e.Finding, e.MaLk);
            return;
        }

        item.Read(dossier, DossierMapping.Claim(dossier, null));
        item.Findings.AddRange(DossierChecks.Check(dossier, Keeping.Instants.Day(_clock.GetUtcNow())));
        if (Refusals.Find(dossier, item) is { } refusal)
        {
            item.Refuse(refusal);
        }
    }

    private static OperationCanceledException Stopping() => new("The intake is stopping.");

    private async Task DecideAllAsync()
    {
        while (await _events.Reader.WaitToReadAsync())
        {
            while (_events.Reader.TryRead(out var next))
            {
                Note(next);
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

        foreach (var item in _waiting.Concat(_early.Values.Select(e => e.Item)))
        {
            item.Fail(Stopping());
        }
    }

    private void Note(Event happened)
    {
        if (happened.Place == Event.Filed)
        {
            NoteFiled(happened.Item);
            return;
        }

        _early.Add(happened.Place, happened);
        while (_early.Remove(_next, out var read))
        {
            _next++;
            if (!read.Item.Done.IsCompleted)
            {
                _waiting.Add(read.Item);
            }
        }
    }

    private void NoteFiled(PendingDossier item)
    {
        _underWay--;
        _busy.Release(item);
        item.Keys.RemoveAll(k => k.StartsWith(BusyKeys.Person, StringComparison.Ordinal));
        if (!item.Done.IsCompleted)
        {
            // The world had changed since the decision: decide again, before everything else.
            _waiting.Insert(0, item);
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
                NoteFiled(item);
            }

            return;
        }

        var chains = new Dictionary<string, List<Decided>>(StringComparer.Ordinal);
        var postponed = new List<Decided>();
        foreach (var one in decided)
        {
            if (!_busy.Add(one.Item, BusyKeys.Person + one.Person!.PatientId))
            {
                postponed.Add(one);
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

        Postpone(postponed);
        foreach (var chain in chains.Values)
        {
            _ = Task.Run(() => FileChain(chain));
        }

        foreach (var item in batch.Except(decided.Select(d => d.Item)))
        {
            NoteFiled(item);
        }
    }

    /// <summary>
    /// Another dossier of the same person is under way by other identifiers: its decision comes first. Each keeps its place before what came later,
    /// and its person's key, so that it is not looked at again before that person is free.
    /// </summary>
    private void Postpone(List<Decided> postponed)
    {
        foreach (var (item, _, _, person) in postponed)
        {
            _underWay--;
            _busy.Release(item);
            item.Keys.Add(BusyKeys.Person + person!.PatientId);
        }

        _waiting.InsertRange(0, postponed.Select(d => d.Item));
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
            _events.Writer.TryWrite(new Event(item, Event.Filed));
        }
    }

    /// <param name="Place">Place of a dossier that was read, in the order of arrival; <see cref="Filed"/> when its filing came to an end.</param>
    private readonly record struct Event(PendingDossier Item, long Place)
    {
        public const long Filed = -1;
    }
}
