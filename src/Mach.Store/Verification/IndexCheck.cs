using System.Data.Common;
using Dapper;
using Mach.Kernel;
using Mach.Store.Writing;

namespace Mach.Store.Verification;

/// <summary>Streams the rows that the index tables really hold.</summary>
internal sealed class IndexCheck(DbConnection connection, IProgress<(string Step, long Done, long Total)>? progress)
{
    private const int ReportEvery = 100_000;
    private const string Tok = "SELECT h, pk, dt, rid FROM tok";
    private const string Ref = "SELECT tgt, p, dt, rid, pk FROM ref";
    private const string Str = "SELECT p, s, rid, pk FROM str";
    private const string Dat = "SELECT p, lo, rid, hi, pk FROM dat";
    private const string Qty = "SELECT h, v, rid, pk FROM qty";
    private const string Consent = "SELECT rid, pk, n, depth, deny, fac, who, lab, type, why, since, until, dlo, dhi FROM consent";
    private const string Tie = "SELECT rid, pk, n, kind, fac, other, at FROM tie";
    private const string UniqueWithoutHead = "SELECT u.rid FROM uniq u LEFT JOIN res r ON r.rid=u.rid WHERE r.rid IS NULL LIMIT 100";

    private long _read;

    public async Task ReadAsync(RowSink sink, CancellationToken ct)
    {
        await EachAsync(Tok, r => new IndexRow(IndexKind.Tok, r.GetInt64(3), r.GetInt64(1), r.GetInt64(0), r.GetInt64(2)), sink, ct).ConfigureAwait(false);
        await EachAsync(Ref, r => new IndexRow(IndexKind.Ref, r.GetInt64(3), r.GetInt64(4), r.GetInt64(0), r.GetInt16(1), r.GetInt64(2)), sink, ct).ConfigureAwait(false);
        await EachAsync(Str, r => new IndexRow(IndexKind.Str, r.GetInt64(2), r.GetInt64(3), r.GetInt16(0), Text: r.GetString(1)), sink, ct).ConfigureAwait(false);
        await EachAsync(Dat, r => new IndexRow(IndexKind.Dat, r.GetInt64(2), r.GetInt64(4), r.GetInt16(0), r.GetInt64(1), r.GetInt64(3)), sink, ct).ConfigureAwait(false);
        await EachAsync(Qty, r => new IndexRow(IndexKind.Qty, r.GetInt64(2), r.GetInt64(3), r.GetInt64(0), BitConverter.DoubleToInt64Bits(r.GetDouble(1))), sink, ct).ConfigureAwait(false);
        await EachAsync(Consent, r => IndexRow.Of(r.GetInt64(0), r.GetInt64(1), new ConsentRow(
            r.GetInt16(2), r.GetInt16(3), r.GetInt16(4) == 1, r.GetInt32(5), r.IsDBNull(6) ? null : r.GetString(6), r.GetInt32(7), r.GetInt16(8), r.GetInt32(9), r.GetInt64(10), r.GetInt64(11), r.GetInt64(12), r.GetInt64(13))), sink, ct).ConfigureAwait(false);
        await EachAsync(Tie, r => IndexRow.Of(r.GetInt64(0), r.GetInt64(1), new TieRow(r.GetInt16(2), (TieKinds)r.GetInt16(3), r.GetInt32(4), r.IsDBNull(5) ? null : r.GetString(5), r.GetInt64(6))), sink, ct).ConfigureAwait(false);
    }

    public async Task CheckUniqueAsync(Problems problems, CancellationToken ct)
    {
        foreach (var rid in await connection.QueryAsync<long>(new CommandDefinition(UniqueWithoutHead, cancellationToken: ct)).ConfigureAwait(false))
        {
            problems.Add($"uniq: a key is held by resource {rid}, which does not exist");
        }
    }

    private async Task EachAsync(string sql, Func<DbDataReader, IndexRow> read, RowSink sink, CancellationToken ct)
    {
        await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition(sql, commandTimeout: 0, cancellationToken: ct)).ConfigureAwait(false);
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            sink(read(reader));
            if (++_read % ReportEvery == 0)
            {
                progress?.Report(("index", _read, 0));
            }
        }
    }
}
