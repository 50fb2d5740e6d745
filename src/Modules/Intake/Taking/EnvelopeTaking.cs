using System.Collections.Concurrent;
using Mach.Data;
using Mach.Intake.Filing;
using Mach.Intake.Keeping;
using Mach.Kernel;
using Mach.Store;
using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Taking;

/// <summary>Takes one received envelope: looks it over, sends its dossiers down the line, and answers when each of them is durable.</summary>
internal sealed class EnvelopeTaking(Db db, FilingLine line, ByteBudget budget, EnvelopeLimits limits, TimeProvider clock)
{
    /// <summary>Dossiers of one envelope that may be under way at once.</summary>
    private const int MostUnderWay = 256;
    private const int LinesPerWrite = 64;

    /// <summary>Receipts that were interrupted while the database took nothing.</summary>
    private readonly ConcurrentQueue<string> _unmarked = new();

    /// <param name="receipt">The receipt so far; its row need not exist.</param>
    /// <param name="isAnnounced">The row exists already: somebody watches it.</param>
    /// <param name="queued">Called when all its dossiers stand in the line: what is taken from then on comes after them. Not called when it fails before.</param>
    /// <exception cref="StoreUnavailableException">Nothing is acknowledged; what was committed stays.</exception>
    public async Task<Receipt> RunAsync(SpooledEnvelope envelope, IntakeSource source, ReceiptRow receipt, bool isAnnounced, IProgress<TakeProgress>? progress, Action? queued, CancellationToken ct)
    {
        await MarkLeftAsync();
        EnvelopeScan scan;
        try
        {
            scan = EnvelopeReader.Scan(envelope.Content, limits, ct);
        }
        catch (DossierException e)
        {
            return await RejectAsync(receipt, e.Finding, envelope, ct);
        }

        receipt = receipt with
        {
            Facility = scan.FacilityCode.Length > 200 ? scan.FacilityCode[..200] : scan.FacilityCode,
            Dossiers = scan.Dossiers.Count,
            Findings = FindingList.Pack(scan.Findings),
            State = ReceiptRow.Receiving,
        };
        var gaps = Skeleton.Gaps(scan.Dossiers, envelope.Size).ToList();
        var alone = scan.Dossiers.Count == 1 && !isAnnounced && gaps.Sum(g => g.Length) <= Skeleton.PieceBytes;
        List<TableRows> skeleton = [];
        if (alone)
        {
            // The only dossier takes its receipt along in its own commit: one durable write instead of three.
            skeleton.AddRange(Skeleton.Pieces(db.Keys, receipt.Id, envelope.Content, gaps));
        }

        var tally = new Tally(progress, scan.Dossiers.Count);
        try
        {
            if (!alone)
            {
                await WriteAsync([receipt.ToTable()], ct);
                await KeepAsync(Skeleton.Pieces(db.Keys, receipt.Id, envelope.Content, gaps), ct);
            }

            await FileAllAsync(envelope, scan, source, receipt, alone ? result => [Finished(receipt, tally.With(result)).ToTable(), .. skeleton] : null, tally, queued, ct);
            if (!alone || tally.Lines.Count > 0)
            {
                // Every dossier has its result by now: a sender who has gone away does not leave the receipt open.
                await WriteAsync([Finished(receipt, tally).ToTable(), .. skeleton, .. tally.TakeLines(db.Keys)], CancellationToken.None);
            }
        }
        catch (Exception) when (!alone)
        {
            await InterruptAsync(receipt.Id);
            throw;
        }

        return tally.ToReceipt(receipt.Id);
    }

    /// <summary>Keeps an envelope that cannot be taken, whole, so that it can be opened and replaced; the record does not change.</summary>
    public async Task<Receipt> RejectAsync(ReceiptRow receipt, Finding finding, SpooledEnvelope? envelope, CancellationToken ct)
    {
        if (envelope is not null)
        {
            await KeepAsync(Skeleton.Pieces(db.Keys, receipt.Id, envelope.Content, Skeleton.Gaps([], envelope.Size)), ct);
        }

        await WriteAsync([(receipt with { State = ReceiptRow.Rejected, FinishedUs = Instants.Us(clock.GetUtcNow()), Findings = FindingList.Pack([finding]) }).ToTable()], ct);
        return new Receipt { Id = receipt.Id, Rejection = finding };
    }

    private async Task FileAllAsync(
        SpooledEnvelope envelope, EnvelopeScan scan, IntakeSource source, ReceiptRow receipt, Func<DossierResult, IReadOnlyList<TableRows>>? along, Tally tally, Action? queued, CancellationToken ct)
    {
        var underWay = new Queue<Task<Filed>>();
        try
        {
            for (var i = 0; i < scan.Dossiers.Count; i++)
            {
                var (offset, length) = scan.Dossiers[i];
                while (underWay.Count >= MostUnderWay || (underWay.TryPeek(out var first) && first.IsCompleted))
                {
                    await NoteAsync(await underWay.Dequeue(), tally, ct);
                }

                await budget.AcquireAsync(length);
                underWay.Enqueue(FileAsync(envelope, new PendingDossier
                {
                    ReceiptId = receipt.Id,
                    Source = source,
                    ReceivedAt = Instants.At(receipt.ReceivedUs),
                    EnvelopeFacility = scan.FacilityCode,
                    Position = i + 1,
                    StartAt = offset,
                    Bytes = Read(envelope.Content, offset, length),
                    Along = along,
                }, ct));
            }

            queued?.Invoke();
            while (underWay.TryDequeue(out var next))
            {
                await NoteAsync(await next, tally, ct);
            }
        }
        finally
        {
            // An earlier failure ends this envelope, but only when nothing of it moves any more.
            await Task.WhenAll(underWay.Select(t => t.ContinueWith(static _ => { }, TaskScheduler.Default)));
        }
    }

    private async Task<Filed> FileAsync(SpooledEnvelope envelope, PendingDossier item, CancellationToken ct)
    {
        try
        {
            await line.EnqueueAsync(item, ct);
            return await item.Done;
        }
        finally
        {
            budget.Release(item.Bytes.Length);
        }
    }

    private async Task NoteAsync(Filed filed, Tally tally, CancellationToken ct)
    {
        tally.Add(filed);
        if (tally.Lines.Count >= LinesPerWrite)
        {
            await WriteAsync([.. tally.TakeLines(db.Keys)], ct);
        }
    }

    private ReceiptRow Finished(ReceiptRow receipt, Tally tally) => receipt with
    {
        State = ReceiptRow.Done,
        FinishedUs = Instants.Us(clock.GetUtcNow()),
        Made = tally.New,
        Changed = tally.Updated,
        Unchanged = tally.Unchanged,
        Refused = tally.Refused,
    };

    private static byte[] Read(Stream content, long offset, int length)
    {
        var bytes = new byte[length];
        content.Position = offset;
        content.ReadExactly(bytes);
        return bytes;
    }

    private async Task KeepAsync(IEnumerable<TableRows> pieces, CancellationToken ct)
    {
        foreach (var some in pieces.Chunk(8))
        {
            await WriteAsync(some, ct);
        }
    }

    /// <summary>One transaction of rows that belong to no commit of the record.</summary>
    public async Task WriteAsync(IReadOnlyList<TableRows> tables, CancellationToken ct)
    {
        try
        {
            await db.WriteAsync(
                async (connection, transaction) =>
                {
                    foreach (var rows in tables)
                    {
                        await db.InsertAsync(connection, transaction, rows, ct);
                    }

                    return 0;
                },
                ct);
        }
        catch (Exception e) when (Db.IsUnavailable(e))
        {
            throw new StoreUnavailableException("The database does not take the receipt.", e);
        }
    }

    private async Task MarkLeftAsync()
    {
        for (var count = _unmarked.Count; count > 0 && _unmarked.TryDequeue(out var left); count--)
        {
            await InterruptAsync(left);
        }
    }

    private async Task InterruptAsync(string receipt)
    {
        try
        {
            await InterruptedReceipts.MarkAsync(db, receipt, CancellationToken.None);
        }
        catch (Exception e) when (Db.IsUnavailable(e))
        {
            // The database is full or gone: it is marked with the next envelope, or at the next start.
            _unmarked.Enqueue(receipt);
        }
    }
}
