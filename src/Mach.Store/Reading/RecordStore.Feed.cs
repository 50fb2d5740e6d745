using Dapper;
using Mach.Store.Reading;

namespace Mach.Store;

/// <summary>What the house's own projections follow.</summary>
public sealed partial class RecordStore
{
    private const string Feed = ResourceRow.SelectVersion + "WHERE v.seq>@after{sight} ORDER BY v.seq LIMIT @count";
    private const string ChangedHeads = ResourceRow.SelectHead + "WHERE r.type=@type AND r.seq>@after{sight} ORDER BY r.seq LIMIT @count";
    private const string DelicateHeads = ResourceRow.SelectHead + "WHERE r.type=@type AND r.seq>@after AND r.lab<>0{sight} ORDER BY r.seq LIMIT @count";
    private const string LastOfAll = "SELECT n FROM counter WHERE id=2";

    /// <summary>Versions after a sequence number, oldest first: dense, nothing is ever skipped.</summary>
    public async Task<IReadOnlyList<StoredResource>> FeedAsync(long afterSeq, int count, CancellationToken ct) =>
        await RowsAsync(Feed, new { after = afterSeq, count }, ct).ConfigureAwait(false);

    /// <summary>Heads of one type that were written after a sequence number, oldest change first, deleted ones too: for who keeps something derived from them. A head that changes again comes again.</summary>
    public async Task<IReadOnlyList<StoredResource>> ChangedAsync(string type, long afterSeq, int count, CancellationToken ct) =>
        await RowsAsync(ChangedHeads, new { type = TypeNumber(type), after = afterSeq, count }, ct).ConfigureAwait(false);

    /// <summary>As <see cref="ChangedAsync"/>, of those that carry a label alone.</summary>
    public async Task<IReadOnlyList<StoredResource>> DelicateAsync(string type, long afterSeq, int count, CancellationToken ct) =>
        await RowsAsync(DelicateHeads, new { type = TypeNumber(type), after = afterSeq, count }, ct).ConfigureAwait(false);

    /// <summary>Sequence number of the newest version: all with a number up to it can be read.</summary>
    public async Task<long> LastSequenceAsync(CancellationToken ct)
    {
        await using var connection = await Db.OpenAsync(ct).ConfigureAwait(false);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(LastOfAll, cancellationToken: ct)).ConfigureAwait(false);
    }
}
