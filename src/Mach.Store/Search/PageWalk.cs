using System.Text.Json;
using Mach.Data;
using Mach.Fhir.Search;
using Mach.Store.Reading;

namespace Mach.Store.Search;

/// <summary>
/// What keeps the pages of one search apart while others write: no resource comes twice, in whatever version, and none that stays as it was is left out.
/// A keyset alone would show a resource again that moves forward in the order between two pages.
/// </summary>
/// <param name="size">Of a page.</param>
/// <param name="since">Sequence number of the log when the first page was read; null on the first page.</param>
/// <param name="isBehind">Whether a version, with its keys, stands at or before the end of the page before; null on the first page.</param>
internal sealed class PageWalk(SearchLine line, SearchQuery query, int size, long? since, Func<ResourceRow, IndexKeys, bool>? isBehind, CancellationToken ct)
{
    private const string LastSequence = "SELECT n FROM counter WHERE id=2";
    private const string Earlier = $"SELECT {ResourceRow.Columns}, v.pk FROM ver v JOIN res r ON r.rid=v.rid JOIN commit_log c ON c.tx=v.tx WHERE v.rid=@rid AND v.vno<@version ORDER BY v.vno DESC";

    private readonly IndexKeys _keys = new();

    /// <summary>Known from the first page on when there can be a second.</summary>
    public long? Since { get; private set; } = since;

    /// <summary>Called between the first look into the lists and the first look at bodies: what changes from here on has a greater number, and its place is checked against its body.</summary>
    public async Task BeginAsync(int places)
    {
        if (Since is null && places > size)
        {
            Since = await SequenceAsync(line, ct).ConfigureAwait(false);
        }
    }

    /// <summary>Sequence number of the last version in the log.</summary>
    public static Task<long> SequenceAsync(SearchLine line, CancellationToken ct) =>
        line.AskAsync(new BriefStatement(line.Db.Sql(LastSequence)), static async reader => await reader.ReadAsync().ConfigureAwait(false) ? reader.GetInt64(0) : 0, ct);

    /// <summary>Whether an earlier page may have shown the resource: one of the versions that it had since the first page was a match at a place that has been passed.</summary>
    /// <remarks>It may be that such a version was gone before its page was read. Then the resource is left out: it changed, and once too few is told by the next search, once too many by none.</remarks>
    public async Task<bool> WasShownAsync(ResourceRow head)
    {
        if (isBehind is null || head.Resource.Version == 1 || head.Resource.Seq <= Since)
        {
            return false;
        }

        await using var command = line.Connection.CreateCommand();
        command.CommandText = line.Db.Sql(Earlier);
        command.With("rid", head.Rid).With("version", head.Resource.Version);
        await using var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            var row = ResourceRow.Read(reader, line.Db.Keys);
            if (!row.Resource.IsDeleted && IsMatchBehind(row with { Pk = reader.GetInt64(reader.FieldCount - 1) }))
            {
                return true;
            }

            if (row.Resource.Seq <= Since)
            {
                break;
            }
        }

        return false;
    }

    private bool IsMatchBehind(ResourceRow row)
    {
        using var document = JsonDocument.Parse(row.Resource.Body);
        if (!SearchMatcher.Matches(document.RootElement, query, Instants.ToMicroseconds(row.Resource.LastUpdated)))
        {
            return false;
        }

        IndexExtractor.Extract(document.RootElement, _keys, query.Catalog);
        return isBehind!(row with { Date = _keys.Date }, _keys);
    }
}
