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
    public async Task<Receipt> TakeAsync(Stream envelope, IntakeSource source, IProgress<TakeProgress>? progress, CancellationToken ct)
    {
        var (receipt, spooled) = await ReceiveAsync(envelope, source, ct);
        if (spooled is null)
        {
            return await _taking.RejectAsync(receipt, FilingFindings.TooLarge(_options.Limits.MaxBytes), null, ct);
        }

        await using (spooled)
        {
            return await _taking.RunAsync(spooled, source, receipt, isAnnounced: false, progress, ct);
        }
    }

    /// <summary>Takes files, and the .xml files of folders, several at once. Safe to repeat.</summary>
    public Task<ImportSummary> ImportAsync(IReadOnlyList<string> paths, IProgress<ImportProgress>? progress, CancellationToken ct) =>
        new FileImport(this, _clock).RunAsync(paths, progress, ct);

    /// <summary>Receives an envelope and takes it in the background; the receipt shows how far it is.</summary>
    /// <returns>Id of the receipt, whose row exists.</returns>
    internal async Task<string> BeginAsync(Stream envelope, IntakeSource source, CancellationToken ct)
    {
        var (receipt, spooled) = await ReceiveAsync(envelope, source, ct);
        if (spooled is null)
        {
            return (await _taking.RejectAsync(receipt, FilingFindings.TooLarge(_options.Limits.MaxBytes), null, ct)).Id;
        }

        await _taking.WriteAsync([receipt.ToTable()], ct);
        _ = Task.Run(() => FinishAsync(spooled, source, receipt), CancellationToken.None);
        return receipt.Id;
    }

    private async Task FinishAsync(SpooledEnvelope spooled, IntakeSource source, ReceiptRow receipt)
    {
        await using (spooled)
        {
            try
            {
                await _taking.RunAsync(spooled, source, receipt, isAnnounced: true, null, CancellationToken.None);
            }
            catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException or CommitConflictException or InvalidOperationException)
            {
                Log.Interrupted(_log, receipt.Id, e);
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
