using System.Data.Common;
using Dapper;
using Mach.Data;

namespace Mach.Store.Sealing;

/// <summary>
/// Seals anew what lies under an older key, or under none: a few hundred rows a transaction, the place in the same one, so that it goes on where it was whoever stopped it,
/// and others read and write in between. What is written meanwhile has the newest key from the start.
/// </summary>
internal sealed class BodyMover(Db db, IReadOnlyList<SealedTable> tables)
{
    private const string Bodies = "ver";
    private const int Batch = 500, TableBatch = 200;
    private const string ActiveKey = "SELECT n FROM counter WHERE id=5";
    private const string LastVersion = "SELECT n FROM counter WHERE id=2";
    private const string Begin = """
        INSERT INTO data_key_move(name, n, place, number, done) VALUES(@name, @key, '', 0, 0)
        ON CONFLICT(name) DO UPDATE SET n=excluded.n, place='', number=0, done=0 WHERE data_key_move.n<excluded.n
        """;
    private const string Where = "SELECT n AS Key, place AS Place, number AS Number, done AS Done FROM data_key_move WHERE name=@name";
    private const string Move = "UPDATE data_key_move SET place=@place, number=@number, done=@done WHERE name=@name AND n=@key";
    private const string NextBodies = "SELECT seq, rid, vno, codec, body FROM ver WHERE seq>@seq ORDER BY seq LIMIT @n";

    private sealed record Position
    {
        public int Key { get; init; }
        public string Place { get; init; } = "";
        public long Number { get; init; }
        public short Done { get; init; }
    }

    /// <summary>One piece of the first table that is not finished.</summary>
    /// <returns>What is being sealed and how far it is (rows of a table are not counted beforehand); null when all lies under the newest key.</returns>
    public async Task<(string Name, long Done, long Total)?> StepAsync(CancellationToken ct)
    {
        int key;
        await using (var connection = await db.OpenAsync(ct).ConfigureAwait(false))
        {
            key = (int)await connection.ExecuteScalarAsync<long>(new CommandDefinition(ActiveKey, cancellationToken: ct)).ConfigureAwait(false);
        }

        if (key == 0)
        {
            return null;
        }

        db.Keys.Activate(key);
        foreach (var name in tables.Select(t => t.Name).Prepend(Bodies))
        {
            if (await PositionAsync(name, key, ct).ConfigureAwait(false) is { Done: 0 } at && at.Key == key)
            {
                return name == Bodies ? await MoveBodiesAsync(at, ct).ConfigureAwait(false) : await MoveRowsAsync(tables.First(t => t.Name == name), at, ct).ConfigureAwait(false);
            }
        }

        return null;
    }

    private async Task<Position?> PositionAsync(string name, int key, CancellationToken ct)
    {
        await using (var connection = await db.OpenAsync(ct).ConfigureAwait(false))
        {
            var at = await connection.QuerySingleOrDefaultAsync<Position>(new CommandDefinition(Where, new { name }, cancellationToken: ct)).ConfigureAwait(false);
            if (at is not null && at.Key >= key)
            {
                return at;
            }
        }

        return await db.WriteAsync(
            async (connection, transaction) =>
            {
                await connection.ExecuteAsync(new CommandDefinition(Begin, new { name, key }, transaction, cancellationToken: ct)).ConfigureAwait(false);
                return await connection.QuerySingleAsync<Position>(new CommandDefinition(Where, new { name }, transaction, cancellationToken: ct)).ConfigureAwait(false);
            },
            ct).ConfigureAwait(false);
    }

    private async Task<(string, long, long)?> MoveBodiesAsync(Position at, CancellationToken ct)
    {
        LongColumn seqs = new(), codecs = new();
        BytesColumn bodies = new();
        var (read, last) = (0, at.Number);
        long total;
        // Versions never change, so they are read and sealed outside of the transaction.
        await using (var connection = await db.OpenAsync(ct).ConfigureAwait(false))
        {
            total = await connection.ExecuteScalarAsync<long>(new CommandDefinition(LastVersion, cancellationToken: ct)).ConfigureAwait(false);
            await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition(NextBodies, new { seq = at.Number, n = Batch }, cancellationToken: ct)).ConfigureAwait(false);
            while (await reader.ReadAsync(ct).ConfigureAwait(false))
            {
                read++;
                last = reader.GetInt64(0);
                if (Anew(reader, at.Key) is { } sealedAnew)
                {
                    seqs.Add(last);
                    codecs.Add(sealedAnew.Codec);
                    bodies.Add(sealedAnew.Stored);
                }
            }
        }

        var update = new RowStatement(
            "UPDATE ver SET codec=?2, body=?3 WHERE seq=?1",
            "UPDATE ver v SET codec=x.codec, body=x.body FROM unnest($1,$2,$3) AS x(seq,codec,body) WHERE v.seq=x.seq",
            [seqs, codecs, bodies]);
        await using var session = await db.BeginWriteAsync(ct).ConfigureAwait(false);
        await session.ExecuteAsync([update], ct).ConfigureAwait(false);
        await AdvanceAsync(session, Bodies, at, "", last, read < Batch, ct).ConfigureAwait(false);
        return (Bodies, Math.Min(last, total), total);
    }

    private (short Codec, byte[]? Stored)? Anew(DbDataReader reader, int key)
    {
        if (reader.IsDBNull(4))
        {
            return null;
        }

        var (seq, rid, vno, codec, stored) = (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt32(2), reader.GetInt16(3), reader.GetFieldValue<byte[]>(4));
        if (!SealedBody.IsSealed(codec))
        {
            return SealedBody.Seal(db.Keys, key, codec, stored, seq, rid, vno);
        }

        if (stored.Length < Data.Sealing.KeyRing.Overhead || Data.Sealing.KeyRing.NumberOf(stored) == key)
        {
            return null;
        }

        var packed = new byte[stored.Length - Data.Sealing.KeyRing.Overhead];
        try
        {
            return SealedBody.Seal(db.Keys, key, SealedBody.Open(db.Keys, codec, stored, packed, seq, rid, vno), packed, seq, rid, vno);
        }
        catch (InvalidDataException)
        {
            // A damaged body stays as it is, for verification to find: sealing it anew would hide what happened to it.
            return null;
        }
    }

    private async Task<(string, long, long)?> MoveRowsAsync(SealedTable table, Position at, CancellationToken ct)
    {
        var select = $"SELECT {table.Key}, {table.Number}, {string.Join(", ", table.Columns)} FROM {table.Name} WHERE ({table.Key}, {table.Number})>(@place, @number) ORDER BY {table.Key}, {table.Number} LIMIT {TableBatch}";
        await using var session = await db.BeginWriteAsync(ct).ConfigureAwait(false);
        var rows = new List<(string Key, long Number, byte[]?[] Values)>(TableBatch);
        await using (var reader = await session.Connection.ExecuteReaderAsync(new CommandDefinition(select, new { place = at.Place, number = at.Number }, session.Transaction, cancellationToken: ct)).ConfigureAwait(false))
        {
            while (await reader.ReadAsync(ct).ConfigureAwait(false))
            {
                rows.Add((reader.GetString(0), reader.GetInt64(1), [.. table.Columns.Select((_, i) => reader.IsDBNull(i + 2) ? null : reader.GetFieldValue<byte[]>(i + 2))]));
            }
        }

        foreach (var (rowKey, number, values) in rows)
        {
            for (var i = 0; i < values.Length; i++)
            {
                if (values[i] is { } old && Anew(SealedTable.Place(table.Name, table.Columns[i], rowKey, number), old) is { } sealedAnew)
                {
                    var update = $"UPDATE {table.Name} SET {table.Columns[i]}=@sealedAnew WHERE {table.Key}=@rowKey AND {table.Number}=@number AND {table.Columns[i]}=@old";
                    await session.Connection.ExecuteAsync(new CommandDefinition(update, new { sealedAnew, rowKey, number, old }, session.Transaction, cancellationToken: ct)).ConfigureAwait(false);
                }
            }
        }

        var (place, last) = rows.Count > 0 ? (rows[^1].Key, rows[^1].Number) : (at.Place, at.Number);
        await AdvanceAsync(session, table.Name, at, place, last, rows.Count < TableBatch, ct).ConfigureAwait(false);
        return (table.Name, 0, 0);
    }

    private byte[]? Anew(string place, byte[] old)
    {
        try
        {
            return db.Keys.IsCurrent(old) ? null : db.Keys.Seal(place, db.Keys.Open(place, old));
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Nothing of the piece stands when the goal has moved in the meantime: the newer key begins from the start.</summary>
    private static async Task AdvanceAsync(WriteSession session, string name, Position at, string place, long number, bool isDone, CancellationToken ct)
    {
        var parameters = new { name, key = at.Key, place, number, done = isDone ? 1 : 0 };
        if (await session.Connection.ExecuteAsync(new CommandDefinition(Move, parameters, session.Transaction, cancellationToken: ct)).ConfigureAwait(false) > 0)
        {
            await session.CommitAsync(ct).ConfigureAwait(false);
        }
    }
}
