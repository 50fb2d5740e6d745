using Mach.Intake.Filing;
using Mach.Intake.Import;
using Mach.Intake.Keeping;
using Mach.Intake.Taking;
using Mach.Kernel;
using Mach.Store;
using Microsoft.Extensions.Logging;

namespace Mach.Intake;

/// <summary>The one way in for dossiers: portal, page, import and demonstration all call this.</summary>
public sealed class IntakeService
{
    /// <summary>Bytes of dossiers under way, over all envelopes.</summary>
    private const long BytesUnderWay = 64L * 1024 * 1024;

    private readonly EnvelopeTaking _taking;
    private readonly RecordStore _store;
    private readonly IntakeOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;

    internal IntakeService(RecordStore store, FilingLine line, IntakeOptions options, TimeProvider clock, ILogger<IntakeService> log)
    {
        (_store, _options, _clock, _log) = (store, options, clock, log);
        _taking = new EnvelopeTaking(store.Db, line, new ByteBudget(BytesUnderWay), options.Limits, clock);
    }

    /// <summary>Takes one envelope (or one check-in). Safe to repeat: what is already in the record stays as it is.</summary>
    /// <returns>The receipt, when every dossier is durably taken or refused.</returns>
    /// <exception cref="StoreUnavailableException">The database or the spool folder takes nothing now; nothing is acknowledged, send it again later.</exception>
    public Task<Receipt> TakeAsync(Stream envelope, IntakeSource source, IProgress<TakeProgress>? progress, CancellationToken ct) =>
        TakeAsync(envelope, source, progress, null, ct);

    /// <param name="queued">Called when what is taken from then on comes after this envelope's dossiers; not called when it fails or is rejected before.</param>
    internal async Task<Receipt> TakeAsync(Stream envelope, IntakeSource source, IProgress<TakeProgress>? progress, Action? queued, CancellationToken ct)
    {
        var (receipt, spooled) = await ReceiveAsync(envelope, source, ct);
        if (spooled is null)
        {
            return await _taking.RejectAsync(receipt, FilingFindings.TooLarge(_options.Limits.MaxBytes), null, ct);
        }

        await using (spooled)
        {
            return await _taking.RunAsync(spooled, source, receipt, isAnnounced: false, progress, queued, ct);
        }
    }

    /// <summary>Takes files, and the .xml files of folders by their names, in this order and several at once. Safe to repeat.</summary>
    public Task<ImportSummary> ImportAsync(IReadOnlyList<string> paths, IProgress<ImportProgress>? progress, CancellationToken ct) =>
        new FileImport(this, _clock).RunAsync(paths, progress, ct);

    /// <summary>Receives an envelope and takes it in the background; the receipt shows how far it is.</summary>
    /// <param name="before">Ends when its dossiers may go into the line: those of the files before it stand there.</param>
    /// <returns>Id of the receipt, whose row exists; and what to wait for before the next file's dossiers go into the line.</returns>
    internal async Task<(string Receipt, Task Queued)> BeginAsync(Stream envelope, IntakeSource source, Task before, CancellationToken ct)
    {
        var (receipt, spooled) = await ReceiveAsync(envelope, source, ct);
        if (spooled is null)
        {
            return ((await _taking.RejectAsync(receipt, FilingFindings.TooLarge(_options.Limits.MaxBytes), null, ct)).Id, before);
        }

        await _taking.WriteAsync([receipt.ToTable()], ct);
        var queued = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = Task.Run(() => FinishAsync(spooled, source, receipt, before, queued), CancellationToken.None);
        return (receipt.Id, queued.Task);
    }

    private async Task FinishAsync(SpooledEnvelope spooled, IntakeSource source, ReceiptRow receipt, Task before, TaskCompletionSource queued)
    {
        await using (spooled)
        {
            try
            {
                await before;
                await _taking.RunAsync(spooled, source, receipt, isAnnounced: true, null, () => queued.TrySetResult(), CancellationToken.None);
            }
            catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException or CommitConflictException or InvalidOperationException)
            {
                Log.Interrupted(_log, receipt.Id, e);
            }
            finally
            {
                queued.TrySetResult();
            }
        }
    }

    private async Task<(ReceiptRow Receipt, SpooledEnvelope? Spooled)> ReceiveAsync(Stream envelope, IntakeSource source, CancellationToken ct)
    {
        var received = _clock.GetUtcNow();
        var spooled = await Spool.ReceiveAsync(envelope, _options.SpoolFolder, _options.Limits.MaxBytes, ct);
        var receipt = new ReceiptRow
        {
            Id = Ids.New(),
            Account = source.Account,
            Door = source.Door,
            FileName = source.FileName is { Length: > 255 } name ? name[..255] : source.FileName,
            Sha = spooled?.Sha,
            SizeBytes = spooled?.Size ?? 0,
            ReceivedUs = Instants.Us(received),
            State = ReceiptRow.Receiving,
            Owner = Owner.Current,
        };
        return (receipt, spooled);
    }
}
