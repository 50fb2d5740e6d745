using System.Text.Json;
using Mach.Data;
using Mach.Fhir.Search;
using Mach.Store.Hashing;
using Mach.Store.Sealing;
using Mach.Store.Writing;

namespace Mach.Store.Parameters;

/// <summary>
/// Brings the index rows of stored heads in line with the parameters: piece by piece, each piece in a transaction of its own, so that it goes on
/// after a restart where it was, and others write in between. What is written meanwhile has its rows from the start.
/// </summary>
internal sealed class IndexBuilder(Db db, StoreSecret secret, TimeProvider clock, ParameterTable table)
{
    private const int Batch = 500;
    private const string OfType = "SELECT r.seq, r.type, r.fid, r.seq, v.codec, v.body, r.rid, r.vno FROM res r JOIN ver v ON v.seq=r.seq WHERE r.type=@type AND r.seq>@cursor AND r.del=0 ORDER BY r.seq LIMIT @n";
    private const string OfAll = "SELECT r.rid, r.type, r.fid, r.seq, v.codec, v.body, r.rid, r.vno FROM res r JOIN ver v ON v.seq=r.seq WHERE r.rid>@cursor AND r.del=0 ORDER BY r.rid LIMIT @n";

    private readonly GroupWriter _writer = new(db, clock);

    /// <summary>One piece of the first parameter that is not complete; false when all are.</summary>
    /// <param name="catalog">The parameters as they are now.</param>
    public async Task<bool> StepAsync(SearchCatalog catalog, CancellationToken ct)
    {
        var row = (await table.ReadAsync(ct).ConfigureAwait(false)).Find(r => r.State is ParameterRow.Building or ParameterRow.Dropping);
        if (row is null)
        {
            return false;
        }

        var next = await RewriteAsync(catalog, ResourceTypes.Number(row.Type), row.Cursor, ct).ConfigureAwait(false);
        if (next is { } cursor)
        {
            await table.MoveAsync(row, cursor, ct).ConfigureAwait(false);
        }
        else
        {
            await table.FinishAsync(row, ct).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Every head, after the rules of extraction have changed.</summary>
    public async Task RewriteAllAsync(SearchCatalog catalog, CancellationToken ct)
    {
        for (long? cursor = 0; cursor is { } at;)
        {
            cursor = await RewriteAsync(catalog, null, at, ct).ConfigureAwait(false);
        }
    }

    private async Task<long?> RewriteAsync(SearchCatalog catalog, short? type, long cursor, CancellationToken ct)
    {
        var heads = new List<(PreparedWrite Write, long Seq)>(Batch);
        await using (var connection = await db.OpenAsync(ct).ConfigureAwait(false))
        {
            await using var command = connection.CreateCommand();
            command.CommandText = db.Sql(type is null ? OfAll : OfType);
            Add(command, "cursor", cursor);
            Add(command, "n", Batch);
            if (type is { } only)
            {
                Add(command, "type", only);
            }

            await using var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
            while (await reader.ReadAsync(ct).ConfigureAwait(false))
            {
                cursor = reader.GetInt64(0);
                heads.Add((Prepare(ResourceTypes.Name(reader.GetInt16(1)), reader.GetString(2), SealedBody.Read(db.Keys, reader, 4, reader.GetInt64(3), reader.GetInt64(6), reader.GetInt32(7)), catalog), reader.GetInt64(3)));
            }
        }

        if (heads.Count > 0)
        {
            await _writer.ReindexAsync(heads, ct).ConfigureAwait(false);
        }

        return heads.Count < Batch ? null : cursor;
    }

    private PreparedWrite Prepare(string type, string id, ReadOnlyMemory<byte> body, SearchCatalog catalog)
    {
        using var document = JsonDocument.Parse(body);
        return PreparedWrite.OfStored(new Write(WriteKind.Put, type, id, body), BodyKeys.Of(document.RootElement, new IndexKeys(), secret, catalog));
    }

    private static void Add(System.Data.Common.DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
