using Dapper;
using Mach.Data;
using Mach.Intake.Keeping;
using Mach.Store;
using Microsoft.Extensions.Hosting;

namespace Mach.Intake.Taking;

/// <summary>At start: envelopes that a process no longer alive was taking are shown as interrupted. What it had committed stays; sending them again completes them.</summary>
internal sealed class InterruptedReceipts(RecordStore store) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        List<ReceiptRow> open;
        await using (var connection = await store.Db.OpenAsync(cancellationToken))
        {
            open = [.. await connection.QueryAsync<ReceiptRow>(new CommandDefinition(ReceiptRow.Select + " WHERE state = 'receiving'", cancellationToken: cancellationToken))];
        }

        foreach (var receipt in open.Where(r => !Owner.MayLive(r.Owner)))
        {
            await MarkAsync(store.Db, receipt.Id, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Marks one receipt as interrupted, counting what of it is in the record.</summary>
    public static Task MarkAsync(Db db, string receipt, CancellationToken ct) =>
        db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(Mark, new { receipt }, transaction, cancellationToken: ct)), ct);

    private const string Mark = """
        UPDATE int_receipt SET state = 'interrupted',
          made = (SELECT COUNT(*) FROM int_line WHERE receipt = @receipt AND result = 'new'),
          changed = (SELECT COUNT(*) FROM int_line WHERE receipt = @receipt AND result = 'updated'),
          unchanged = (SELECT COUNT(*) FROM int_line WHERE receipt = @receipt AND result = 'unchanged'),
          refused = (SELECT COUNT(*) FROM int_line WHERE receipt = @receipt AND result = 'refused')
        WHERE id = @receipt AND state = 'receiving'
        """;
}
