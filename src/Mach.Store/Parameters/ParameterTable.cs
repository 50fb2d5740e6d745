using System.Data.Common;
using System.Text.Json;
using Dapper;
using Mach.Data;
using Mach.Fhir.Search;
using Mach.Store.Sealing;

namespace Mach.Store.Parameters;

/// <summary>Reads the table of added parameters, and brings it in line with the SearchParameter resources.</summary>
internal sealed class ParameterTable(Db db)
{
    /// <summary>So many can be added; their numbers are never used again.</summary>
    private const short Last = 9_999;
    private const int MaxResources = 2_000;

    private const string Columns = "SELECT p AS P, url AS Url, type AS Type, code AS Code, state AS State, cursor AS Cursor, definition AS Definition, reason AS Reason FROM param";
    private const string SelectAll = Columns + " ORDER BY p";
    private const string SelectVersion = "SELECT n FROM counter WHERE id=4";
    private const string LockVersion = "UPDATE counter SET n=n+1 WHERE id=4";
    private const string Resources = "SELECT v.codec, v.body, v.seq, v.rid, v.vno FROM res r JOIN ver v ON v.seq=r.seq WHERE r.type=@type AND r.del=0 ORDER BY r.seq LIMIT @n";
    private const string Insert = "INSERT INTO param(p, url, type, code, state, cursor, definition, reason) VALUES(@P, @Url, @Type, @Code, @State, @Cursor, @Definition, @Reason)";
    private const string SetState = "UPDATE param SET state=@state, cursor=0 WHERE p=@p";
    private const string SetCursor = "UPDATE param SET cursor=@cursor WHERE p=@p AND state=@state";
    private const string Delete = "DELETE FROM param WHERE p=@p AND state=@state";
    private const string DeleteFailures = "DELETE FROM param_failure WHERE p=@p";
    private const string SelectFailures = "SELECT f.p, r.type, r.fid, f.why FROM param_failure f JOIN res r ON r.rid=f.rid WHERE r.del=0 ORDER BY f.p, f.rid";
    private const string LastOfType = "SELECT COALESCE(MAX(seq), 0) FROM res WHERE type=@type";

    public async Task<CatalogState> LoadAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct).ConfigureAwait(false);
        // The version first: what is read after it is that or newer, and what is newer makes the next writer look again.
        var version = await connection.ExecuteScalarAsync<long>(new CommandDefinition(SelectVersion, cancellationToken: ct)).ConfigureAwait(false);
        var rows = await ReadAsync(connection, null, ct).ConfigureAwait(false);
        var ready = rows.Where(r => r.State == ParameterRow.Enabled).Select(r => r.ToParameter()).ToList();
        var building = rows.Where(r => r.State == ParameterRow.Building).Select(r => r.ToParameter()).ToList();
        return ready.Count + building.Count == 0 ? CatalogState.Standard with { Version = version } : new CatalogState(SearchCatalog.Standard.With(ready, building), version);
    }

    public async Task<List<ParameterRow>> ReadAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct).ConfigureAwait(false);
        return await ReadAsync(connection, null, ct).ConfigureAwait(false);
    }

    /// <summary>Last sequence number of the type's heads.</summary>
    public async Task<long> LastSequenceAsync(string type, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct).ConfigureAwait(false);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(LastOfType, new { type = ResourceTypes.Number(type) }, cancellationToken: ct)).ConfigureAwait(false);
    }

    /// <summary>By parameter: how many living resources its expression failed on, and the first of them with what was wrong.</summary>
    public async Task<IReadOnlyDictionary<short, (long Count, string First)>> FailuresAsync(CancellationToken ct)
    {
        var failures = new Dictionary<short, (long, string)>();
        await using var connection = await db.OpenAsync(ct).ConfigureAwait(false);
        await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition(SelectFailures, cancellationToken: ct)).ConfigureAwait(false);
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            var p = reader.GetInt16(0);
            failures[p] = failures.TryGetValue(p, out var known) ? (known.Item1 + 1, known.Item2) : (1, $"{ResourceTypes.Name(reader.GetInt16(1))}/{reader.GetString(2)}: {reader.GetString(3)}");
        }

        return failures;
    }

    /// <summary>Takes up what SearchParameter resources ask for now, and lets go what none asks for any more.</summary>
    /// <returns>False when nothing had to change.</returns>
    public async Task<bool> SyncAsync(CancellationToken ct)
    {
        await using (var connection = await db.OpenAsync(ct).ConfigureAwait(false))
        {
            var (gone, added, _) = await PlanAsync(connection, null, ct).ConfigureAwait(false);
            if (gone.Count + added.Count == 0)
            {
                return false;
            }
        }

        return await db.WriteAsync(
            async (connection, transaction) =>
            {
                // Locks out every writer, so that none can prepare rows for a set that is about to change.
                await connection.ExecuteAsync(new CommandDefinition(LockVersion, transaction: transaction, cancellationToken: ct)).ConfigureAwait(false);
                var (gone, added, number) = await PlanAsync(connection, transaction, ct).ConfigureAwait(false);
                foreach (var row in gone)
                {
                    var refused = row.State == ParameterRow.Refused;
                    await connection.ExecuteAsync(new CommandDefinition(refused ? Delete : SetState, new { p = row.P, state = refused ? row.State : ParameterRow.Dropping }, transaction, cancellationToken: ct)).ConfigureAwait(false);
                }

                foreach (var row in added)
                {
                    if (number > Last)
                    {
                        throw new InvalidOperationException("No more search parameters can be added to this store.");
                    }

                    var numbered = new { P = number++, row.Url, row.Type, row.Code, row.State, Cursor = 0L, row.Definition, row.Reason };
                    await connection.ExecuteAsync(new CommandDefinition(Insert, numbered, transaction, cancellationToken: ct)).ConfigureAwait(false);
                }

                return true;
            },
            ct).ConfigureAwait(false);
    }

    private async Task<(List<ParameterRow> Gone, List<ParameterRow> Added, int NextNumber)> PlanAsync(DbConnection connection, DbTransaction? transaction, CancellationToken ct)
    {
        var known = await ReadAsync(connection, transaction, ct).ConfigureAwait(false);
        var wanted = await WantedAsync(connection, transaction, ct).ConfigureAwait(false);
        return (
            known.FindAll(row => row.State != ParameterRow.Dropping && !wanted.Exists(w => IsSame(w, row))),
            wanted.FindAll(row => !known.Exists(k => IsSame(row, k))),
            Math.Max(SearchParameter.FirstCustom, known.Select(r => r.P + 1).DefaultIfEmpty(0).Max()));
    }

    public Task MoveAsync(ParameterRow row, long cursor, CancellationToken ct) => db.WriteAsync(
        (connection, transaction) => connection.ExecuteAsync(new CommandDefinition(SetCursor, new { p = row.P, cursor, state = row.State }, transaction, cancellationToken: ct)), ct);

    /// <summary>The walk is through: rows are complete, or gone.</summary>
    public Task FinishAsync(ParameterRow row, CancellationToken ct) => db.WriteAsync(
        async (connection, transaction) =>
        {
            await connection.ExecuteAsync(new CommandDefinition(LockVersion, transaction: transaction, cancellationToken: ct)).ConfigureAwait(false);
            if (row.State == ParameterRow.Dropping)
            {
                await connection.ExecuteAsync(new CommandDefinition(DeleteFailures, new { p = row.P }, transaction, cancellationToken: ct)).ConfigureAwait(false);
            }

            return await connection.ExecuteAsync(row.State == ParameterRow.Dropping
                ? new CommandDefinition(Delete, new { p = row.P, state = row.State }, transaction, cancellationToken: ct)
                : new CommandDefinition("UPDATE param SET state='enabled' WHERE p=@p AND state='building'", new { p = row.P }, transaction, cancellationToken: ct)).ConfigureAwait(false);
        },
        ct);

    private static bool IsSame(ParameterRow a, ParameterRow b) =>
        b.State != ParameterRow.Dropping && a.Url == b.Url && a.Type == b.Type && a.Code == b.Code && a.Definition == b.Definition && a.Reason == b.Reason;

    private static async Task<List<ParameterRow>> ReadAsync(DbConnection connection, DbTransaction? transaction, CancellationToken ct) =>
        (await connection.QueryAsync<ParameterRow>(new CommandDefinition(SelectAll, transaction: transaction, cancellationToken: ct)).ConfigureAwait(false)).AsList();

    private async Task<List<ParameterRow>> WantedAsync(DbConnection connection, DbTransaction? transaction, CancellationToken ct)
    {
        var wanted = new List<ParameterRow>();
        var parameters = new { type = ResourceTypes.Number("SearchParameter"), n = MaxResources };
        await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition(db.Sql(Resources), parameters, transaction, cancellationToken: ct)).ConfigureAwait(false);
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            using var document = JsonDocument.Parse(SealedBody.Read(db.Keys, reader, 0, reader.GetInt64(2), reader.GetInt64(3), reader.GetInt32(4)));
            var reading = CustomParameter.Read(document.RootElement);
            wanted.AddRange(reading.Parameters.Select(p => new ParameterRow { Url = reading.Url, Type = p.Type, Code = p.Code, State = ParameterRow.Building, Definition = ParameterRow.DefinitionOf(p) }));
            if (reading.Reason is { } reason)
            {
                wanted.Add(new ParameterRow { Url = reading.Url, State = ParameterRow.Refused, Reason = reason });
            }
        }

        // The first who names a code of a type has it.
        return [.. wanted.DistinctBy(w => w.State == ParameterRow.Refused ? (w.Url, w.Reason!) : (w.Type, w.Code))];
    }
}
