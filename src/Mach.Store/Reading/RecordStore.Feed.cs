using Mach.Store.Reading;

namespace Mach.Store;

/// <summary>What the house's own projections follow.</summary>
public sealed partial class RecordStore
{
    private const string Feed = ResourceRow.SelectVersion + "WHERE v.seq>@after{sight} ORDER BY v.seq LIMIT @count";
    private const string ChangedHeads = ResourceRow.SelectHead + "WHERE r.type=@type AND r.seq>@after{sight} ORDER BY r.seq LIMIT @count";

    /// <summary>Versions after a sequence number, oldest first: dense, nothing is ever skipped.</summary>
    public async Task<IReadOnlyList<StoredResource>> FeedAsync(long afterSeq, int count, CancellationToken ct) =>
        await RowsAsync(Feed, new { after = afterSeq, count }, ct).ConfigureAwait(false);

    /// <summary>Heads of one type that were written after a sequence number, oldest change first, deleted ones too: for who keeps something derived from them. A head that changes again comes again.</summary>
    public async Task<IReadOnlyList<StoredResource>> ChangedAsync(string type, long afterSeq, int count, CancellationToken ct) =>
        await RowsAsync(ChangedHeads, new { type = TypeNumber(type), after = afterSeq, count }, ct).ConfigureAwait(false);
}
