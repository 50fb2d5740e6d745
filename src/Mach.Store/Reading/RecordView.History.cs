using System.Data.Common;
using System.Text.Json;
using Dapper;
using Mach.Store.Reading;
using Mach.Store.Search;

namespace Mach.Store;

public partial class RecordView
{
    private const string OfOne = "r.type=@type AND r.fid=@id AND v.seq>@after AND v.seq<@before";
    private const string OfAll = "v.seq>@after AND v.seq<@before";
    private const string OfSome = "r.type=@type AND r.fid {in:ids} AND v.seq>@after AND v.seq<@before";

    /// <summary>Not replaced before the time, and no deletion before it. A look-up for each row, which no planner can make a join of.</summary>
    private const string Lasting = " AND COALESCE((SELECT n.seq FROM ver n WHERE n.rid=v.rid AND n.vno=v.vno+1), @from)>=@from AND (v.op<>3 OR v.seq>=@from)";
    private const string NewestFirst = "{sight} ORDER BY v.seq DESC LIMIT @count";
    private const string ByNumbers = ResourceRow.SelectVersion + "WHERE v.seq {inlong:numbers}{sight} ORDER BY v.seq DESC";

    private const string NumbersOfType = """
        SELECT seq FROM (SELECT seq FROM res WHERE type=@type AND seq>@after AND seq<@before ORDER BY seq DESC LIMIT @count) AS heads
        UNION ALL
        SELECT seq FROM (SELECT seq FROM past WHERE type=@type AND seq>@after AND seq<@before ORDER BY seq DESC LIMIT @count) AS others
        ORDER BY seq DESC LIMIT @count
        """;

    private const string LastingOfType = $"""
        SELECT seq FROM (SELECT seq FROM res WHERE type=@type AND seq>@after AND seq<@before AND (del<>1 OR seq>=@from) ORDER BY seq DESC LIMIT @count) AS heads
        UNION ALL
        SELECT seq FROM (SELECT p.seq FROM past p JOIN ver v ON v.seq=p.seq WHERE p.type=@type AND p.seq>@after AND p.seq<@before{Lasting} ORDER BY p.seq DESC LIMIT @count) AS others
        ORDER BY seq DESC LIMIT @count
        """;

    private const string CountOfType = """
        SELECT (SELECT COUNT(*) FROM res WHERE type=@type AND seq>@after AND seq<@before) + (SELECT COUNT(*) FROM past WHERE type=@type AND seq>@after AND seq<@before)
        """;

    private const string LastNumber = "SELECT n FROM counter WHERE id=2";
    private const string CountVersions = "SELECT COUNT(*) FROM ver v JOIN res r ON r.rid=v.rid WHERE ";

    /// <summary>Newest first. type null = system, id null = type level. Only versions with a sequence number below <paramref name="beforeSeq"/> when given.</summary>
    public Task<IReadOnlyList<StoredResource>> HistoryAsync(string? type, string? id, int count, long? beforeSeq, CancellationToken ct) =>
        HistoryAsync(new HistoryQuery { Type = type, Id = id, Count = count, Before = beforeSeq }, ct);

    /// <summary>One page of a history, newest first. What is read costs what is answered, however large the rest of the store is.</summary>
    /// <exception cref="ArgumentException">No R4 type.</exception>
    /// <exception cref="Fhir.Search.SearchException">The List names more than the store will look at (too-costly).</exception>
    public async Task<IReadOnlyList<StoredResource>> HistoryAsync(HistoryQuery query, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(query);
        await using var connection = await _sight.OpenAsync(Db, ct).ConfigureAwait(false);
        var range = await RangeAsync(connection, query, ct).ConfigureAwait(false);
        var shown = new List<StoredResource>();
        for (var looked = 0; ; looked += range.count)
        {
            var (rows, last) = await PieceAsync(connection, query, range, ct).ConfigureAwait(false);
            shown.AddRange(rows.Take(query.Count - shown.Count));
            if (last is not { } before || shown.Count >= query.Count)
            {
                return Shown(shown, shown);
            }

            // What the caller may not see leaves gaps: go on below them.
            if (looked > SearchRun.MaxScanned)
            {
                throw new Fhir.Search.SearchException("too-costly", $"More than {SearchRun.MaxScanned} versions would have to be looked at; ask for one resource, or for a shorter time.");
            }

            range = range with { before = before, count = Math.Max(query.Count, 500) };
        }
    }

    /// <summary>One piece, and where the next begins: null when there is none, or nothing can have been hidden.</summary>
    private async Task<(List<StoredResource> Rows, long? Last)> PieceAsync(DbConnection connection, HistoryQuery query, HistoryRange range, CancellationToken ct)
    {
        if (query is { Type: not null, Id: null, List: null })
        {
            // Versions never change: what the first statement counts out, the second finds.
            var sql = query.IsOfTime ? LastingOfType : NumbersOfType;
            var numbers = (await connection.QueryAsync<long>(new CommandDefinition(Db.Sql(sql), range, cancellationToken: ct)).ConfigureAwait(false)).AsList();
            var rows = await RowsAsync(connection, ByNumbers, new { numbers = JsonSerializer.Serialize(numbers) }, ct).ConfigureAwait(false);
            return (rows, _sight.IsEverything || numbers.Count < range.count ? null : numbers[^1]);
        }

        var (read, last) = (0, 0L);
        var found = await RowsAsync(connection, ResourceRow.SelectVersion + "WHERE " + Where(query) + NewestFirst, range, ct, seq => (read, last) = (read + 1, seq)).ConfigureAwait(false);
        return (found, _sight.IsEverything || read < range.count ? null : last);
    }

    /// <summary>Number of versions that the pages of a history come to; null where only reading them all would tell (those of a time, of more than one resource).</summary>
    /// <exception cref="ArgumentException">No R4 type.</exception>
    public async Task<long?> CountHistoryAsync(HistoryQuery query, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(query);
        // A number would count what is hidden.
        if (!_sight.IsEverything || (query.IsOfTime && query.Id is null && query.List is null))
        {
            return null;
        }

        await using var connection = await _sight.OpenAsync(Db, ct).ConfigureAwait(false);
        var range = await RangeAsync(connection, query with { Before = null }, ct).ConfigureAwait(false);
        if (query.Type is null)
        {
            // Sequence numbers are dense.
            var last = await connection.ExecuteScalarAsync<long>(new CommandDefinition(LastNumber, cancellationToken: ct)).ConfigureAwait(false);
            return Math.Max(0, last - range.after);
        }

        var sql = query is { Id: null, List: null } ? CountOfType : CountVersions + Where(query);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(Db.Sql(sql), range, cancellationToken: ct)).ConfigureAwait(false);
    }

    private static string Where(HistoryQuery query) =>
        (query.Type is null ? OfAll : query.Id is null ? OfSome : OfOne) + (query.IsOfTime ? Lasting : "");

    private async Task<HistoryRange> RangeAsync(DbConnection connection, HistoryQuery query, CancellationToken ct)
    {
        var after = query.Since is { } since ? await ChangeRange.NumberAtAsync(Db, connection, Instants.ToMicroseconds(since), ct).ConfigureAwait(false) - 1 : 0;
        var to = query.CurrentTo is { } end ? await ChangeRange.NumberAtAsync(Db, connection, Instants.ToMicroseconds(end), ct).ConfigureAwait(false) : long.MaxValue;
        // What replaced a version at the very beginning of the time was current in all of it.
        var from = query.CurrentFrom is { } start ? await ChangeRange.NumberAtAsync(Db, connection, Instants.ToMicroseconds(start) + 1, ct).ConfigureAwait(false) : 0;
        var ids = query.List is null ? [] : await LinkedSearch.ListedAsync(new SearchRun(Db, connection, _sight, Hash, ct), query.Type!, query.List).ConfigureAwait(false);
        return new HistoryRange(query.Type is null ? (short)0 : TypeNumber(query.Type), query.Id ?? "", after, Math.Min(query.Before ?? long.MaxValue, to), from, query.Count, JsonSerializer.Serialize(ids));
    }

    /// <summary>Parameters as the statements name them.</summary>
    /// <param name="after">Sequence numbers above …</param>
    /// <param name="before">… and below.</param>
    /// <param name="from">First sequence number of the time that is asked for; 0 = of no time.</param>
#pragma warning disable IDE1006, SA1300 // Names of SQL parameters.
    private sealed record HistoryRange(short type, string id, long after, long before, long from, int count, string ids);
#pragma warning restore IDE1006, SA1300
}
